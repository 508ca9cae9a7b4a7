import {
  attractors,
  checkGradient,
  clamp,
  complete,
  detector,
  marginalize,
  mixture,
  predict,
  ranking,
  restrict,
  scale,
  shift,
  sum,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import {
  applyModel,
  type BatchEnergy,
  batchEnergies,
  completeBatch,
  correctBatch,
  hold,
  inputGradients,
  jointTensorEnergy,
  normalTensor,
  predictBatch,
  recallBatch,
  tensorEnergy,
  useWasm,
} from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());

const values = (t: tf.Tensor) => [...t.dataSync()];
/** ½ Σ λ_i (x_i − c_i)² over [2, 2]. */
const LAMBDA = [1, 2, 5, 10];
const CENTER = [1, -1, 2, 0];
const bowl = tensorEnergy([2, 2], (x) =>
  x
    .sub(tf.tensor(CENTER, [2, 2]))
    .square()
    .mul(tf.tensor(LAMBDA, [2, 2]))
    .sum([1, 2])
    .mul(0.5),
);
const joint = jointTensorEnergy([1], 3, (x) => x.sub(tf.tensor2d([[0, 1, 3]])).square());

describe("tasks on tensor energies", () => {
  it("predict the label of lowest energy, with its margin", async () => {
    const { labels, margins, energies } = await predictBatch(joint, tf.tensor2d([[0.2], [2.5]]));
    expect([...labels]).toEqual([0, 2]);
    expect(margins[0]).toBeCloseTo(0.64 - 0.04, 5);
    expect(margins[1]).toBeCloseTo(2.25 - 0.25, 5);
    expect(energies).toHaveLength(6);
    const broken = jointTensorEnergy([1], 2, (x) => tf.concat([x.mul(Number.NaN), x], 1));
    await expect(predictBatch(broken, tf.tensor2d([[1]]))).rejects.toThrow(
      /energy of label 0 of state 0 is NaN/,
    );
  });

  it("correct within a ball of either norm: the constrained minimum of a quadratic", async () => {
    const start = tf.tensor([3, 3, 3, 3, 1.1, -1, 2, 0], [2, 2, 2]);
    const box = await correctBatch(bowl, start, { radius: 0.5, norm: "linf" });
    const expected = [2.5, 2.5, 2.5, 2.5, 1, -1, 2, 0];
    for (const [i, value] of values(box.states).entries()) expect(value).toBeCloseTo(expected[i], 3);
    const ball = await correctBatch(bowl, start, { radius: 1, tolerance: 1e-5 });
    expect(ball.distances[0]).toBeCloseTo(1, 4);
    expect(ball.distances[1]).toBeCloseTo(0.1, 3);
    // On the sphere the gradient is antiparallel to the move: x − s = −∇E/μ for one μ > 0.
    const at = values(ball.states).slice(0, 4);
    const ratios = at.map((x, i) => (LAMBDA[i] * (x - CENTER[i])) / (3 - x));
    for (const ratio of ratios) expect(ratio / ratios[0]).toBeCloseTo(1, 2);
    expect(ball.certificate).toBe("local");
    const before = values(bowl.can.batch.energies(start));
    for (const [i, energy] of ball.energies.entries()) expect(energy).toBeLessThanOrEqual(before[i]);
  });

  it("complete leaves the known part alone and minimizes or draws the rest", async () => {
    const x = tf.tensor([7, Number.NaN, Number.NaN, 3], [1, 2, 2]);
    const known = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const before = tf.memory().numTensors;
    const { states, certificate } = await completeBatch(bowl, x, { known, seed: 1 });
    const [a, b, c, d] = values(states);
    expect([a, d, certificate]).toEqual([7, 3, "local"]);
    expect(b).toBeCloseTo(-1, 3);
    expect(c).toBeCloseTo(2, 3);
    states.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const sampler = {
      run: (energy: BatchEnergy, start: tf.Tensor) =>
        tf.tidy(() => start.sub(inputGradients(energy, start).gradients).add(0.25)),
    };
    const drawn = await completeBatch(bowl, x, { known, sampler, spread: 0, seed: 1 });
    expect(drawn.certificate).toBe("drawn");
    // From 0 one gradient step of length 1 lands on λc, and 0.25 beyond.
    expect(values(drawn.states)).toEqual([7, -1.75, 10.25, 3]);
    await expect(completeBatch(bowl, x, { known: tf.tensor1d([1]), seed: 1 })).rejects.toThrow(
      /known has shape \[1\], expected \[2, 2\]/,
    );
    const all = tf.ones([2, 2]);
    await expect(completeBatch(bowl, x, { known: all, seed: 1 })).rejects.toThrow(
      /known coordinate 1 of state 0 is NaN/,
    );
  });

  it("rank, recall and detect", async () => {
    const wells = tensorEnergy([1], (x) => x.square().sub(1).square().sum(1));
    const cues = tf.tensor2d([[0.2], [-2.8], [-0.9]]);
    expect([...ranking(await batchEnergies(wells, cues)).order]).toEqual([2, 0, 1]);
    const found = await recallBatch(wells, cues);
    for (const [i, value] of values(found.states).entries()) expect(value).toBeCloseTo([1, -1, -1][i], 3);
    const plain = tensorEnergy([1], (x) => x.square().sum(1));
    const held = normalTensor(createRng(3), [1500, 1]);
    const { threshold, kept, isOutlier } = detector(await batchEnergies(plain, held), { keep: 0.9 });
    expect(kept).toBeCloseTo(0.9, 2);
    const fresh = await batchEnergies(plain, tf.tensor2d([[0], [Math.sqrt(threshold) + 0.01]]));
    expect(Array.from(fresh, isOutlier)).toEqual([false, true]);
  });

  it("refuse what has no answer", async () => {
    const cliff = tensorEnergy([1], (x) => tf.fill([x.shape[0]], Number.NaN).add(x.sum(1)));
    await expect(recallBatch(cliff, tf.tensor2d([[1]]))).rejects.toThrow(
      /energy of state 0 of the batch during descent is NaN/,
    );
    const kink = tensorEnergy([1], (x) => x.sqrt().sum(1));
    await expect(recallBatch(kink, tf.tensor2d([[4], [0]]))).rejects.toThrow(
      /gradient of state 1 of the batch is not finite/,
    );
    await expect(batchEnergies(kink, tf.zeros([0, 1]))).rejects.toThrow(/at least one state/);
    const walled = restrict(
      tensorEnergy([1], (x) => x.square().sum(1)),
      { low: 1, high: 2 },
    );
    await expect(recallBatch(walled, tf.tensor2d([[5]]))).rejects.toThrow(/\+Infinity/);
    await expect(correctBatch(bowl, tf.zeros([1, 2, 2]), { radius: -1 })).rejects.toThrow(/radius is -1/);
  });
});

