import { type Can, type Energy, scale } from "@basin/energy-core";
import { categorical, type Rng } from "@basin/energy-core/random";
import { assertMean, assertStationary, boltzmann, type ForkingRng, transitionMatrix } from "@basin/testing";
import { describe, expect, test } from "vitest";
import {
  estimateMean,
  gibbsWithGradients,
  heatBath,
  lift,
  type MoveKernel,
  metropolis,
  type StateArray,
} from "../../src/index.ts";
import { Ladder, together } from "../../src/internal/index.ts";
import {
  annealedImportance,
  geometricSchedule,
  type Particles,
  sequentialMonteCarlo,
  simulatedAnnealing,
  temper,
} from "../../src/temper/index.ts";
import { tooCold } from "../fixtures/broken-kernels.ts";
import { labelGlass, labels, orderGlass, spinGlass } from "../fixtures/energies.ts";
import { statesOf } from "../kernels/stationarity.ts";

type Discrete<X> = Energy<X, Can<X, "moves">>;

/** What enumeration says: all states, their law at β, and log Z at β = 1. */
function enumerated<X>(energy: Discrete<X>) {
  const states = statesOf(energy.space);
  const energies = states.map((state) => energy.energy(state));
  return {
    states,
    law: (beta: number) => boltzmann(energies, beta),
    logZ: Math.log(energies.reduce((sum, value) => sum + Math.exp(-value), 0)),
    lowest: Math.min(...energies),
  };
}

/** The exact transition matrix of a round of two levels, and the product of their laws. */
function twoLevels<X extends StateArray>(energy: Discrete<X>) {
  const betas = [0.3, 1.1];
  const { states, law } = enumerated(energy);
  const count = states.length;
  const places = new Map(states.map((state, k) => [String(state), k]));
  const pairs = Array.from({ length: count ** 2 }, (_, pair) => pair);
  const [low, high] = betas.map(law);
  const target = pairs.map((pair) => low[Math.floor(pair / count)] * high[pair % count]);
  const kernel = metropolis({ visits: 1 });
  const round = (cold: MoveKernel) =>
    transitionMatrix(pairs, (pair, rng: ForkingRng) => {
      const starts = [states[Math.floor(pair / count)], states[pair % count]];
      const levels = [kernel, cold].map((of, k) =>
        lift(of).walkers(energy, { streams: () => rng as never, initial: starts[k] }),
      );
      const walkers = together(levels);
      new Ladder(walkers, { inverseTemperatures: betas, rng: rng as never }).round();
      const [a, b] = [0, 1].map((level) => places.get(String(walkers.read(level))) as number);
      return a * count + b;
    });
  return {
    keeps: () => assertStationary(round(kernel), target),
    keepsBroken: () => assertStationary(round(tooCold(kernel)), target),
  };
}

describe.each([
  ["three spins", twoLevels(spinGlass(3, 6))],
  ["three labels at two sites", twoLevels(labelGlass(2, 7))],
  ["orders of three", twoLevels(orderGlass(3, 8))],
])("a tempering round of %s", (_, { keeps, keepsBroken }) => {
  test("leaves the product of both laws stationary, exactly", keeps);
  test("and a level that is 5 % too cold breaks it", () => expect(keepsBroken).toThrow("not stationary"));
});

const cases: [string, Discrete<Uint8Array>, MoveKernel][] = [
  ["three labels at three sites, heat bath", labelGlass(3, 9), heatBath()],
  ["orders of four, metropolis", orderGlass(4, 10), metropolis()],
  ["orders of four, gibbs with gradients", orderGlass(4, 10), gibbsWithGradients()],
];

