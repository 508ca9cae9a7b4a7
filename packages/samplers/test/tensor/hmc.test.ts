import { createRng, type Rng } from "@basin/energy-core/random";
import { tensorEnergy } from "@basin/energy-core/tensor";
import { type Hmc, tensorHmc } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

// A well that is no Gaussian: E = x⁴/4 + y²/2 + xy/2 over tensors of shape [2, 1].
const well = tensorEnergy([2, 1], (batch) => {
  const [x, y] = tf.split(batch.reshape([batch.shape[0], 2]), 2, 1);
  return x.pow(4).mul(0.25).add(y.square().mul(0.5)).add(x.mul(y).mul(0.5)).sum(1);
});

/**
 * ⟨E⟩ and its variance under exp(−E/T): E = (x⁴/4 − x²/8) + (y + x/2)²/2, whose second part has mean T/2 and variance
 * T²/2.
 */
function exactMoments(T: number): { mean: number; variance: number } {
  let [z, first, second] = [0, 0, 0];
  for (let x = -8; x <= 8; x += 1e-3) {
    const energy = x ** 4 / 4 - x ** 2 / 8;
    const weight = Math.exp(-energy / T);
    z += weight;
    first += weight * energy;
    second += weight * energy ** 2;
  }
  return { mean: first / z + T / 2, variance: second / z - (first / z) ** 2 + T ** 2 / 2 };
}

/** Exact draws [n, 2, 1] of exp(−E/T): x by its cumulated density, then y ~ N(−x/2, T). */
function exactDraws(n: number, T: number, rng: Rng): tf.Tensor {
  const step = 1e-3;
  const grid = Float64Array.from({ length: 16_001 }, (_, i) => -8 + i * step);
  const weights = grid.map((x) => Math.exp(-(x ** 4 / 4 - x ** 2 / 8) / T));
  const cumulated = new Float64Array(weights.length);
  for (let i = 0, sum = 0; i < weights.length; i++) cumulated[i] = sum += weights[i];
  const total = cumulated[cumulated.length - 1];
  const values = new Float32Array(2 * n);
  for (let k = 0; k < n; k++) {
    const mark = rng.uniform() * total;
    let [low, high] = [0, grid.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulated[middle] < mark) low = middle + 1;
      else high = middle;
    }
    values[2 * k] = grid[low] + step * (rng.uniform() - 0.5);
    values[2 * k + 1] = -values[2 * k] / 2 + Math.sqrt(T) * rng.normal();
  }
  return tf.tensor(values, [n, 2, 1]);
}

/** z of ⟨E⟩ over independent chains that start from the exact law. */
function momentZ(sampler: Hmc, T: number, make = (rng: Rng) => rng): number {
  const n = 40_000;
  const rng = createRng(11);
  const { states } = sampler.run(well, exactDraws(n, T, rng), make(rng));
  const values = states.dataSync();
  states.dispose();
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const [x, y] = [values[2 * k], values[2 * k + 1]];
    sum += x ** 4 / 4 + y ** 2 / 2 + (x * y) / 2;
  }
  const { mean, variance } = exactMoments(T);
  return (sum / n - mean) / Math.sqrt(variance / n);
}

describe("hmc on batches", () => {
  test.each([
    ["three steps, coarse", { iterations: 3, steps: 3, stepSize: 0.75 }, 1],
    ["one step, as MALA", { iterations: 6, steps: 1, stepSize: 0.9 }, 1],
    ["at temperature 2", { iterations: 3, steps: 3, stepSize: 0.9, temperature: 2 }, 2],
  ])("has the exact law: %s", (_, options, T) => {
    expect(Math.abs(momentZ(tensorHmc(options), T))).toBeLessThan(4.89);
  });

  test("is told from one 5 % too cold, and from one that refuses nothing", () => {
    const options = { iterations: 4, steps: 3, stepSize: 0.75 };
    expect(Math.abs(momentZ(tensorHmc({ ...options, temperature: 1 / 1.05 }), 1))).toBeGreaterThan(4.89);
    const accepting = (rng: Rng): Rng => ({
      uint32: () => rng.uint32(),
      uniform: () => rng.uniform(),
      normal: () => rng.normal(),
      index: (n) => rng.index(n),
      split: (label) => rng.split(label),
      save: () => rng.save(),
      bernoulli: () => true,
    });
    // Trajectories that ran away make it NaN.
    expect(Math.abs(momentZ(tensorHmc(options), 1, accepting)) < 4.89).toBe(false);
  });

  test("repeats with the seed, frees what it makes, and counts divergences", () => {
    const start = tf.zeros([20, 2, 1]);
    const sampler = tensorHmc({ iterations: 3, steps: 2, stepSize: 0.5 });
    const before = tf.memory().numTensors;
    const first = sampler.run(well, start, createRng(2));
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(first.acceptanceProbability).toBeGreaterThan(0.8);
    expect(first.states.shape).toEqual([20, 2, 1]);
    expect([...sampler.run(well, start, createRng(2)).states.dataSync()]).toEqual([
      ...first.states.dataSync(),
    ]);
    const broken = tensorEnergy([2, 1], (x) => x.sub(1).neg().sqrt().sum([1, 2]));
    const lost = tensorHmc({ iterations: 5, steps: 5, stepSize: 1 }).run(broken, start, createRng(3));
    expect(lost.divergences).toBeGreaterThan(10);
    expect([...lost.states.dataSync()].every((x) => x <= 1)).toBe(true);
    expect(() => tensorHmc({ temperature: 0 })).toThrow("temperature is 0");
    expect(() => tensorHmc({ steps: 0 })).toThrow("steps is 0");
  });
});
