import { clamp, detector, predict, ranking, recall } from "@basin/energy-core";
import {
  batchEnergies,
  completeBatch,
  correctBatch,
  predictBatch,
  recallBatch,
  useWasm,
} from "@basin/energy-core/tensor";
import { jointEnergy } from "@basin/jem";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());

const MEANS = [
  [0, 0],
  [6, 0],
  [0, 6],
] as const;

/** Logits −‖x − m_y‖²/2: three wells so far apart that each looks like a bowl from inside. */
const model = jointEnergy({
  shape: [2],
  labels: 3,
  logits: (x) =>
    tf.tidy(() => {
      const means = tf.tensor2d(MEANS.map((mean) => [...mean]));
      return x.reshape([-1, 1, 2]).sub(means).square().sum(2).mul(-0.5) as tf.Tensor2D;
    }),
});

describe("every question on batches takes a classifier read as an energy", () => {
  it("predict: the class of the nearest well, by the margin of the distances", async () => {
    const { labels, margins } = await predictBatch(
      model.joint,
      tf.tensor2d([
        [1, 0.5],
        [5, 1],
        [1, 4],
      ]),
    );
    expect([...labels]).toEqual([0, 1, 2]);
    expect(margins[0]).toBeCloseTo((25.25 - 1.25) / 2, 4);
  });

  it("correct: a ball's radius toward the well, and no further than its bottom", async () => {
    const { states, distances } = await correctBatch(
      model,
      tf.tensor2d([
        [0, -3],
        [6.1, 0],
      ]),
      { radius: 1 },
    );
    const found = [...states.dataSync()];
    for (const [k, value] of [0, -2, 6, 0].entries()) expect(found[k]).toBeCloseTo(value, 3);
    expect(distances[0]).toBeCloseTo(1, 4);
  });

  it("recall: the bottom of the well that a cue lies in", async () => {
    const { states } = await recallBatch(model, tf.tensor2d([[4.5, 1]]));
    const [x, y] = states.dataSync();
    expect([x, y].map((value) => Math.round(1000 * value) / 1000)).toEqual([6, 0]);
  });

  it("complete: one coordinate from the other, by descent or by draws of the class", async () => {
    const known = tf.tensor1d([1, 0]);
    const { states } = await completeBatch(model, tf.tensor2d([[6, 1.5]]), { known, seed: 1 });
    expect(states.dataSync()[0]).toBe(6);
    expect(states.dataSync()[1]).toBeCloseTo(0, 3);
    const drawn = await completeBatch(model.ofClass(1), tf.fill([2000, 2], 6), {
      known,
      sampler: tensorSgld({ steps: 60, stepSize: 0.1 }),
      seed: 1,
    });
    const second = (drawn.states as tf.Tensor2D).slice([0, 1], [-1, 1]);
    // N(0, 1/(1 − aλ/2)) by the step's own bias; four standard errors of mean and variance.
    const variance = 1 / 0.95;
    expect(Math.abs(second.mean().dataSync()[0])).toBeLessThan(
      4 * Math.sqrt(variance / 2000) + 6 * 0.9 ** 60,
    );
    expect(Math.abs(tf.moments(second).variance.dataSync()[0] - variance)).toBeLessThan(
      4 * variance * Math.sqrt(2 / 2000),
    );
  });

  it("rank and detect: by E(x)", async () => {
    const { order } = ranking(
      await batchEnergies(
        model,
        tf.tensor2d([
          [3, 3],
          [0, 0.1],
          [6, 1],
        ]),
      ),
    );
    expect([...order]).toEqual([1, 2, 0]);
    const heldOut = await batchEnergies(model, tf.randomNormal([200, 2], 0, 1, "float32", 1));
    const { isOutlier } = detector(heldOut, { keep: 0.99 });
    const fresh = tf.tensor2d([
      [0, 0.5],
      [3, -9],
    ]);
    expect(Array.from(await batchEnergies(model, fresh), isOutlier)).toEqual([false, true]);
  });

  it("answers single vectors as any energy does", () => {
    expect(predict(model.joint, Float64Array.of(5, 1)).label).toBe(1);
    const { state } = recall(model, Float64Array.of(4.5, 1), { gradientTolerance: 1e-4 });
    expect(state[0]).toBeCloseTo(6, 3);
    const half = clamp(model, Float64Array.of(6, 1.5), [true, false]);
    expect(half.energy(Float64Array.of(0))).toBeCloseTo(model.energy(Float64Array.of(6, 0)), 5);
  });
});
