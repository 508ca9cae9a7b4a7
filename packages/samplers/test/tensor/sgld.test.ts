import { createRng } from "@basin/energy-core/random";
import { tensorEnergy } from "@basin/energy-core/tensor";
import { type Sgld, tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const PRECISION = 2;
const gaussian = tensorEnergy([1], (x) =>
  x
    .square()
    .sum(1)
    .mul(PRECISION / 2),
);

/** z of the variance of many independent chains after many steps, against an exact one. */
function varianceZ(sampler: Sgld, exact: number, seed: number): number {
  const n = 60_000;
  const x = sampler.run(gaussian, tf.zeros([n, 1]), createRng(seed)).dataSync();
  let squares = 0;
  for (const value of x) squares += value * value;
  // The variance of a Gaussian's sample variance about a known mean is 2σ⁴/n.
  return (squares / n - exact) / (exact * Math.sqrt(2 / n));
}

describe("sgld", () => {
  const stepSize = 0.2;
  const temperature = 0.7;
  /** Exact stationary variance of the discretized dynamics on a Gaussian of precision λ: T/(λ(1 − aλ/2)). */
  const exact = temperature / (PRECISION * (1 - (stepSize * PRECISION) / 2));

  it("has the exact stationary law of unadjusted Langevin steps", () => {
    expect(Math.abs(varianceZ(tensorSgld({ steps: 60, stepSize, temperature }), exact, 1))).toBeLessThan(
      4.89,
    );
  });

  it("is told from one whose temperature is off by 5 %", () => {
    expect(
      varianceZ(tensorSgld({ steps: 60, stepSize, temperature: 1.05 * temperature }), exact, 1),
    ).toBeGreaterThan(4.89);
  });

  it("reports the temperature that an explicit noise scale implies", () => {
    expect(tensorSgld({ stepSize: 1, noiseScale: 0.01 }).temperature).toBeCloseTo(5e-5, 12);
    expect(tensorSgld({ stepSize: 2, temperature: 3 }).noiseScale).toBeCloseTo(Math.sqrt(12), 12);
    expect(() => tensorSgld({ temperature: 1, noiseScale: 1 })).toThrow(/both given/);
    expect(() => tensorSgld({ stepSize: 0 })).toThrow(/stepSize is 0/);
    expect(() => tensorSgld({ box: [1, 0] })).toThrow(/low < high/);
  });

  it("stays in its box, repeats with the seed and frees what it makes", () => {
    const sampler = tensorSgld({ steps: 5, stepSize: 0.5, temperature: 10, box: [-1, 0.5] });
    const start = tf.zeros([50, 1]);
    const before = tf.memory().numTensors;
    const end = sampler.run(gaussian, start, createRng(2));
    expect(tf.memory().numTensors).toBe(before + 1);
    const values = end.dataSync();
    expect(Math.min(...values)).toBe(-1);
    expect(Math.max(...values)).toBe(0.5);
    expect([...sampler.run(gaussian, start, createRng(2)).dataSync()]).toEqual([...values]);
  });
});
