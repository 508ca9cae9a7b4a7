import { retrievalLayer } from "@basin/hopfield/tensor";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);

/** softmax(β q kᵀ) v, written out. */
function attention(q: number[][], k: number[][], v: number[][], beta: number): number[][] {
  return q.map((query) => {
    const weights = k.map((key) => Math.exp(beta * key.reduce((s, x, i) => s + x * query[i], 0)));
    const total = weights.reduce((a, b) => a + b, 0);
    return v[0].map((_, c) => weights.reduce((s, w, m) => s + (w / total) * v[m][c], 0));
  });
}

function expectClose(actual: number[][], truth: number[][]): void {
  for (const [r, values] of truth.entries()) {
    for (const [c, value] of values.entries()) expect(actual[r][c]).toBeCloseTo(value, 4);
  }
}

describe("retrievalLayer", () => {
  afterAll(() => tf.disposeVariables());

  it("is softmax attention in one step, over given patterns and in association", () => {
    const patterns = normal([7, 4], 1).arraySync() as number[][];
    const queries = normal([3, 4], 2).arraySync() as number[][];
    const layer = retrievalLayer({ patterns, sharpness: 0.8 });
    const out = layer.apply(tf.tensor2d(queries)) as tf.Tensor2D;
    expectClose(out.arraySync(), attention(queries, patterns, patterns, 0.8));
    expect(layer.trainableWeights.length).toBe(0);
    const associate = retrievalLayer();
    const [answer] = (
      associate.apply([tf.tensor3d([queries]), tf.tensor3d([patterns])]) as tf.Tensor3D
    ).arraySync();
    expectClose(answer, attention(queries, patterns, patterns, 0.5));
  });

  it("iterates to the fixed point that is a stored pattern", () => {
    const patterns = [
      [1, 0, 0],
      [0, 1, 0],
    ];
    const layer = retrievalLayer({ patterns, sharpness: 6, steps: 5 });
    expectClose((layer.apply(tf.tensor2d([[0.6, 0.3, 0.2]])) as tf.Tensor2D).arraySync(), [
      [0.9975, 0.0025, 0],
    ]);
  });

  it("pools a set into trained states, in any order", () => {
    const layer = retrievalLayer({ pool: 2 });
    const set = normal([1, 5, 3], 3);
    const pooled = layer.apply(set) as tf.Tensor3D;
    expect(pooled.shape).toEqual([1, 2, 3]);
    const turned = layer.apply(tf.reverse(set, 1)) as tf.Tensor3D;
    expectClose(turned.arraySync()[0], pooled.arraySync()[0]);
  });

  it("learns: a memory trained as a classifier's only layer but the last", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.inputLayer({ inputShape: [2] }),
        retrievalLayer({ stored: 6, sharpness: 2 }),
        tf.layers.dense({
          units: 2,
          activation: "softmax",
          kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
        }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.05), loss: "categoricalCrossentropy" });
    // Exclusive or: a linear layer alone cannot get below ln 2.
    const x = tf.tensor2d([
      [1, 1],
      [1, -1],
      [-1, 1],
      [-1, -1],
    ]);
    const y = tf.tensor2d([
      [1, 0],
      [0, 1],
      [0, 1],
      [1, 0],
    ]);
    const { history } = await model.fit(x, y, { epochs: 300, verbose: 0, shuffle: false });
    const losses = history.loss as number[];
    expect(losses[losses.length - 1]).toBeLessThan(0.4);
    expect(losses[0]).toBeGreaterThan(0.5);
  });

  it("projects queries and keys when asked to, with gradients to every weight", () => {
    const layer = retrievalLayer({ stored: 5, projection: 3 });
    const x = normal([4, 6], 5);
    layer.apply(x);
    expect(layer.trainableWeights.map(({ shape }) => shape)).toEqual([
      [5, 6],
      [6, 3],
      [6, 3],
    ]);
    const loss = () => tf.sum(tf.square(layer.apply(x) as tf.Tensor)) as tf.Scalar;
    const { grads } = tf.variableGrads(loss);
    for (const [k, weight] of layer.trainableWeights.entries()) {
      const kept = weight.read().clone();
      const direction = normal(kept.shape, 20 + k);
      const at = (step: number) => {
        weight.write(kept.add(direction.mul(step)));
        return loss().arraySync();
      };
      const slope = (at(0.01) - at(-0.01)) / 0.02;
      weight.write(kept);
      const found = grads[weight.name].mul(direction).sum().arraySync() as number;
      expect(Math.abs(found - slope), weight.name).toBeLessThan(0.01 * Math.abs(slope));
    }
  });

  it("is saved and loaded with its patterns", async () => {
    const patterns = [
      [1, 2],
      [-1, 0.5],
    ];
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [2] }), retrievalLayer({ patterns, sharpness: 1.5 })],
    });
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const again = await tf.loadLayersModel(tf.io.fromMemory(saved as tf.io.ModelArtifacts));
    const x = normal([3, 2], 6);
    expectClose((again.predict(x) as tf.Tensor2D).arraySync(), (model.predict(x) as tf.Tensor2D).arraySync());
    expect(again.trainableWeights.length).toBe(0);
  });

  it.each([
    [() => retrievalLayer({ patterns: [[1]], pool: 1 }), /exclude each other/],
    [() => retrievalLayer({ sharpness: 0 }), /sharpness is 0/],
    [() => retrievalLayer({ stored: 0 }), /stored is 0/],
    [() => retrievalLayer({ projection: 2, steps: 2 }), /only one step/],
    [() => retrievalLayer({ patterns: [[1, 2]] }).apply(tf.ones([1, 3])), /patterns have 2 entries/],
    [() => retrievalLayer().apply(tf.ones([1, 3])), /got 1 inputs/],
  ])("refuses %s", (run, message) => expect(run).toThrow(message));
});

