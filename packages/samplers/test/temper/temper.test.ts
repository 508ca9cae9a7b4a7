import { differentiable, plainEnergy, spins } from "@basin/energy-core";
import { expression } from "@basin/energy-core/expression";
import { categorical } from "@basin/energy-core/random";
import { assertMean, boltzmann, spinStates } from "@basin/testing";
import { describe, expect, test } from "vitest";
import { estimateMean, heatBath, hmc, metropolis, nuts, sample, series } from "../../src/index.ts";
import {
  annealedImportance,
  geometricSchedule,
  sequentialMonteCarlo,
  simulatedAnnealing,
  temper,
} from "../../src/temper/index.ts";
import { tooCold } from "../fixtures/broken-kernels.ts";
import { spinGlass } from "../fixtures/energies.ts";

const glass = spinGlass(3, 6);
const states = spinStates(3);
const law = (beta: number) =>
  boltzmann(
    states.map((state) => glass.energy(state)),
    beta,
  );

// Two wells, at ±3, with a barrier of 12 between: one chain never crosses it.
const wells = differentiable(1, (x, gradient) => {
  const a = (x[0] - 3) ** 2 / 0.5;
  const b = (x[0] + 3) ** 2 / 0.5 - Math.log(0.5);
  const low = Math.min(a, b);
  const [wa, wb] = [Math.exp(low - a), Math.exp(low - b)];
  gradient[0] = (wa * 4 * (x[0] - 3) + wb * 4 * (x[0] + 3)) / (wa + wb);
  return low - Math.log(wa + wb);
});

