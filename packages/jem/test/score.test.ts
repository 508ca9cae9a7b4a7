import { createRng } from "@basin/energy-core/random";
import { memoryCheckpoint } from "@basin/energy-core/run";
import { completeBatch, useWasm } from "@basin/energy-core/tensor";
import {
  accuracy,
  attack,
  calibration,
  classGaussianDraws,
  featuresOf,
  fitTemperature,
  frechetDistance,
  generate,
  jointEnergy,
  logitsOf,
  type NormName,
  scores,
} from "@basin/jem";
import { energyScore, fitScore, maxLogitScore, maxSoftmaxScore } from "@basin/jem/outliers";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());

const normals = (count: number, seed: number, mean = 0, scale = 1): Float64Array => {
  const rng = createRng(seed);
  return Float64Array.from({ length: count }, () => mean + scale * rng.normal());
};

/** f = (w · x, −w · x). */
function linear(w: number[]) {
  const net = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [w.length], units: 2, useBias: false })],
  });
  net.setWeights([tf.tensor2d(w.map((value) => [value, -value]))]);
  return jointEnergy(net);
}

describe("fitTemperature", () => {
  it("finds the factor that certain logits were multiplied by", () => {
    const rng = createRng(1);
    const logits: number[] = [];
    const labels: number[] = [];
    for (let i = 0; i < 4000; i++) {
      const f = [rng.normal(), rng.normal(), rng.normal()];
      const sum = f.reduce((total, value) => total + Math.exp(value), 0);
      const u = rng.uniform() * sum;
      labels.push(u < Math.exp(f[0]) ? 0 : u < Math.exp(f[0]) + Math.exp(f[1]) ? 1 : 2);
      logits.push(...f.map((value) => 3 * value));
    }
    // The information about β is about the variance of f under p, some 0.5 a draw: 4.89 standard errors are near 0.11.
    expect(Math.abs(3 / fitTemperature(logits, labels, 3) - 1)).toBeLessThan(0.12);
    expect(() => fitTemperature([1, 2], [2], 2)).toThrow(/label 0 is 2/);
    expect(() => fitTemperature([1, Number.NaN], [0], 2)).toThrow(/logit 1 is NaN/);
  });
});

describe("the adaptive calibration error", () => {
  it("has bins of equal count", () => {
    // Two bins of two: confidences 0.6, 0.7 (one right) and 0.8, 0.9 (both right).
    const p = [0.6, 0.4, 0.7, 0.3, 0.8, 0.2, 0.9, 0.1];
    const { adaptiveCalibrationError } = calibration(p, [0, 1, 0, 0], 2, { bins: 2 });
    expect(adaptiveCalibrationError).toBeCloseTo((Math.abs(1 - 1.3) + Math.abs(2 - 1.7)) / 4, 12);
  });
});

describe("frechetDistance", () => {
  it("has the closed form of normal distributions along one axis, and is none to itself", () => {
    const a = normals(20_000, 1, 0, 1);
    const b = normals(20_000, 2, 3, 2);
    // (μ₁ − μ₂)² + (σ₁ − σ₂)² by the delta method: means vary by σ²/n, standard deviations by σ²/2n.
    const standardError = Math.sqrt((6 ** 2 * (1 + 4)) / 20_000 + (2 ** 2 * (1 + 4)) / 40_000);
    expect(Math.abs(frechetDistance(a, b, 1) - (9 + 1))).toBeLessThan(4.89 * standardError);
    const rows = normals(500 * 6, 3);
    expect(frechetDistance(rows, rows, 6)).toBeLessThan(1e-9);
  });

  it("does not depend on the axes that features are written in", () => {
    const [a, b] = [normals(400 * 2, 4), normals(400 * 2, 5).map((x, i) => (i % 2 ? 3 * x : x + 1))];
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turn = (rows: Float64Array) =>
      rows.map((_, i) => (i % 2 ? s * rows[i - 1] + c * rows[i] : c * rows[i] - s * rows[i + 1]));
    expect(frechetDistance(turn(a), turn(b), 2)).toBeCloseTo(frechetDistance(a, b, 2), 8);
    expect(() => frechetDistance([1, 2], [1, 2, 3], 2)).toThrow(/two rows of 2/);
  });
});