describe("combinators of tensor energies", () => {
  const x = tf.tensor2d([[0.5], [-2]]);
  const squares = tensorEnergy([1], (y) => y.square().sum(1));
  const slope = tensorEnergy([1], (y) => y.sum(1));

  it("compute what their definitions say", () => {
    expect(values(sum([squares, slope], [2, 1]).can.batch.energies(x))).toEqual([1, 6]);
    expect(values(shift(scale(squares, 3), 1).can.batch.energies(x))).toEqual([1.75, 13]);
    expect(values(restrict(squares, { low: -1, high: 1 }).can.batch.energies(x))).toEqual([0.25, Infinity]);
    const both = mixture([squares, slope], { weights: [1, 3], logPartitions: [0.5, 0] });
    const exact = [0.5, -2].map((v) => -Math.log(0.25 * Math.exp(-v * v - 0.5) + 0.75 * Math.exp(-v)));
    for (const [i, value] of values(both.can.batch.energies(x)).entries())
      expect(value).toBeCloseTo(exact[i], 5);
    expect([both.normalized, mixture([squares]).normalized]).toEqual([true, false]);
    for (const temperature of [0.5, 2]) {
      const free = values(marginalize(joint, { temperature }).can.batch.energies(x));
      for (const [i, v] of [0.5, -2].entries()) {
        const z = [0, 1, 3].reduce((total, y) => total + Math.exp(-((v - y) ** 2) / temperature), 0);
        expect(free[i]).toBeCloseTo(-temperature * Math.log(z), 4);
      }
    }
    const held = hold(
      bowl,
      tf.tensor2d([
        [1, Number.NaN],
        [2, 0],
      ]),
      tf.tensor2d([
        [1, 0],
        [1, 1],
      ]),
    );
    expect(values(held.can.batch.energies(tf.tensor([9, 1, 9, 9], [1, 2, 2])))).toEqual([4]);
    held.release();
  });

  it("keep labels, variables and parameters, and refuse what does not fit", () => {
    const v = tf.variable(tf.scalar(2));
    const learnable = tensorEnergy([1], (y) => y.sum(1).mul(v), [v]);
    expect(shift(learnable, 1).can.batch.variables).toEqual([v]);
    const out = new Float64Array(1);
    scale(learnable, 3).can.parameters.addGradient(Float64Array.of(5), 2, out);
    expect(out[0]).toBeCloseTo(30, 5);
    expect(scale(joint, 2).can.labels.count).toBe(3);
    const rows = mixture([joint, joint]).can.batch.energies(tf.tensor2d([[1]]));
    expect(values(rows).map((e) => e.toFixed(4))).toEqual(["1.0000", "0.0000", "4.0000"]);
    expect(predict(shift(joint, 1), Float64Array.of(2.5)).energies[2]).toBeCloseTo(1.25, 5);
    expect(() => sum([squares, bowl])).toThrow(
      "part 1 of a sum is over 4 reals of shape [2, 2], part 0 over 1 reals of shape [1]",
    );
    expect(() => hold(bowl, tf.zeros([3]), tf.zeros([2, 2]))).toThrow(/x has shape \[3\]/);
    // @ts-expect-error a clamped energy has another shape than the batches
    expect(clamp(bowl, Float64Array.of(1, 2, 3, 4), [1, 0, 0, 1]).can.batch).toBeUndefined();
  });

  it("give exact gradients", () => {
    const all = restrict(mixture([sum([squares, slope]), shift(scale(slope, 2), 1)]), { low: -9, high: 9 });
    const report = checkGradient(all, Float64Array.of(0.7), { step: 1e-2, tolerance: 1e-2 });
    expect(report.passed).toBe(true);
    const free = checkGradient(marginalize(joint), Float64Array.of(0.7), { step: 1e-2, tolerance: 1e-2 });
    expect(free.passed).toBe(true);
  });

  it("leave no tensor behind, on batches and on single states", () => {
    const all = restrict(mixture([sum([squares, slope], [1, 2]), shift(scale(slope, 2), 1)]), {
      low: -9,
      high: 9,
    });
    const before = tf.memory().numTensors;
    all.can.batch.energies(x).dispose();
    all.energy(Float64Array.of(1));
    all.can.gradient(Float64Array.of(1), new Float64Array(1));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("a tensor energy", () => {
  it("answers the questions of vectors as a batch of one", () => {
    const wells = tensorEnergy([1], (x) => x.square().sub(1).square().sum(1));
    const { attractors: found } = attractors(wells, { box: [[-2, 2]], grid: 8, tolerance: 1e-2, seed: 1 });
    expect(found.map(({ state }) => Math.round(state[0])).sort()).toEqual([-1, 1]);
    expect(() => wells.energy(Float64Array.of(1, 2))).toThrow(/length 2, expected 1/);
    const { state } = complete(bowl, Float64Array.of(7, NaN, NaN, 3), {
      known: [1, 0, 0, 1],
      restarts: 1,
      seed: 1,
    });
    for (const [i, value] of [7, -1, 2, 3].entries()) expect(state[i]).toBeCloseTo(value, 3);
  });

  it("has its variables as parameters, with their gradient", () => {
    const net = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, inputShape: [2], activation: "tanh" }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const variables = net.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const energy = tensorEnergy([2], (x) => applyModel(net, x).flatten(), variables);
    const { values: theta, addGradient } = energy.can.parameters;
    expect(theta).toHaveLength(13);
    const x = Float64Array.of(0.3, -0.8);
    const gradient = new Float64Array(13);
    addGradient(x, 2, gradient);
    for (let k = 0; k < 13; k++) {
      const here = theta[k];
      theta[k] = here + 0.01;
      const above = energy.energy(x);
      theta[k] = here - 0.01;
      const below = energy.energy(x);
      theta[k] = here;
      expect(gradient[k]).toBeCloseTo((2 * (above - below)) / 0.02, 2);
    }
  });
});
