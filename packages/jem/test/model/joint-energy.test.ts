import { createRng } from "@basin/energy-core/random";
import { inputGradients, useWasm } from "@basin/energy-core/tensor";
import {
  accuracy,
  attack,
  energyNet,
  featuresOf,
  generate,
  jointEnergy,
  type LabeledData,
  scores,
  train,
} from "@basin/jem";
import { DivergenceError } from "@basin/samplers/learn";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());

const dense = (units: number, seed: number, options: object = {}) =>
  tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed }), ...options });

function network(last: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({ layers: [dense(16, 1, { inputShape: [2], activation: "swish" }), ...last] });
}

/** Two well separated clusters in [0, 1]². */
function clusters(count: number, seed: number): LabeledData {
  const rng = createRng(seed);
  const inputs = new Float32Array(2 * count);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % 2;
    for (let axis = 0; axis < 2; axis++) inputs[2 * i + axis] = 0.3 + 0.4 * labels[i] + 0.05 * rng.normal();
  }
  return { inputs, labels };
}

describe("jointEnergy", () => {
  const x = tf.tensor2d([
    [0.1, 0.9],
    [0.4, -2],
    [3, 1],
  ]);

  it("reads E(x, y), E(x) and p(y|x) off the logits", () => {
    const net = network([dense(3, 2)]);
    const model = jointEnergy(net);
    const logits = (net.predict(x) as tf.Tensor).arraySync() as number[][];
    const joint = model.joint.can.batch.energies(x).arraySync() as number[][];
    const marginal = model.can.batch.energies(x).arraySync() as number[];
    const conditional = model.conditional(x).arraySync();
    for (const [n, f] of logits.entries()) {
      const sum = f.reduce((total, value) => total + Math.exp(value), 0);
      expect(marginal[n]).toBeCloseTo(-Math.log(sum), 5);
      for (const [y, value] of f.entries()) {
        expect(joint[n][y]).toBeCloseTo(-value, 5);
        expect(conditional[n][y]).toBeCloseTo(Math.exp(value) / sum, 5);
      }
    }
    expect(model.ofClass(1).can.batch.energies(x).arraySync()).toEqual(joint.map((row) => row[1]));
    expect(() => model.ofClass(3)).toThrow(/label is 3, expected an integer from 0 to 2/);
  });

  it("reads a final softmax up to its input, where E(x) would else be 0", () => {
    const plain = network([dense(3, 2)]);
    const models = [
      network([dense(3, 2, { activation: "softmax" })]),
      network([dense(3, 2), tf.layers.softmax()]),
      network([dense(3, 2), tf.layers.activation({ activation: "softmax" })]),
    ];
    const expected = jointEnergy(plain).can.batch.energies(x).arraySync() as number[];
    for (const model of models) {
      model.setWeights(plain.getWeights());
      const energies = jointEnergy(model).can.batch.energies(x).arraySync() as number[];
      for (const [n, value] of expected.entries()) expect(energies[n]).toBeCloseTo(value, 5);
    }
  });

  it("has input gradients, through a softmax model too", () => {
    const model = jointEnergy(network([dense(3, 2, { activation: "softmax" })]));
    const at = (a: number, b: number) => model.can.batch.energies(tf.tensor2d([[a, b]])).dataSync()[0];
    const { gradients } = inputGradients(model, tf.tensor2d([[0.3, 0.7]]));
    const [da, db] = gradients.dataSync();
    expect(da).toBeCloseTo((at(0.31, 0.7) - at(0.29, 0.7)) / 0.02, 3);
    expect(db).toBeCloseTo((at(0.3, 0.71) - at(0.3, 0.69)) / 0.02, 3);
  });

  it("refuses classifiers that it would misread", () => {
    expect(() => jointEnergy(network([dense(3, 2, { activation: "sigmoid" })]))).toThrow(
      /ends in the sigmoid of layer .*"exclusive"/,
    );
    expect(() => jointEnergy(network([dense(4, 2), tf.layers.reshape({ targetShape: [2, 2] })]))).toThrow(
      /expected \[batch, labels\]/,
    );
    expect(() => jointEnergy(network([dense(3, 2)])).can.batch.energies(tf.zeros([2, 3]))).toThrow(
      /expected \[batch, 2\]/,
    );
  });
});

