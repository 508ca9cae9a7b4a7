import { differentiable } from "@basin/energy-core";
import { categorical } from "@basin/energy-core/random";
import {
  assertMean,
  assertStationary,
  boltzmann,
  type ForkingRng,
  spinStates,
  transitionMatrix,
} from "@basin/testing";
import { describe, expect, test } from "vitest";
import { estimateMean, heatBath, metropolis, nuts, sample, series } from "../../src/index.ts";
import {
  annealedImportance,
  geometricSchedule,
  parallelTempering,
  simulatedAnnealing,
} from "../../src/temper/index.ts";
import { temperingRound } from "../../src/temper/parallel.ts";
import { spinGlass } from "../fixtures/energies.ts";

const glass = spinGlass(3, 6);
const states = spinStates(3);
const law = (beta: number) =>
  boltzmann(
    states.map((state) => glass.energy(state)),
    beta,
  );

describe("a tempering round", () => {
  const pairs = states.flatMap((low) => states.map((high) => Int8Array.of(...low, ...high)));
  const target = (low: number, high: number) => {
    const [a, b] = [law(low), law(high)];
    return Float64Array.from(pairs, (_, k) => a[k >> 3] * b[k & 7]);
  };
  const round = (beta: number, swapBeta: number) =>
    transitionMatrix(pairs, (pair, rng: ForkingRng) => {
      const bound = metropolis({ visits: 1 }).bind(glass);
      const levels = [0.3, beta].map((inverseTemperature, k) => ({
        inverseTemperature,
        bound,
        traveller: k,
        state: bound.init(pair.slice(3 * k, 3 * k + 3)),
      }));
      // A kernel at another temperature than the swap's is the broken case.
      const wrapped = {
        ...bound,
        step: (r: never, s: never, b: number) => bound.step(r, s, b === beta ? swapBeta : b),
      };
      levels[1].bound = wrapped as never;
      temperingRound(levels, 0, rng as never, new Float64Array(1));
      return Int8Array.of(...levels[0].state.position, ...levels[1].state.position);
    });
  test("leaves the product of both laws stationary, exactly", () =>
    assertStationary(round(1.1, 1.1), target(0.3, 1.1)));
  test("and a level that is 5 % too cold breaks it", () => {
    expect(() => assertStationary(round(1.1, 1.155), target(0.3, 1.1))).toThrow("not stationary");
  });
});

// Two wells, at ±3, with a barrier of 12 between: one chain never crosses it.
const wells = differentiable(1, (x, gradient) => {
  const a = (x[0] - 3) ** 2 / 0.5;
  const b = (x[0] + 3) ** 2 / 0.5 - Math.log(0.5);
  const low = Math.min(a, b);
  const [wa, wb] = [Math.exp(low - a), Math.exp(low - b)];
  gradient[0] = (wa * 4 * (x[0] - 3) + wb * 4 * (x[0] + 3)) / (wa + wb);
  return low - Math.log(wa + wb);
});

