import { createRng } from "@basin/energy-core/random";
import { applyModel, normalTensor, uninstallFastWasmKernels, useWasm } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALIASES, APART, LAYERS, type LayerCase } from "./layer-table.ts";

beforeAll(() => useWasm());
afterAll(() => tf.setBackend("wasm"));

type Values = Float32Array;
const values = (tensor: tf.Tensor): Values => tensor.dataSync().slice() as Values;

/** A model of a case's layers on the current backend, its weights drawn from a seed. */
function modelOf({ input, layers }: LayerCase): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [...input] }), ...layers()] });
  const rng = createRng(5);
  model.setWeights(
    model.weights.map(({ shape, name }) => {
      const drawn = normalTensor(rng, shape as number[]).mul(0.5);
      return name.includes("variance") ? drawn.square().add(0.5) : drawn;
    }),
  );
  return model;
}

/** Σ y·sin(index), so that every output counts with a weight of its own. */
function weighed(y: tf.Tensor): tf.Tensor {
  return y.mul(tf.sin(tf.range(1, y.size + 1)).reshape(y.shape)).sum();
}

type Apply = (model: tf.LayersModel, x: tf.Tensor) => tf.Tensor;
const plainly: Apply = (model, x) => model.apply(x) as tf.Tensor;

/** Gradients with respect to the input and every trainable weight. */
function gradients(model: tf.LayersModel, x: tf.Tensor, apply: Apply): Values[] {
  return tf.tidy(() => {
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const input = tf.grad((z: tf.Tensor) => weighed(apply(model, z)))(x);
    if (variables.length === 0) return [values(input)];
    const { grads } = tf.variableGrads(() => weighed(apply(model, x)) as tf.Scalar, variables);
    return [values(input), ...variables.map(({ name }) => values(grads[name]))];
  });
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** The largest difference of two arrays, relative to the largest of their entries. */
function distance(a: Values, b: Values): number {
  expect(a.length).toBe(b.length);
  expect(b.every(Number.isFinite)).toBe(true);
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / scale;
}

/** Compares a gradient in the input with differences of the values, along random directions. */
function expectSlopes(model: tf.LayersModel, x: tf.Tensor, gradient: Values): void {
  const rng = createRng(8);
  const step = 1e-3;
  const at = (shift: tf.Tensor) =>
    tf.tidy(() => (weighed(model.predict(x.add(shift)) as tf.Tensor).dataSync() as Values)[0]);
  for (let k = 0; k < 4; k++) {
    const way = normalTensor(rng, x.shape);
    const slope = (at(way.mul(step)) - at(way.mul(-step))) / (2 * step);
    const directions = values(way);
    const expected = gradient.reduce((sum, g, i) => sum + g * directions[i], 0);
    const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    expect(Math.abs(slope - expected)).toBeLessThan(0.03 * norm + 1e-3);
  }
}

async function agrees(found: LayerCase): Promise<void> {
  const drawn = values(normalTensor(createRng(6), [2, ...found.input]));
  await tf.setBackend("cpu");
  const shape = [2, ...found.input];
  const x = tf.tensor(drawn, shape);
  const slow = modelOf(found);
  const expected = values(plainly(slow, x));
  const reference = found.wrongOnCpu ? undefined : attempt(() => gradients(slow, x, plainly));
  await tf.setBackend("wasm");
  const y = tf.tensor(drawn, shape);
  const fast = modelOf(found);
  const applied = values(applyModel(fast, y));
  for (const result of [values(plainly(fast, y)), applied])
    expect(distance(expected, result)).toBeLessThan(1e-4);
  // Without a tape, tfjs fuses a layer with its activation.
  expect(distance(expected, values(fast.predict(y) as tf.Tensor))).toBeLessThan(1e-4);
  const own = gradients(fast, y, applyModel);
  if (reference === undefined) expectSlopes(fast, y, own[0]);
  else {
    const plain = gradients(fast, y, plainly);
    for (const [k, values] of reference.entries()) {
      expect(distance(values, own[k])).toBeLessThan(1e-4);
      expect(distance(values, plain[k])).toBeLessThan(1e-4);
    }
  }
}

describe("every layer of tfjs on the wasm backend", () => {
  it("is in the table, or apart from it for a reason", () => {
    const known = new Set([...Object.keys(LAYERS), ...Object.keys(APART)]);
    expect(Object.keys(tf.layers).filter((name) => !known.has(name) && !ALIASES.test(name))).toEqual([]);
  });

  // tfjs's own kernels take the statistics of the last axis there, on the cpu backend too.
  it("normalizes batches along the axis that a layer names", () => {
    const shape = [2, 3, 4];
    const model = modelOf({
      input: [3, 4],
      layers: () => [tf.layers.batchNormalization({ axis: 1, inputShape: [3, 4] })],
    });
    const [gamma, beta, mean, variance] = model.getWeights().map(values);
    const x = values(normalTensor(createRng(6), shape));
    const expected = x.map((value, i) => {
      const k = Math.floor(i / 4) % 3;
      return ((value - mean[k]) / Math.sqrt(variance[k] + 1e-3)) * gamma[k] + beta[k];
    });
    expect(distance(expected, values(applyModel(model, tf.tensor(x, shape))))).toBeLessThan(1e-6);
  });

  const cases = Object.values(LAYERS).flatMap((found) => Object.entries(found));
  it.each(cases)("gives the values and gradients of the cpu backend: %s", (_, found) => agrees(found));
});

describe("the wasm backend that an app has chosen itself", () => {
  const pooling: LayerCase = {
    input: [4, 4, 1],
    layers: () => [tf.layers.maxPooling2d({ poolSize: 2, inputShape: [4, 4, 1] })],
  };

  it("has the right gradient of a maximum pool over negative numbers once a model is applied", async () => {
    uninstallFastWasmKernels();
    const model = modelOf(pooling);
    const x = tf.tensor(
      Float32Array.from({ length: 16 }, (_, i) => -1 - i / 16),
      [1, 4, 4, 1],
    );
    const slope = () => values(tf.grad((z: tf.Tensor) => plainly(model, z).sum())(x));
    const right = Float32Array.from({ length: 16 }, (_, i) => ([0, 2, 8, 10].includes(i) ? 1 : 0));
    expect(slope()).not.toEqual(right);
    applyModel(model, x);
    expect(slope()).toEqual(right);
    await useWasm();
    expect(slope()).toEqual(right);
    uninstallFastWasmKernels();
    expect(slope()).not.toEqual(right);
    await useWasm();
  });
});