describe("jointEnergy of what it could misread", () => {
  const nested = (last: object) => tf.sequential({ layers: [dense(3, 2, { inputShape: [16], ...last })] });

  it("takes the same without the squeeze, and says what a bare function lacks", () => {
    const layers = [nested({}), tf.layers.dropout({ rate: 0.1 })];
    expect(jointEnergy(network(layers)).labels).toBe(3);
    expect(() => jointEnergy(((x: tf.Tensor) => x) as never)).toThrow(
      /is a function, expected .* \{ shape, labels, logits \}/,
    );
  });

  it.each([{ activation: "softmax" }, {}])("keeps no tensors behind: %j", (options) => {
    for (const head of "activation" in options
      ? (["logits"] as const)
      : (["logits", "centered+scalar"] as const)) {
      const model = jointEnergy(network([dense(3, 2, options)]), { head });
      const x = tf.tensor2d([[0.1, 0.9]]);
      model.logits(x).dispose();
      const before = tf.memory().numTensors;
      model.logits(x).dispose();
      model.can.batch.energies(x).dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});

describe("inputs", () => {
  const model = jointEnergy(network([dense(2, 2)]));

  it("are bytes of a canvas too, and doubles, but no arrays that could mean either", () => {
    const bytes = [255, 128];
    const [expected] = scores(model, Uint8Array.from(bytes));
    expect(scores(model, Uint8ClampedArray.from(bytes))[0]).toBe(expected);
    expect(scores(model, Float64Array.of(1, 128 / 255))[0]).toBe(expected);
    expect(() => scores(model, [1, 0.5] as never)).toThrow(/inputs is an array of length 2, expected bytes/);
    expect(() => scores(model, Uint16Array.of(1, 2) as never)).toThrow(/inputs is a Uint16Array/);
  });

  it("are attacked within the box that they lie in, under labels that there are", async () => {
    const outside = Float32Array.of(0.5, 1.5);
    await expect(attack(model, outside, [0], { seed: 0 })).rejects.toThrow(
      /input 0 holds 1.5 at 1, expected .* the box \[0, 1\]/,
    );
    const { inputs } = await attack(model, outside, [0], { box: [-2, 2], radius: 0.1, seed: 0 });
    for (const [i, x] of outside.entries()) expect(Math.abs(inputs[i] - x)).toBeCloseTo(0.1, 4);
    await expect(attack(model, Float32Array.of(0.5, 0.5), [2], { seed: 0 })).rejects.toThrow(/label 0 is 2/);
    await expect(attack(model, new Float32Array(), [], { seed: 0 })).rejects.toThrow(/no inputs/);
  });

  it("are begun in the sampler's box", async () => {
    const still = (low: number, high: number) =>
      tensorSgld({ steps: 1, stepSize: 1e-9, noiseScale: 0, box: [low, high] });
    const drawn = await generate(model, { count: 200, sampler: still(-3, -1), seed: 0 });
    expect(Math.min(...drawn)).toBeLessThan(-2.9);
    expect(Math.max(...drawn)).toBeGreaterThan(-1.1);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(-1);
    const begun = await generate(model, {
      start: Float32Array.of(0.1, 0.2, 0.3, 0.4),
      sampler: still(0, 1),
      seed: 0,
    });
    for (const [i, value] of [0.1, 0.2, 0.3, 0.4].entries()) expect(begun[i]).toBeCloseTo(value, 5);
    expect(begun).toHaveLength(4);
  });
});

describe("an energy net", () => {
  const net = () =>
    tf.sequential({ layers: [dense(8, 1, { inputShape: [2], activation: "swish" }), dense(1, 2)] });

  it("is trained by the compiled kernel and on threads like a classifier, to the bit", async () => {
    const data = { inputs: clusters(128, 1).inputs, labels: new Uint8Array(128) };
    const runs = [];
    for (const workers of [1, 2]) {
      const model = energyNet(net());
      const sampler = tensorSgld({ steps: 5, stepSize: 0.005, temperature: 1, box: [0, 1] });
      const report = await train(model, data, {
        steps: 20,
        bufferSize: 50,
        batchSize: 32,
        sampler,
        workers,
        seed: 3,
      });
      expect(report.engine).toBe("dense");
      runs.push([report.last.dataEnergy, [...model.variables[0].dataSync()]]);
    }
    expect(runs[1]).toEqual(runs[0]);
  });

  it("has one class to draw from and to be attacked in", async () => {
    const model = energyNet(net());
    expect(await generate(model, { labels: [0, 0], seed: 1 })).toHaveLength(4);
    expect((await attack(model, Float32Array.of(0.5, 0.5), [0], { seed: 0 })).robustAccuracy).toBe(1);
    expect(featuresOf(model, clusters(10, 1).inputs).shape[0]).toBe(10);
  });
});

describe("train", () => {
  it("refuses what it would not do: statistics of batches, and margins without outliers", async () => {
    const normalized = jointEnergy(network([tf.layers.batchNormalization(), dense(2, 2)]));
    await expect(train(normalized, clusters(64, 1), { seed: 0 })).rejects.toThrow(
      /trainable BatchNormalization/,
    );
    const frozen = jointEnergy(network([tf.layers.batchNormalization({ trainable: false }), dense(2, 2)]));
    const sampler = tensorSgld({ steps: 1, stepSize: 0.005, temperature: 1, box: [0, 1] });
    expect((await train(frozen, clusters(64, 1), { steps: 2, sampler, bufferSize: 50, seed: 0 })).steps).toBe(
      2,
    );
    const plain = jointEnergy(network([dense(2, 2)]));
    await expect(train(plain, clusters(64, 1), { margins: [-3, -1], seed: 0 })).rejects.toThrow(
      /without outliers/,
    );
    const outliers = Float32Array.of(0.5, Number.NaN);
    await expect(train(plain, clusters(64, 1), { outliers, seed: 0 })).rejects.toThrow(
      /outlier 0 holds NaN at 1/,
    );
    await expect(
      train(plain, clusters(64, 1), { outliers: Float32Array.of(0, 0), margins: [Number.NaN, 0], seed: 0 }),
    ).rejects.toThrow(/margins\[0\] is NaN/);
  });

  const sampler = tensorSgld({ steps: 10, stepSize: 0.005, temperature: 1, box: [0, 1] });

  it("learns to classify and to give data less energy than elsewhere, the same for the same seed", async () => {
    const data = clusters(512, 1);
    const runs = [];
    for (let repeat = 0; repeat < 2; repeat++) {
      const model = jointEnergy(network([dense(2, 2)]));
      const before = tf.memory().numTensors;
      const report = await train(model, data, {
        steps: 150,
        learningRate: 0.02,
        sampler,
        bufferSize: 200,
        seed: 4,
        marginalWeight: 1,
      });
      expect(tf.memory().numTensors).toBe(before);
      const test = clusters(400, 2);
      expect(accuracy(model, test.inputs as Float32Array, test.labels)).toBe(1);
      const inside = mean(scores(model, test.inputs));
      const outside = mean(scores(model, Float32Array.of(0.05, 0.95, 0.95, 0.05, 0.9, 0.1)));
      expect(outside - inside).toBeGreaterThan(0.5);
      runs.push(report.last.crossEntropy);
    }
    expect(runs[0]).toBe(runs[1]);
  });

  it("says at which step it diverged and what to change", async () => {
    const model = jointEnergy(network([dense(2, 2)]));
    const failing = train(model, clusters(128, 1), {
      steps: 200,
      learningRate: 1e6,
      sampler,
      bufferSize: 50,
      seed: 0,
    });
    await expect(failing).rejects.toThrow(DivergenceError);
    await expect(failing).rejects.toThrow(/diverged at update \d+.*lower learningRate \(1000000\)/);
  });

  it("checks the data before it starts", async () => {
    const model = jointEnergy(network([dense(2, 2)]));
    const good = clusters(128, 1);
    const labels = Uint8Array.from(good.labels);
    labels[7] = 2;
    await expect(train(model, { ...good, labels }, { seed: 0 })).rejects.toThrow(
      /label 7 is 2, expected an integer from 0 to 1/,
    );
    const inputs = Float32Array.from(good.inputs);
    inputs[9] = Number.NaN;
    await expect(train(model, { ...good, inputs }, { seed: 0 })).rejects.toThrow(/input 4 holds NaN at 1/);
    await expect(train(model, clusters(10, 1), { seed: 0 })).rejects.toThrow(
      /expected at least a batch of 64/,
    );
    await expect(train(model, { inputs: new Float32Array(3), labels: [0] }, { seed: 0 })).rejects.toThrow(
      /length 3, expected 2/,
    );
  });

  it("stops when told to, with averaged parameters in place", async () => {
    const weights = (model: ReturnType<typeof jointEnergy>) => model.variables.map((v) => [...v.dataSync()]);
    const data = clusters(128, 1);
    const options = { sampler, seed: 7, schedule: "constant" } as const;
    const stopped = jointEnergy(network([dense(2, 2)]));
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 5) controller.abort();
    };
    const stopping = train(stopped, data, { ...options, onProgress, signal: controller.signal });
    await expect(stopping).rejects.toThrow(/abort/i);
    const ended = jointEnergy(network([dense(2, 2)]));
    await train(ended, data, { ...options, steps: 5 });
    expect(weights(stopped)).toEqual(weights(ended));
    const last = jointEnergy(network([dense(2, 2)]));
    await train(last, data, { ...options, steps: 5, averageDecay: 0 });
    expect(weights(stopped)).not.toEqual(weights(last));
  });
});

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