describe.each(cases)("%s, against enumeration:", (_, energy, kernel) => {
  const { states, law, logZ } = enumerated(energy);
  const { dimension, logCount } = energy.space;

  test("temper draws from the coldest law", async () => {
    const exact = law(1.5);
    const draws = await temper(energy, kernel, {
      seed: 3,
      inverseTemperatures: [0, 0.5, 1.5],
      warmup: 100,
      draws: 3000,
    });
    const values = [...new Set(states.map((state) => state[0]))];
    for (let site = 0; site < dimension; site++) {
      for (const value of values.slice(1)) {
        const p = states.reduce((sum, state, k) => sum + (state[site] === value ? exact[k] : 0), 0);
        const has = draws.chains.map(({ positions }) =>
          Float64Array.from({ length: 3000 }, (_, t) => Number(positions[t * dimension + site] === value)),
        );
        assertMean(estimateMean(has), p, { comparisons: 16, minEffectiveSampleSize: 200 });
      }
    }
    expect(draws.chains[0].positions).toBeInstanceOf(Uint8Array);
    expect(Math.min(...draws.roundTrips)).toBeGreaterThan(100);
  });

  const annealed = {
    seed: 5,
    inverseTemperatures: Float64Array.from({ length: 26 }, (_, k) => k / 25),
    logPartitionAtStart: logCount,
    chains: 600,
    final: (rng: Rng) => states[categorical(rng, law(1))],
  };
  test("annealedImportance brackets log Z within its errors", async () => {
    const estimate = await annealedImportance(energy, kernel, annealed);
    const { forward, reverse } = estimate;
    assertMean(forward, logZ, { comparisons: 2 });
    assertMean(reverse, logZ, { comparisons: 2 });
    expect(Math.max(forward.standardError, reverse.standardError)).toBeLessThan(0.05);
  });
  test("annealedImportance goes from a base as well", async () => {
    const weights = states.map((state) => Math.exp(-0.3 * energy.energy(state)));
    const { forward } = await annealedImportance(energy, kernel, {
      ...annealed,
      final: undefined,
      base: scale(energy, 0.3),
      initial: (rng) => states[categorical(rng, weights)],
      logPartitionAtStart: Math.log(weights.reduce((a, b) => a + b)),
    });
    assertMean(forward, logZ);
  });
  test("sequentialMonteCarlo finds log Z and the law", async () => {
    const { ratio, share } = await populations(energy, kernel);
    assertMean(ratio, 1, { comparisons: 2 });
    assertMean(share, 0, { comparisons: 2 });
    expect(ratio.standardError).toBeLessThan(0.05);
  });
  test("and a kernel at another temperature would be seen", async () => {
    const cold = tooCold(kernel, 1.5);
    const { forward } = await annealedImportance(energy, cold, annealed);
    expect(() => assertMean(forward, logZ, { comparisons: 2 })).toThrow("z = ");
    const { ratio, share } = await populations(energy, cold);
    expect(() => {
      assertMean(ratio, 1, { comparisons: 2 });
      assertMean(share, 0, { comparisons: 2 });
    }).toThrow("z = ");
  });
});

/**
 * Means over independent populations: of Z over the enumerated one, and of how far the share of the first value at site
 * 0 is off.
 */
async function populations(energy: Discrete<Uint8Array>, kernel: MoveKernel) {
  const beta = 1.3;
  const { states, law } = enumerated(energy);
  const Z = states.reduce((sum, state) => sum + Math.exp(-beta * energy.energy(state)), 0);
  const exact = law(beta).reduce((sum, p, k) => sum + (states[k][0] === 0 ? p : 0), 0);
  const runs: Particles<Uint8Array>[] = [];
  for (let seed = 0; seed < 50; seed++)
    runs.push(
      await sequentialMonteCarlo(energy, kernel, {
        seed,
        particles: 100,
        inverseTemperature: beta,
        steps: 2,
      }),
    );
  const estimate = (values: number[]) => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
    return { mean, standardError: Math.sqrt(variance / values.length) };
  };
  return {
    ratio: estimate(runs.map(({ logPartition }) => Math.exp(logPartition) / Z)),
    share: estimate(runs.map((run) => run.states.filter(([first]) => first === 0).length / 100 - exact)),
  };
}

describe("simulatedAnnealing finds the ground state", () => {
  test.each<[string, Discrete<Uint8Array>, MoveKernel]>([
    ["of three labels at seven sites", labelGlass(7, 11), metropolis()],
    ["of three labels at seven sites by heat bath", labelGlass(7, 11), heatBath()],
    ["of orders of six", orderGlass(6, 12), metropolis()],
  ])("%s", async (_, energy, kernel) => {
    const reads = await simulatedAnnealing(energy, kernel, {
      seed: 4,
      inverseTemperatures: geometricSchedule(0.1, 10, 100),
      reads: 8,
    });
    expect(reads[0].energy).toBeCloseTo(enumerated(energy).lowest, 12);
    expect(energy.energy(reads[0].state)).toBe(reads[0].energy);
  });
});

test("a base over labels of another number is refused", async () => {
  const energy = labelGlass(4, 9);
  const base = labelGlass(3, 9);
  await expect(
    annealedImportance(energy, heatBath(), {
      seed: 1,
      inverseTemperatures: [0, 1],
      logPartitionAtStart: 0,
      base,
      initial: (rng) => labels(4).random(rng),
    }),
  ).rejects.toThrow("the base is over 3 labels, the energy over 4 labels");
});