describe("padding of what is stored", () => {
  const bag = [
    [1, 2],
    [3, 4],
  ];
  const padded = [...bag, [0, 0], [0, 0]];

  it("takes no part behind a Masking layer, whatever the bag's size", () => {
    for (const steps of [1, 3]) {
      const layer = retrievalLayer({ pool: 2, sharpness: 1, steps });
      const plain = (layer.apply(tf.tensor3d([bag])) as tf.Tensor3D).arraySync()[0];
      const model = tf.sequential({
        layers: [
          tf.layers.masking({ maskValue: 0, inputShape: [4, 2] }),
          layer,
          tf.layers.dense({ units: 1 }),
        ],
      });
      const inner = tf.model({ inputs: model.inputs, outputs: layer.output as tf.SymbolicTensor });
      const [found, empty] = (
        inner.predict(tf.tensor3d([padded, padded.map(() => [0, 0])])) as tf.Tensor3D
      ).arraySync();
      expectClose(found, plain);
      expect(empty).toEqual([
        [0, 0],
        [0, 0],
      ]);
      expect((model.predict(tf.tensor3d([padded])) as tf.Tensor).shape).toEqual([1, 2, 1]);
    }
  });

  it("hands on the mask of its states, and none where it pools them", () => {
    const set = normal([1, 4, 2], 3);
    const mask = tf.ones([1, 4]);
    const kept = retrievalLayer();
    const pool = retrievalLayer({ pool: 1 });
    kept.apply([set, set]);
    pool.apply(set);
    expect(kept.computeMask(set, mask)).toBe(mask);
    expect(kept.computeMask([set, set], [mask, tf.zeros([1, 4])])).toBe(mask);
    expect(kept.computeMask(set)).toBe(null);
    expect(pool.computeMask(set, mask)).toBe(null);
  });

  it("takes no part where a mask says so, and a mask fits what is stored", () => {
    const states = tf.tensor3d([
      [
        [1, 0],
        [0, 1],
      ],
    ]);
    const stored = tf.tensor3d([[...bag, [9, 9], [-9, 9]]]);
    const mask = tf.tensor2d([[1, 1, 0, 0]]);
    const layer = retrievalLayer({ sharpness: 0.5 });
    const answer = (layer.apply([states, stored, mask]) as tf.Tensor3D).arraySync()[0];
    expectClose(answer, (layer.apply([states, tf.tensor3d([bag])]) as tf.Tensor3D).arraySync()[0]);
    const pool = retrievalLayer({ pool: 1, sharpness: 1 });
    const pooled = (pool.apply([stored, mask]) as tf.Tensor3D).arraySync()[0];
    expectClose(pooled, (pool.apply(tf.tensor3d([bag])) as tf.Tensor3D).arraySync()[0]);
    expect(() => layer.apply([states, stored, tf.ones([1, 3])])).toThrow(
      /the mask has shape \[1, 3\], expected \[1, 4\]/,
    );
  });
});
