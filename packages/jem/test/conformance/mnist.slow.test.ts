import { fashionMnist, mnist, thin } from "@basin/datasets";
import { detector, outlierMetrics } from "@basin/energy-core";
import { createRng, permutation } from "@basin/energy-core/random";
import { useWasm } from "@basin/energy-core/tensor";
import { classify, generate, jointEnergy, probabilities, scores, train } from "@basin/jem";
import { fitScore } from "@basin/jem/outliers";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());

const { train: digits, test } = mnist();
const data = { inputs: digits.images, labels: digits.labels };
const sampler = tensorSgld({ steps: 20, stepSize: 1, noiseScale: 0.01, box: [0, 1], maxGradient: 0.05 });

function network(seed: number): tf.Sequential {
  const dense = (units: number, layer: number, options: object = {}) =>
    tf.layers.dense({
      units,
      kernelInitializer: tf.initializers.glorotNormal({ seed: 16 * seed + layer }),
      ...options,
    });
  return tf.sequential({
    layers: [
      dense(256, 1, { inputShape: [784], activation: "swish" }),
      dense(256, 2, { activation: "swish" }),
      dense(10, 3),
    ],
  });
}

describe("joint training on MNIST, short", () => {
  it("classifies, tells clothes from digits, draws digits, and keeps the share of fresh digits it promises", async () => {
    const model = jointEnergy(network(1));
    const report = await train(model, data, {
      steps: 1200,
      workers: 2,
      sampler,
      classConditional: true,
      marginalWeight: 0.1,
      learningRate: 7e-4,
      finalRate: 0.02,
      maxGradientNorm: 5,
      inputNoise: 0.1,
      sampleNoise: 0.1,
      averageDecay: 0.99,
      seed: 1,
    });
    expect(report.engine).toBe("dense");
    expect(report.backOffs).toEqual([]);
    const p = probabilities(model, test.images);
    const hits = test.labels.filter(
      (label, i) => p[10 * i + label] === Math.max(...p.subarray(10 * i, 10 * i + 10)),
    );
    expect(hits.length / test.count).toBeGreaterThan(0.94);
    const clothes = thin(fashionMnist(), 2000).images;
    const inside = scores(model, test.images);
    const auroc = outlierMetrics(inside, scores(model, clothes), { seed: 1 }).auroc;
    const features = (data: Uint8Array) => ({ features: { data, shape: [data.length / 784, 784] } });
    const pca = fitScore("residual", features(thin(digits, 5000).images));
    const baseline = outlierMetrics(pca.score(features(test.images)), pca.score(features(clothes)), {
      seed: 1,
    }).auroc;
    expect(auroc).toBeGreaterThan(baseline - 0.02);

    // A random half of the test digits sets the threshold, the rest is fresh.
    const order = permutation(createRng(2), test.count);
    const part = (from: number, to: number) => Float32Array.from(order.subarray(from, to), (i) => inside[i]);
    const { isOutlier } = detector(part(0, 5000), { keep: 0.95 });
    const kept = part(5000, 10_000).filter((energy) => !isOutlier(energy)).length / 5000;
    // Threshold and share each have a binomial error over 5000 digits; 3.29 of it is the 99.9 % interval.
    expect(Math.abs(kept - 0.95)).toBeLessThan(3.29 * Math.sqrt((2 * 0.95 * 0.05) / 5000));

    const judge = jointEnergy(network(7));
    await train(judge, data, { steps: 1500, marginalWeight: 0, workers: 2, inputNoise: 0.1, seed: 7 });
    const labels = Int32Array.from({ length: 200 }, (_, k) => k % 10);
    const samples = await generate(model, {
      labels,
      sampler: tensorSgld({ ...sampler.settings, steps: 300 }),
      seed: 3,
    });
    const found = classify(judge, samples);
    expect(found.filter((label, k) => label === labels[k]).length / 200).toBeGreaterThan(0.8);
  });
});
