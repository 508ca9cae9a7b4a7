import { createRng } from "@basin/energy-core/random";
import { normalTensor, useWasm } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());
afterAll(() => tf.setBackend("wasm"));

type Image = tf.Tensor4D;
const IMAGE = [2, 7, 6, 3];

/** Differentiable operations of ordinary nets, by shape of what they are differentiated in. */
const OPERATIONS: Record<string, [(x: tf.Tensor) => tf.Tensor, number[]]> = {
  maxPool: [(x) => tf.maxPool(x as Image, [3, 2], 2, "same"), IMAGE],
  "maxPool, valid": [(x) => tf.maxPool(x as Image, 2, 2, "valid"), IMAGE],
  // The cpu backend is wrong for oblong windows.
  maxPool3d: [(x) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, "same"), [2, 5, 4, 3, 2]],
  avgPool3d: [(x) => tf.avgPool3d(x as tf.Tensor5D, [2, 3, 2], 2, "same"), [2, 5, 4, 3, 2]],
  avgPool: [(x) => tf.avgPool(x as Image, [3, 2], 2, "same"), IMAGE],
  "global average": [(x) => x.mean([1, 2]), IMAGE],
  // The cpu backend's own gradient is wrong for oblong images, and of the nearest neighbor for more than one image.
  resizeBilinear: [(x) => tf.image.resizeBilinear(x as Image, [11, 4]), [2, 6, 6, 3]],
  resizeNearestNeighbor: [(x) => tf.image.resizeNearestNeighbor(x as Image, [12, 12]), [1, 6, 6, 3]],
  localResponseNormalization: [(x) => tf.localResponseNormalization(x as Image, 2), IMAGE],
  separableConv2d: [
    (x) => tf.separableConv2d(x as Image, tf.ones([3, 3, 3, 2]), tf.ones([1, 1, 6, 4]), 1, "same"),
    IMAGE,
  ],
  conv1d: [(x) => tf.conv1d(x as tf.Tensor3D, tf.ones([3, 4, 2]), 2, "same"), [2, 9, 4]],
  conv3d: [(x) => tf.conv3d(x as tf.Tensor5D, tf.ones([2, 2, 2, 2, 3]), 1, "same"), [1, 4, 4, 4, 2]],
  batchNorm: [
    (x) =>
      tf.batchNorm(
        x as Image,
        x.mean([0, 1, 2]) as tf.Tensor1D,
        x.square().mean([0, 1, 2]) as tf.Tensor1D,
        tf.ones([3]),
        tf.ones([3]),
        1e-3,
      ),
    IMAGE,
  ],
  pad: [
    (x) =>
      tf.pad(x, [
        [1, 0],
        [0, 2],
      ]),
    [4, 5],
  ],
  mirrorPad: [(x) => tf.concat([x.reverse(1), x], 1), [4, 5]],
  elu: [(x) => tf.elu(x), [4, 5]],
  selu: [(x) => tf.selu(x), [4, 5]],
  relu: [(x) => tf.relu(x), [4, 5]],
  relu6: [(x) => tf.relu6(x.mul(6)), [4, 5]],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.2), [4, 5]],
  prelu: [(x) => tf.prelu(x, tf.fill([5], 0.3)), [4, 5]],
  softplus: [(x) => tf.softplus(x), [4, 5]],
  softmax: [(x) => tf.softmax(x), [4, 5]],
  logSoftmax: [(x) => tf.logSoftmax(x), [4, 5]],
  logSumExp: [(x) => tf.logSumExp(x, 1), [4, 5]],
  erf: [(x) => tf.erf(x), [4, 5]],
  max: [(x) => x.max(1), [4, 5]],
  norm: [(x) => x.norm("euclidean", 1), [4, 5]],
  prod: [(x) => x.prod(1), [4, 5]],
  cumsum: [(x) => x.cumsum(1), [4, 5]],
  "gather, batched matrices, tile": [
    (x) => tf.matMul(tf.tile(x, [2, 1, 1]), tf.gather(x, [1, 0, 1, 0]), false, true),
    [2, 3, 4],
  ],
  "slice and transpose": [(x) => tf.transpose(tf.slice(x, [0, 1, 0], [1, 2, 3]), [2, 0, 1]), [2, 3, 4]],
  "conv3d, strides": [
    (x) => tf.conv3d(x as tf.Tensor5D, tf.ones([3, 2, 2, 2, 3]), 2, "same"),
    [2, 5, 4, 3, 2],
  ],
};

describe("gradients on the wasm backend", () => {
  it.each(Object.entries(OPERATIONS))("of %s equal the cpu backend's", async (_, [f, shape]) => {
    const values = normalTensor(createRng(9), shape).dataSync() as Float32Array;
    const outcome: Float32Array[] = [];
    for (const backend of ["wasm", "cpu"]) {
      await tf.setBackend(backend);
      const gradient = tf.tidy(() => {
        const x = tf.tensor(values, shape);
        const weights = tf.sin(tf.range(1, f(x).size + 1)).reshape(f(x).shape);
        return tf
          .grad((y: tf.Tensor) => f(y).mul(weights).sum())(x)
          .dataSync()
          .slice() as Float32Array;
      });
      outcome.push(gradient);
    }
    const [fast, slow] = outcome;
    const scale = slow.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(scale).toBeGreaterThan(0);
    for (const [i, value] of fast.entries()) expect(Math.abs(value - slow[i])).toBeLessThan(1e-4 * scale);
  });
});