describe("parallelTempering", () => {
  test("crosses a barrier that stops a single chain, and weighs the wells 2 : 1", async () => {
    const right = (chains: Float64Array[]) => chains.map((chain) => chain.map((x) => (x > 0 ? 1 : 0)));
    const stuck = await sample(wells, nuts(), {
      seed: 1,
      chains: 2,
      draws: 1000,
      initial: Float64Array.of(3),
    });
    expect(Math.min(...series(stuck, 0).map((chain) => Math.min(...chain)))).toBeGreaterThan(0);
    const draws = await parallelTempering(wells, nuts({ stepSize: 0.5 }), {
      seed: 2,
      inverseTemperatures: [0.02, 1],
      levels: 6,
      draws: 4000,
      initial: Float64Array.of(3),
    });
    assertMean(estimateMean(right(series(draws, 0))), 2 / 3, { minEffectiveSampleSize: 100 });
    expect(Math.min(...draws.roundTrips)).toBeGreaterThan(20);
    for (const refused of draws.rejections)
      expect(Math.max(...refused) - Math.min(...refused)).toBeLessThan(0.25);
    expect(draws.ladders[0][0]).toBe(0.02);
    expect(draws.ladders[0].at(-1)).toBe(1);
  });

  test("draws spins with the enumerated law, the same bits for the same seed", async () => {
    const options = { seed: 3, inverseTemperatures: [0, 0.5, 1.5], warmup: 100, draws: 4000 };
    const draws = await parallelTempering(glass, heatBath(), options);
    for (let i = 0; i < 3; i++) {
      const exact = states.reduce((sum, state, k) => sum + law(1.5)[k] * state[i], 0);
      assertMean(estimateMean(series(draws, i)), exact, { comparisons: 3 });
    }
    expect(await parallelTempering(glass, heatBath(), options)).toEqual(draws);
  });

  test("refuses ladders that do not rise", async () => {
    const run = (inverseTemperatures: number[], levels?: number) =>
      parallelTempering(glass, heatBath(), { seed: 1, inverseTemperatures, levels });
    await expect(run([1, 0.5])).rejects.toThrow("must rise, but 0.5 follows 1");
    await expect(run([1])).rejects.toThrow("at least two");
    await expect(run([0, 0.5, 1], 5)).rejects.toThrow("the two extreme");
  });
});

test("simulatedAnnealing finds the ground state of a small glass", () => {
  const large = spinGlass(12, 9);
  const ground = Math.min(...spinStates(12).map((state) => large.energy(state)));
  const reads = simulatedAnnealing(large, metropolis(), {
    seed: 4,
    schedule: geometricSchedule(0.1, 10, 100),
    reads: 5,
  });
  expect(reads[0].energy).toBeCloseTo(ground, 12);
  expect(large.energy(reads[0].state)).toBe(reads[0].energy);
  expect(() => simulatedAnnealing(large, metropolis(), { seed: 4, schedule: [1, 0.5] })).toThrow(
    "must not fall",
  );
});

describe("annealedImportance", () => {
  const large = spinGlass(8, 10);
  const all = spinStates(8);
  const logZ = Math.log(all.reduce((sum, state) => sum + Math.exp(-large.energy(state)), 0));
  const exactDraw = boltzmann(all.map((state) => large.energy(state)));
  const options = {
    seed: 5,
    schedule: Float64Array.from({ length: 101 }, (_, k) => k / 100),
    logPartitionAtStart: 8 * Math.LN2,
    runs: 2000,
    final: (rng: Parameters<typeof categorical>[0]) => all[categorical(rng, exactDraw)],
  };
  test("brackets the enumerated log Z within its errors", () => {
    const { forward, reverse, standardError, effectiveRuns } = annealedImportance(large, heatBath(), options);
    expect(effectiveRuns).toBeGreaterThan(1000);
    assertMean({ mean: forward, standardError }, logZ);
    expect(Math.abs(reverse - logZ)).toBeLessThan(0.05);
  });
  test("with coarse steps the two ends part around the truth", () => {
    const { forward, reverse } = annealedImportance(large, metropolis({ visits: 1 }), {
      ...options,
      schedule: [0, 1, 1],
      runs: 20,
    });
    expect(reverse - forward).toBeGreaterThan(0.1);
  });
  test("a step at the wrong β would be seen", () => {
    const kernel = heatBath();
    const cold = {
      ...kernel,
      bind: (energy: typeof large) => {
        const bound = kernel.bind(energy);
        return { ...bound, step: (r: never, s: never, beta: number) => bound.step(r, s, 1.2 * beta) };
      },
    };
    const { forward, standardError } = annealedImportance(large, cold as never, options);
    expect(() => assertMean({ mean: forward, standardError }, logZ)).toThrow("z = ");
  });
  test("needs exact starts", () => {
    expect(() => annealedImportance(large, heatBath(), { ...options, schedule: [0.5, 1] })).toThrow(
      "starts from exact draws",
    );
  });
});