describe("scores", () => {
  it("gives the length of the energy's gradient as the approximate mass", () => {
    // E = −log 2 cosh(w·x): ‖∇E‖ = |tanh(w·x)| ‖w‖.
    const [found] = scores(linear([3, 4]), Float32Array.of(0.1, 0.2), "approximate-mass");
    expect(found).toBeCloseTo(5 * Math.tanh(1.1), 5);
  });

  it("count hits only where there is one label an input", () => {
    const model = linear([1]);
    expect(accuracy(model, Float32Array.of(2, -2), [0, 1])).toBe(1);
    expect(() => accuracy(model, Float32Array.of(2), [0, 1, 1])).toThrow(/labels has length 3, expected 1/);
    expect(() => accuracy(model, new Float32Array(), [])).toThrow(/no inputs/);
  });

  it("are those of the logits by @basin/jem/outliers", () => {
    const model = linear([0.5, -2]);
    const inputs = Float32Array.from(normals(40, 3));
    const logits = { data: logitsOf(model, inputs), shape: [20, 2] };
    expect(scores(model, inputs, "max-softmax")).toEqual(maxSoftmaxScore(logits));
    expect(scores(model, inputs, "max-logit")).toEqual(maxLogitScore(logits));
    for (const [i, energy] of energyScore(logits).entries())
      expect(scores(model, inputs)[i]).toBeCloseTo(energy, 5);
  });
});

describe("featuresOf", () => {
  it("gives what goes into the last layer, and distances to the k-th nearest by hand", () => {
    const net = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [2], units: 2, useBias: false, kernelInitializer: "identity" }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const model = jointEnergy(net);
    const features = featuresOf(model, Float32Array.of(1, 0, 0, 2, -3, 0));
    expect(Array.from(features.data)).toEqual([1, 0, 0, 2, -3, 0]);
    const query = { features: featuresOf(model, Float32Array.of(5, 0)) };
    for (const [k, distance] of [0, Math.SQRT2, 2].entries())
      expect(fitScore("neighbors", { features }, { k: k + 1 }).score(query)[0]).toBeCloseTo(distance, 6);
    const single = jointEnergy(tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 2 })] }));
    expect(() => featuresOf(single, Float32Array.of(1, 2))).toThrow(/at least two tf.layers/);
  });
});

describe("attack", () => {
  // A linear classifier is robust exactly where the margin |w·x| is above ε times the dual norm of w.
  const w = [0.5, -1, 0.25, 2];
  const inputs = Float32Array.from(normals(200 * 4, 7, 0, 0.5));
  const margins = Array.from({ length: 200 }, (_, i) =>
    w.reduce((sum, value, k) => sum + value * inputs[4 * i + k], 0),
  );
  const labels = margins.map((margin) => (margin > 0 ? 0 : 1));
  it.each([
    ["linf", 0.2, 0.2 * 3.75],
    ["l2", 0.4, 0.4 * Math.sqrt(5.3125)],
  ] as [NormName, number, number][])(
    "finds what is to be found in the ball of %s",
    async (norm, radius, reach) => {
      const box = [-10, 10] as const;
      const report = await attack(linear(w), inputs, labels, {
        norm,
        radius,
        steps: 40,
        restarts: 2,
        box,
        seed: 1,
      });
      const robust = margins.filter((margin) => Math.abs(margin) > reach).length / 200;
      expect(report.accuracy).toBe(1);
      // The last step of the ascent ends on the worst point to rounding.
      expect(Math.abs(report.robustAccuracy - robust)).toBeLessThan(0.006);
      for (let i = 0; i < 200; i++) {
        const offset = [0, 1, 2, 3].map((k) => report.inputs[4 * i + k] - inputs[4 * i + k]);
        const size = norm === "linf" ? Math.max(...offset.map(Math.abs)) : Math.hypot(...offset);
        expect(size).toBeLessThanOrEqual(radius * 1.0001);
      }
    },
  );

  it("keeps to the box and refuses what it does not know", async () => {
    const report = await attack(linear([1, 1]), Float32Array.of(0.05, 0.02), [1], { radius: 0.3, seed: 0 });
    expect(Math.min(...report.inputs)).toBeGreaterThanOrEqual(0);
    await expect(
      attack(linear([1, 1]), Float32Array.of(1, 2), [0], { norm: "l1" as NormName, seed: 0 }),
    ).rejects.toThrow(/l2.*linf/);
    await expect(attack(linear([1, 1]), Float32Array.of(1, 2), [0, 1], { seed: 0 })).rejects.toThrow(
      /1 rows with a 1 in each/,
    );
  });
});

