import { createRng } from "@basin/energy-core/random";
import { assertMean } from "@basin/testing";
import { describe, expect, test } from "vitest";
import { mala, sample, sgld, ula } from "../../src/index.ts";
import { neverRejecting, tooCold } from "../fixtures/broken-kernels.ts";
import { gaussian } from "../fixtures/energies.ts";
import { assertKeepsGaussian } from "./stationarity.ts";

type Langevin = ReturnType<typeof ula> | ReturnType<typeof sgld>;
const PRECISION = [0.5, 2];
const STEP = 0.4;
const T = 1.7;
const energy = gaussian([
  [PRECISION[0], 0],
  [0, PRECISION[1]],
]);
const varianceOf = (lambda: number) => T / (lambda * (1 - (STEP * lambda) / 2));

/**
 * Starts replicas from the exact law of the discretized dynamics, takes three steps, and compares the variances with
 * `expected`.
 */
function assertVariance(kernel: Langevin, expected: (lambda: number) => number, replicas = 200_000): void {
  const rng = createRng(77);
  const bound = (kernel as ReturnType<typeof ula>).bind(energy);
  const sums = [0, 0];
  for (let r = 0; r < replicas; r++) {
    const start = Float64Array.from(PRECISION, (lambda) => Math.sqrt(varianceOf(lambda)) * rng.normal());
    const state = bound.init(start);
    for (let k = 0; k < 3; k++) bound.step(rng, state, 1 / T);
    for (let i = 0; i < 2; i++) sums[i] += state.position[i] ** 2;
  }
  for (const [i, lambda] of PRECISION.entries()) {
    const mean = sums[i] / replicas;
    const standardError = (Math.SQRT2 * expected(lambda)) / Math.sqrt(replicas);
    assertMean({ mean, standardError }, expected(lambda), {
      comparisons: 16,
      what: `the variance at precision ${lambda}`,
    });
  }
}

describe("ULA and SGLD keep their own exact law, variance T/(λ(1 − aλ/2))", () => {
  test.each<[string, Langevin]>([
    ["ula", ula({ stepSize: STEP })],
    ["sgld", sgld({ stepSize: STEP })],
    ["ula with its noise given", ula({ stepSize: STEP, noiseScale: Math.sqrt(2 * STEP * T) })],
  ])("%s", (_, kernel) => assertVariance(kernel, varianceOf));
  test("which is not the Gaussian's own law", () => {
    expect(() => assertVariance(ula({ stepSize: STEP }), (lambda) => T / lambda)).toThrow("z = ");
  });
  test("and which a temperature 5 % too low breaks", () => {
    expect(() => assertVariance(tooCold(ula({ stepSize: STEP })), varianceOf)).toThrow("z = ");
    expect(() => assertVariance(tooCold(sgld({ stepSize: STEP })) as Langevin, varianceOf)).toThrow("z = ");
  });
});

test("the implied temperature is reported: JEM's published 1.0 and 0.01 mean T = 5e-5", () => {
  const bound = ula({ stepSize: 1, noiseScale: 0.01 }).bind(energy);
  const info = bound.step(createRng(1), bound.init(Float64Array.of(0, 0)), 1);
  expect(info.impliedTemperature).toBeCloseTo(5e-5, 12);
});

test("sgld follows a schedule, asks for a new gradient each step, and adds the gradients' noise to the temperature", () => {
  const rates: number[] = [];
  const bound = sgld({ stepSize: (t) => 0.1 / (1 + t) }).bind(energy);
  const state = bound.init(Float64Array.of(1, 1));
  const rng = createRng(2);
  for (let t = 0; t < 3; t++) {
    bound.step(rng, state, 1);
    rates.push(state.steps);
  }
  expect(rates).toEqual([1, 2, 3]);
  // Gradient noise of variance V adds a² V to the variance of a step: T becomes T + a V / 2.
  const noise = createRng(3);
  const V = 3;
  const noisy = {
    ...energy,
    can: {
      gradient(x: Float64Array, out: Float64Array) {
        const value = energy.can.gradient(x, out);
        for (let i = 0; i < out.length; i++) out[i] += Math.sqrt(V) * noise.normal();
        return value;
      },
    },
  };
  const chain = sgld({ stepSize: STEP }).bind(noisy);
  const walker = chain.init(Float64Array.of(0, 0));
  const thinned: number[] = [];
  for (let t = 0; t < 400_000; t++) {
    chain.step(rng, walker, 1 / T);
    if (t % 20 === 19) thinned.push(walker.position[1] ** 2);
  }
  const mean = thinned.reduce((a, b) => a + b) / thinned.length;
  const expected = (T + (STEP * V) / 2) / (PRECISION[1] * (1 - (STEP * PRECISION[1]) / 2));
  assertMean({ mean, standardError: (Math.SQRT2 * expected) / Math.sqrt(thinned.length) }, expected);
});

describe("MALA keeps the Gaussian itself", () => {
  test("at a coarse step", () => assertKeepsGaussian(mala({ stepSize: 0.9 })));
  test("and not without its test", () => {
    expect(() => assertKeepsGaussian(neverRejecting(mala({ stepSize: 0.9 })))).toThrow("z = ");
  });
  test("warm-up reaches its acceptance target", async () => {
    const draws = await sample(energy, mala(), { seed: 3, chains: 1, draws: 4000 });
    const { acceptanceProbability } = draws.chains[0].stats;
    const mean = acceptanceProbability.reduce((a, b) => a + b) / 4000;
    expect(draws.kernel).toBe("mala");
    expect(Math.abs(mean - 0.574)).toBeLessThan(0.1);
  });
});

test("a runaway and impossible options are named", () => {
  const bound = sgld({ stepSize: 30 }).bind(energy);
  const state = bound.init(Float64Array.of(1, 1));
  const rng = createRng(4);
  expect(() => {
    for (let t = 0; t < 2000; t++) bound.step(rng, state, 1);
  }).toThrow("the dynamics ran away; use a smaller step size");
  for (const kernel of [ula, sgld]) {
    expect(() => kernel({ stepSize: 0 })).toThrow("stepSize is 0");
    expect(() => kernel({ stepSize: 1, noiseScale: -1 })).toThrow("noiseScale is -1");
  }
  const hot = ula({ stepSize: 1 }).bind(energy);
  expect(() => hot.step(rng, hot.init(Float64Array.of(0, 0)), 0)).toThrow("asks for infinite noise");
});
