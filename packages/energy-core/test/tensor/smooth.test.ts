import { createRng } from "@basin/energy-core/random";
import {
  applyModel,
  normalTensor,
  tensorExp,
  tensorLogSumExp,
  tensorTanh,
  useWasm,
} from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { tensorSigmoid, tensorSilu } from "../../src/tensor/smooth.ts";

beforeAll(() => useWasm());

/** Derivatives in closed form, in doubles. */
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const FUNCTIONS = {
  exp: { ours: tensorExp, first: Math.exp, second: Math.exp },
  sigmoid: {
    ours: tensorSigmoid,
    first: (x: number) => logistic(x) * logistic(-x),
    second: (x: number) => logistic(x) * logistic(-x) * (1 - 2 * logistic(x)),
  },
  tanh: {
    ours: tensorTanh,
    first: (x: number) => 1 / Math.cosh(x) ** 2,
    second: (x: number) => (-2 * Math.tanh(x)) / Math.cosh(x) ** 2,
  },
  silu: {
    ours: tensorSilu,
    first: (x: number) => logistic(x) + x * logistic(x) * logistic(-x),
    second: (x: number) => logistic(x) * logistic(-x) * (2 + x * (1 - 2 * logistic(x))),
  },
} as const;

describe("smooth functions", () => {
  const points = [-3, -1.2, -0.1, 0, 0.4, 1, 2.7];

  it.each(Object.entries(FUNCTIONS))(
    "%s has its first and second derivatives",
    (_, { ours, first, second }) => {
      const gradient = tf.grad((x: tf.Tensor) => ours(x).sum());
      const x = tf.tensor1d(points);
      const once = gradient(x).dataSync();
      const twice = tf
        .grad((y: tf.Tensor) => gradient(y).sum())(x)
        .dataSync();
      for (const [i, at] of points.entries()) {
        expect(Math.abs(once[i] - first(at))).toBeLessThan(1e-5 * (1 + Math.abs(first(at))));
        expect(Math.abs(twice[i] - second(at))).toBeLessThan(1e-5 * (1 + Math.abs(second(at))));
      }
    },
  );

  it("silu″ is right where tfjs's own is not", () => {
    const curvature = (f: (x: tf.Tensor) => tf.Tensor) => {
      const slope = tf.grad((x: tf.Tensor) => f(x).sum());
      return tf
        .grad((x: tf.Tensor) => slope(x).sum())(tf.tensor1d([0.7, -0.3]))
        .dataSync();
    };
    for (const [i, value] of curvature(tensorSilu).entries())
      expect(value).toBeCloseTo(FUNCTIONS.silu.second([0.7, -0.3][i]), 4);
    const stock = curvature((x) => x.mul(tf.sigmoid(x)));
    expect(Math.abs(stock[0] - 0.3912)).toBeGreaterThan(0.01);
  });

  it("logSumExp has softmax as gradient and its covariance as Hessian", () => {
    const x = [0.3, -1, 2];
    const total = x.reduce((sum, value) => sum + Math.exp(value), 0);
    const p = x.map((value) => Math.exp(value) / total);
    const gradient = tf.grad((y: tf.Tensor) => tensorLogSumExp(y, 1).sum());
    const rows = x.map((_, i) =>
      tf
        .grad((y: tf.Tensor) => gradient(y).slice([0, i], [1, 1]).sum())(tf.tensor2d([x]))
        .dataSync(),
    );
    const once = gradient(tf.tensor2d([x])).dataSync();
    for (const [i, pi] of p.entries()) {
      expect(once[i]).toBeCloseTo(pi, 5);
      for (const [j, pj] of p.entries()) expect(rows[i][j]).toBeCloseTo((i === j ? pi : 0) - pi * pj, 5);
    }
    expect(tensorLogSumExp(tf.tensor1d([1000, 1000])).dataSync()[0]).toBeCloseTo(1000 + Math.log(2), 3);
  });
});

describe("applyModel", () => {
  const dense = (units: number, seed: number, options: object = {}) =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed }), ...options });

  it.each(["swish", "tanh", "sigmoid", "relu", "softplus", "linear"] as const)(
    "gives what the model gives, with %s units",
    (activation) => {
      const inner = tf.sequential({ layers: [dense(5, 2, { activation, inputShape: [7] })] });
      const model = tf.sequential({
        layers: [
          dense(7, 1, { inputShape: [4], useBias: false }),
          tf.layers.activation({ activation }),
          inner,
        ],
      });
      const x = normalTensor(createRng(1), [6, 4]);
      const expected = (model.apply(x) as tf.Tensor).dataSync();
      const before = tf.memory().numTensors;
      const result = applyModel(model, x);
      expect(tf.memory().numTensors).toBe(before + 1);
      for (const [i, value] of result.dataSync().entries()) expect(value).toBeCloseTo(expected[i], 5);
      expect(Object.keys(model.layers[0])).not.toContain("call");
    },
  );

  it("has right second derivatives where the model's own are wrong", () => {
    const model = tf.sequential({
      layers: [dense(6, 3, { inputShape: [1], activation: "swish" }), dense(1, 4)],
    });
    const slope = (x: tf.Tensor) => tf.grad((y: tf.Tensor) => applyModel(model, y).sum())(x);
    const curvature = tf
      .grad((x: tf.Tensor) => slope(x).sum())(tf.tensor2d([[0.4]]))
      .dataSync()[0];
    const at = (x: number) => slope(tf.tensor2d([[x]])).dataSync()[0];
    expect(curvature).toBeCloseTo((at(0.45) - at(0.35)) / 0.1, 2);
  });

  it("takes the input gradient of a convolutional model on the wasm backend, which lacks a filter gradient", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [5, 6, 2],
          filters: 3,
          kernelSize: 3,
          strides: 2,
          padding: "same",
          activation: "tanh",
          kernelInitializer: tf.initializers.glorotNormal({ seed: 5 }),
        }),
        tf.layers.flatten(),
        dense(1, 6),
      ],
    });
    const x = normalTensor(createRng(2), [1, 5, 6, 2]);
    const gradient = tf
      .grad((y: tf.Tensor) => applyModel(model, y).sum())(x)
      .dataSync();
    const values = x.dataSync();
    const value = (at: number, step: number) => {
      const moved = Float32Array.from(values);
      moved[at] += step;
      return applyModel(model, tf.tensor(moved, x.shape)).dataSync()[0];
    };
    for (let i = 0; i < values.length; i += 7) {
      expect(gradient[i]).toBeCloseTo((value(i, 0.02) - value(i, -0.02)) / 0.04, 3);
    }
  });
});