describe("generate", () => {
  it("descends the energy of the class asked for, the same for the same seed, on either engine", async () => {
    const model = linear([2, -1]);
    const sampler = tensorSgld({ steps: 30, stepSize: 0.1, noiseScale: 0.01, box: [0, 1] });
    const draw = (seed: number, own = sampler) => generate(model, { labels: [0, 1, 0], sampler: own, seed });
    const short = tensorSgld({ steps: 2, stepSize: 0.01, noiseScale: 0.01, box: [0, 1] });
    expect(await draw(4, short)).toEqual(await draw(4, short));
    expect(await draw(4, short)).not.toEqual(await draw(5, short));
    // E(x, 0) = −2a + b: the corner (1, 0); of class 1, the corner (0, 1).
    for (const found of [
      await draw(4),
      await generate({ ...model, classifier: undefined }, { labels: [0, 1, 0], sampler, seed: 0 }),
    ]) {
      for (const [k, corner] of [1, 0, 0, 1, 1, 0].entries())
        expect(Math.abs(found[k] - corner)).toBeLessThan(0.06);
    }
  });

  it("completes what is not known, and leaves what is, on the compiled kernel and on tfjs", async () => {
    const sampler = tensorSgld({ steps: 30, stepSize: 0.1, noiseScale: 0.01, box: [0, 1] });
    const start = tf.tensor2d([0.4, 0.5, 0.3, 0.5], [2, 2]);
    const known = tf.tensor1d([1, 0]);
    const model = linear([2, -1]);
    expect(model.ofClass(0).can).toHaveProperty("drawHeld");
    for (const own of [sampler, { ...sampler, settings: undefined }]) {
      const { states, certificate } = await completeBatch(model.ofClass([0, 1]), start, {
        known,
        sampler: own,
        seed: 1,
      });
      const found = states.dataSync();
      expect([found[0], found[2], certificate]).toEqual([...[0.4, 0.3].map(Math.fround), "drawn"]);
      expect(found[1]).toBeLessThan(0.06);
      expect(found[3]).toBeGreaterThan(0.94);
    }
    const options = { known, sampler, seed: 1 };
    const each = await completeBatch(model.ofClass([1, 1]), start, options);
    const one = await completeBatch(model.ofClass(1), start, options);
    expect([...one.states.dataSync()]).toEqual([...each.states.dataSync()]);
    await expect(completeBatch(model.ofClass([0, 1, 0]), start, { known, sampler, seed: 1 })).rejects.toThrow(
      /labels has length 3, expected 2/,
    );
  });

  it("can be stopped between batches, and goes on to the same samples", async () => {
    const model = linear([2, -1]);
    const sampler = tensorSgld({ steps: 3, stepSize: 0.01, noiseScale: 0.01, box: [0, 1] });
    const options = { count: 350, sampler, seed: 6 };
    const whole = await generate(model, options);
    const controller = new AbortController();
    const seen: number[] = [];
    const kept = { ...options, checkpoint: memoryCheckpoint(), checkpointEvery: 0 };
    const stopped = generate(model, {
      ...kept,
      signal: controller.signal,
      onProgress: ({ done }) => done === 2 && controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(done / total);
    expect(await generate(model, { ...kept, onProgress })).toEqual(whole);
    expect(seen).toEqual([0.75, 1]);
    const other = generate(linear([2, 1]), kept);
    await expect(other).rejects.toThrow("the checkpoint is of another run: its model is");
  });

  it("refuses labels and starts that do not fit", async () => {
    const model = linear([2, -1]);
    await expect(generate(model, { labels: [0, 2], seed: 0 })).rejects.toThrow(/label 1 is 2/);
    await expect(generate(model, { seed: 0 })).rejects.toThrow(/count is 0/);
    await expect(generate(model, { count: 3, labels: [0], seed: 0 })).rejects.toThrow(
      /labels has length 1, expected 3/,
    );
    await expect(generate(model, { count: 3, start: new Float32Array(4), seed: 0 })).rejects.toThrow(
      /expected 3 rows of 2/,
    );
  });
});

describe("classGaussianDraws", () => {
  it("refuse a label that there is no class for", () => {
    const data = { inputs: Float32Array.of(0.1, 0.2), labels: [0, 2] };
    expect(() => classGaussianDraws(data, 1, 2, 1, createRng(1))).toThrow(/label 1 is 2/);
  });

  it("have each class's mean and covariance", () => {
    const rng = createRng(3);
    const labels = Array.from({ length: 4000 }, (_, i) => i % 2);
    const inputs = Float32Array.from({ length: 8000 }, () => 0);
    for (const [i, label] of labels.entries()) {
      const z = rng.normal();
      inputs[2 * i] = 0.3 + 0.3 * label + 0.05 * z;
      inputs[2 * i + 1] = 0.5 + (label ? -0.05 : 0.05) * z;
    }
    const draws = classGaussianDraws({ inputs, labels }, 2, 2, 3000, createRng(4));
    for (const label of [0, 1]) {
      const rows = Array.from({ length: 3000 }, (_, k) => [
        ...draws.subarray((label * 3000 + k) * 2).slice(0, 2),
      ]);
      const mean = [0, 1].map((axis) => rows.reduce((sum, row) => sum + row[axis], 0) / 3000);
      const product = rows.reduce((sum, [a, b]) => sum + (a - mean[0]) * (b - mean[1]), 0) / 2999;
      // Fitted to 2000 inputs and drawn 3000 times: standard errors 0.05/√1200, and √2 · 0.05²/√1200.
      expect(Math.abs(mean[0] - 0.3 - 0.3 * label)).toBeLessThan(4.89 * 0.05 * Math.sqrt(1 / 1200));
      expect(Math.abs(product - (label ? -0.0025 : 0.0025))).toBeLessThan(
        4.89 * 0.0025 * Math.sqrt(2 / 1200),
      );
    }
  });
});