describe("temper", () => {
  test("crosses a barrier that stops a single chain, and weighs the wells 2 : 1", async () => {
    const right = (chains: Float64Array[]) => chains.map((chain) => chain.map((x) => (x > 0 ? 1 : 0)));
    const stuck = await sample(wells, nuts(), {
      seed: 1,
      chains: 2,
      draws: 1000,
      initial: Float64Array.of(3),
    });
    expect(Math.min(...series(stuck, 0).map((chain) => Math.min(...chain)))).toBeGreaterThan(0);
    const draws = await temper(wells, nuts({ stepSize: 0.5 }), {
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

  test("draws spins of a formula of triples with the enumerated law", async () => {
    const triples = expression({ s: spins(5) }, ({ s }, { dot, mul, slice, neg }) =>
      neg(dot([1, -0.7, 0.4], mul(slice(s, 0, 3), slice(s, 1, 4), slice(s, 2, 5)))),
    );
    const options = { seed: 7, inverseTemperatures: [0.2, 1.5], levels: 3, warmup: 100, draws: 4000 };
    const draws = await temper(triples, heatBath(), options);
    const every = spinStates(5);
    const exact = boltzmann(every.map(triples.energy), 1.5);
    const product = ({ positions }: { positions: Int8Array }) =>
      Float64Array.from(
        { length: 4000 },
        (_, t) => positions[5 * t] * positions[5 * t + 1] * positions[5 * t + 2],
      );
    const mean = every.reduce((sum, [a, b, c], k) => sum + exact[k] * a * b * c, 0);
    assertMean(estimateMean(draws.chains.map(product)), mean, { minEffectiveSampleSize: 1000 });
    expect(Math.abs(mean)).toBeGreaterThan(0.5);
  });

  test("draws spins with the enumerated law, the same bits for the same seed", async () => {
    const options = { seed: 3, inverseTemperatures: [0, 0.5, 1.5], warmup: 100, draws: 4000 };
    const draws = await temper(glass, heatBath(), options);
    for (let i = 0; i < 3; i++) {
      const exact = states.reduce((sum, state, k) => sum + law(1.5)[k] * state[i], 0);
      assertMean(estimateMean(series(draws, i)), exact, { comparisons: 3 });
    }
    expect(await temper(glass, heatBath(), options)).toEqual(draws);
  });

  test("refuses ladders that do not rise", async () => {
    const run = (inverseTemperatures: number[], levels?: number) =>
      temper(glass, heatBath(), { seed: 1, inverseTemperatures, levels });
    await expect(run([1, 0.5])).rejects.toThrow("must rise, but 0.5 follows 1");
    await expect(run([1])).rejects.toThrow("at least two");
    await expect(run([0, 0.5, 1], 5)).rejects.toThrow("the two extreme");
  });
});

test("simulatedAnnealing finds the ground state of a small glass", async () => {
  const large = spinGlass(12, 9);
  const ground = Math.min(...spinStates(12).map((state) => large.energy(state)));
  const reads = await simulatedAnnealing(large, metropolis(), {
    seed: 4,
    inverseTemperatures: geometricSchedule(0.1, 10, 100),
    reads: 5,
  });
  expect(reads[0].energy).toBeCloseTo(ground, 12);
  expect(large.energy(reads[0].state)).toBe(reads[0].energy);
  await expect(
    simulatedAnnealing(large, metropolis(), { seed: 4, inverseTemperatures: [1, 0.5] }),
  ).rejects.toThrow("must not fall");
});

describe("annealedImportance", () => {
  const large = spinGlass(8, 10);
  const all = spinStates(8);
  const logZ = Math.log(all.reduce((sum, state) => sum + Math.exp(-large.energy(state)), 0));
  const exactDraw = boltzmann(all.map((state) => large.energy(state)));
  const options = {
    seed: 5,
    inverseTemperatures: Float64Array.from({ length: 101 }, (_, k) => k / 100),
    logPartitionAtStart: 8 * Math.LN2,
    chains: 2000,
    final: (rng: Parameters<typeof categorical>[0]) => all[categorical(rng, exactDraw)],
  };
  test("brackets the enumerated log Z within its errors", async () => {
    const estimate = await annealedImportance(large, heatBath(), options);
    const { forward, reverse, bracket } = estimate;
    expect(forward.effectiveSampleSize).toBeGreaterThan(1000);
    expect(reverse.effectiveSampleSize).toBeGreaterThan(1000);
    assertMean(forward, logZ);
    assertMean(reverse, logZ);
    expect(bracket).toEqual([
      forward.mean - 3 * forward.standardError,
      reverse.mean + 3 * reverse.standardError,
    ]);
    expect(bracket[0]).toBeLessThan(logZ);
    expect(bracket[1]).toBeGreaterThan(logZ);
    const half = await annealedImportance(large, heatBath(), { ...options, final: undefined });
    expect(half.bracket[1]).toBe(Infinity);
  });
  test("reverse chains may start where forward chains settle, and not at two places", async () => {
    const settled = { ...options, final: undefined, settle: 20 };
    const { forward, reverse } = await annealedImportance(large, heatBath(), settled);
    assertMean(reverse, logZ);
    // The way up draws from the same streams.
    expect(forward).toEqual((await annealedImportance(large, heatBath(), options)).forward);
    const both = annealedImportance(large, heatBath(), { ...options, settle: 20 });
    await expect(both).rejects.toThrow("final and settle");
  });
  test("with coarse steps the two ends part around the truth", async () => {
    const { forward, reverse } = await annealedImportance(large, metropolis({ visits: 1 }), {
      ...options,
      inverseTemperatures: [0, 1, 1],
      chains: 20,
    });
    expect(reverse.mean - forward.mean).toBeGreaterThan(0.1);
  });
  test("a step at the wrong β would be seen", async () => {
    const { forward } = await annealedImportance(large, tooCold(heatBath(), 1.2), options);
    expect(() => assertMean(forward, logZ)).toThrow("z = ");
  });
  // ∫ exp(−x⁴) dx = 2 Γ(5/4), from a standard normal; at x < −1 the second energy is undefined in this world, +∞.
  const quartic = differentiable(1, ([x], gradient) => {
    gradient[0] = 4 * x ** 3;
    return x ** 4;
  });
  const halved = {
    ...quartic,
    energy: (x: Float64Array) => (x[0] < 0 ? Infinity : quartic.energy(x)),
    can: {
      gradient: (x: Float64Array, out: Float64Array) => (x[0] < 0 ? Infinity : quartic.can.gradient(x, out)),
    },
  };
  const normal = differentiable(1, ([x], gradient) => {
    gradient[0] = x;
    return 0.5 * x * x;
  });
  const fromNormal = {
    seed: 6,
    inverseTemperatures: Float64Array.from({ length: 41 }, (_, k) => k / 40),
    base: normal,
    initial: (rng: Parameters<typeof categorical>[0]) => Float64Array.of(rng.normal()),
    logPartitionAtStart: 0.5 * Math.log(2 * Math.PI),
    chains: 1000,
  };
  const logGamma = Math.log(2 * 0.9064024770554771);
  test("goes from a base to reals, also where part of the base is outside the support", async () => {
    const whole = await annealedImportance(quartic, hmc({ stepSize: 0.4, steps: 3 }), fromNormal);
    assertMean(whole.forward, logGamma);
    const half = await annealedImportance(halved, hmc({ stepSize: 0.4, steps: 3 }), fromNormal);
    assertMean(half.forward, logGamma - Math.LN2);
    expect(half.forward.effectiveSampleSize).toBeLessThan(600);
  });
  test("goes from independent spins to a glass", async () => {
    const fields = plainEnergy(spins(8), (s) => -0.4 * s.reduce((a, b) => a + b, 0));
    const up = 1 / (1 + Math.exp(-0.8));
    const { forward } = await annealedImportance(large, heatBath(), {
      ...options,
      chains: 500,
      base: fields,
      logPartitionAtStart: 8 * Math.log(2 * Math.cosh(0.4)),
      initial: (rng) => Int8Array.from({ length: 8 }, () => (rng.bernoulli(up) ? 1 : -1)),
    });
    assertMean(forward, logZ);
  });
  test("refuses a base over another space, or a schedule that does not go from 0 to 1", async () => {
    await expect(
      annealedImportance(large, heatBath(), { ...options, base: normal as never, initial: () => all[0] }),
    ).rejects.toThrow("the base is over 1 reals, the energy over 8 spins: they must be over the same space");
    await expect(
      annealedImportance(quartic, nuts(), { ...fromNormal, inverseTemperatures: [0, 0.5] }),
    ).rejects.toThrow("from 0 to 0.5");
  });
  test("needs exact starts", async () => {
    await expect(
      annealedImportance(large, heatBath(), { ...options, inverseTemperatures: [0.5, 1] }),
    ).rejects.toThrow("starts from exact draws");
  });
});

describe("sequentialMonteCarlo", () => {
  const large = spinGlass(6, 11);
  const all = spinStates(6);
  const beta = 1.3;
  const weights = all.map((state) => Math.exp(-beta * large.energy(state)));
  const Z = weights.reduce((sum, weight) => sum + weight, 0);
  const up = all.reduce((sum, state, k) => sum + (weights[k] / Z) * state[0], 0);

  /**
   * Runs independent populations; the mean of Z and of ⟨s₀⟩ over them has an error that owes nothing to their inner
   * dependence.
   */
  const runs = async (kernel: ReturnType<typeof heatBath>) => {
    const ratios: number[] = [];
    const means: number[] = [];
    for (let seed = 0; seed < 150; seed++) {
      const { states: found, logPartition } = await sequentialMonteCarlo(large, kernel, {
        seed,
        particles: 200,
        inverseTemperature: beta,
        steps: 2,
      });
      ratios.push(Math.exp(logPartition) / Z);
      means.push(found.reduce((sum, state) => sum + state[0] / found.length, 0));
    }
    const estimate = (values: number[]) => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      return { mean, standardError: Math.sqrt(variance / values.length) };
    };
    return { ratio: estimate(ratios), spin: estimate(means) };
  };
  test("finds log Z and the law of the enumeration", async () => {
    const { ratio, spin } = await runs(heatBath());
    assertMean(ratio, 1, { comparisons: 2 });
    assertMean(spin, up, { comparisons: 2 });
    expect(ratio.standardError).toBeLessThan(0.03);
  });
  test("and not with a kernel that runs at another temperature", async () => {
    const { ratio, spin } = await runs(tooCold(heatBath(), 1.5));
    expect(() => {
      assertMean(ratio, 1, { comparisons: 2 });
      assertMean(spin, up, { comparisons: 2 });
    }).toThrow("z = ");
  });
  test("weighs two wells 2 : 1 from a wide normal, and repeats with the seed", async () => {
    const wide = differentiable(1, ([x], gradient) => {
      gradient[0] = x / 9;
      return (x * x) / 18;
    });
    const options = {
      seed: 3,
      particles: 4000,
      base: wide,
      initial: (rng: Parameters<typeof categorical>[0]) => Float64Array.of(3 * rng.normal()),
      logPartitionAtStart: 0.5 * Math.log(18 * Math.PI),
    };
    const found = await sequentialMonteCarlo(wells, hmc({ stepSize: 0.4, steps: 3 }), options);
    const right = found.states.filter(([x]) => x > 0).length / 4000;
    expect(Math.abs(right - 2 / 3)).toBeLessThan(0.06);
    // ∫ = √(π/2) (1 + ½).
    const { logPartition: mean, standardError } = found;
    assertMean({ mean, standardError }, Math.log(1.5 * Math.sqrt(Math.PI / 2)));
    expect(standardError).toBeLessThan(0.03);
    expect(found.inverseTemperatures.at(-1)).toBe(1);
    expect(await sequentialMonteCarlo(wells, hmc({ stepSize: 0.4, steps: 3 }), options)).toEqual(found);
    await expect(sequentialMonteCarlo(wells, hmc(), { seed: 1 })).rejects.toThrow("starts from exact draws");
  });
});

describe("an energy of one's own that contradicts itself", () => {
  const ring = plainEnergy(spins(8), (s) => -s.reduce((sum, spin, i) => sum + spin * s[(i + 1) % 8], 0));
  const halved = {
    ...ring,
    can: {
      moves: (x: Int8Array) => {
        const cursor = ring.can.moves(x);
        const delta = (move: number) => cursor.delta(move) / 2;
        return Object.assign(Object.create(cursor), { delta, apply: (move: number) => cursor.apply(move) });
      },
    },
  };
  const message =
    /the cursor does not belong to the energy: move \d changes the energy by -?4, 2 times as much/;

  // A search for a start must not go on until it comes to a state where nothing speaks against the cursor.
  test.each([1, 2, 3, 4, 5])("by a cursor is refused whatever the start, seed %i", async (seed) => {
    const short = { seed, draws: 10 };
    await expect(temper(halved, heatBath(), { ...short, temperatures: [1, 2] })).rejects.toThrow(message);
    await expect(sample(halved, metropolis(), short)).rejects.toThrow(message);
    await expect(sample(halved, metropolis(), short)).rejects.toThrow("warm-up step 0");
    await expect(sequentialMonteCarlo(halved, heatBath(), { seed })).rejects.toThrow(message);
    const annealed = { seed, inverseTemperatures: [0, 0.5, 1] };
    await expect(simulatedAnnealing(halved, metropolis(), annealed)).rejects.toThrow(message);
    const logPartitionAtStart = 8 * Math.log(2);
    await expect(
      annealedImportance(halved, metropolis(), { ...annealed, logPartitionAtStart }),
    ).rejects.toThrow(message);
  });

  test("by a gradient is refused by temper, unless that check is off", async () => {
    const half = differentiable(1, (x, gradient) => {
      gradient[0] = x[0];
      return x[0] ** 2;
    });
    const options = { seed: 1, temperatures: [1, 2], draws: 10, warmup: 10 };
    await expect(temper(half, hmc(), options)).rejects.toThrow(
      /the gradient does not belong to the energy: in coordinate 0 it is \S+, but differences of the energy give/,
    );
    const { chains } = await temper(half, hmc(), { ...options, checkGradient: false });
    expect(chains.map(({ positions }) => positions.length)).toEqual([10, 10]);
  });
});
