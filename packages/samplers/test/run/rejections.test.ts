import { ArgumentError, DimensionError, differentiable, plainEnergy, reals, spins } from "@basin/energy-core";
import { cholesky } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { memoryCheckpoint } from "@basin/energy-core/run";
import { describe, expect, test } from "vitest";
import {
  type Draws,
  discreteLangevin,
  divergences,
  gibbs,
  gibbsWithGradients,
  heatBath,
  hmc,
  mala,
  metropolis,
  nuts,
  randomWalk,
  SamplingError,
  sample,
  series,
  slice,
  stream,
  summarize,
  warnings,
} from "../../src/index.ts";
import type { KeptChains } from "../../src/run/kept-chains.ts";
import {
  annealedImportance,
  sequentialMonteCarlo,
  simulatedAnnealing,
  temper,
} from "../../src/temper/index.ts";

/** A gamma law of shape 2: E = x − log x above 0, an exception elsewhere. */
function gamma(thrown: () => unknown) {
  return differentiable(1, ([x], gradient) => {
    if (!(x > 0)) throw thrown();
    gradient[0] = 1 - 1 / x;
    return x - Math.log(x);
  });
}

const kernels = {
  nuts: nuts(),
  hmc: hmc(),
  mala: mala(),
  "random walk": randomWalk(),
  slice: slice(),
} as unknown as Record<string, ReturnType<typeof nuts>>;
const told = (draws: Draws) => warnings(draws).filter((warning) => /exception|threw/.test(warning));

describe("an exception in an energy is a rejection", () => {
  test.each(Object.entries(kernels))(
    "of %s: the law is that of the energy inside its support",
    async (_, kernel) => {
      const draws = await sample(
        gamma(() => new Error("outside the support")),
        kernel,
        { seed: 1, draws: 2000, initial: Float64Array.of(0.5) },
      );
      const { mean, standardError, essBulk } = summarize(series(draws, 0));
      expect(essBulk).toBeGreaterThan(150);
      // 4.89 standard errors: one false alarm in a million.
      expect(Math.abs(mean - 2)).toBeLessThan(4.89 * standardError);
      expect(Math.min(...series(draws, 0).flatMap((chain) => [...chain]))).toBeGreaterThan(0);
      expect(told(draws)).toHaveLength(1);
      expect(told(draws)[0]).toMatch(
        /^\d+ of 8000 draws met an exception in the energy, the first in chain 0: "outside the support"\. Each was taken for \+Infinity/,
      );
      const flagged = draws.chains.reduce(
        (sum, { stats }) => sum + stats.rejections.filter((count) => count > 0).length,
        0,
      );
      expect(told(draws)[0]).toMatch(new RegExp(`^${flagged} of`));
      // A divergence of the same step is no sign of curvature.
      const sharp = divergences(draws).filter(
        ({ chain, draw }) => draws.chains[chain].stats.rejections[draw] === 0,
      );
      const [, diverged = "0"] = /(\d+) of 8000 draws diverged/.exec(warnings(draws).join()) ?? [];
      expect(diverged).toBe(String(sharp.length));
    },
  );

  test("whatever is thrown, and the start is drawn again", async () => {
    for (const thrown of [
      () => new Error("no"),
      () => new ArgumentError("no"),
      () => new RangeError("no"),
      () => "no",
    ]) {
      const draws = await sample(gamma(thrown), nuts(), { seed: 2, draws: 100 });
      expect(told(draws)[0]).toContain(': "no". ');
    }
  });

  test("with the same bits as an energy of +Infinity there", async () => {
    const infinite = differentiable(1, ([x], gradient) => {
      gradient[0] = x > 0 ? 1 - 1 / x : 0;
      return x > 0 ? x - Math.log(x) : Infinity;
    });
    const options = { seed: 3, draws: 200, initial: Float64Array.of(0.5) };
    const [a, b] = await Promise.all([
      sample(
        gamma(() => new Error("no")),
        nuts(),
        options,
      ),
      sample(infinite, nuts(), options),
    ]);
    expect(a.chains.map(({ positions }) => positions)).toEqual(b.chains.map(({ positions }) => positions));
    expect(b.chains[0]).not.toHaveProperty("rejections");
    expect(told(b)).toEqual([]);
  });

  test("of a covariance that is not positive definite", async () => {
    const correlation = differentiable(1, ([r], gradient) => {
      const lower = cholesky(Float64Array.of(1, r, r, 1), 2);
      gradient[0] = -r / (1 - r * r);
      return Math.log(lower[0] * lower[3]);
    });
    const draws = await sample(correlation, nuts(), {
      seed: 1,
      warmup: 50,
      draws: 50,
      initial: Float64Array.of(0),
    });
    expect(draws.draws).toBe(50);
    expect(told(draws)[0]).toContain("matrix is not positive definite: pivot 1 is");
  });

  test("and a resumed run tells of all of them", async () => {
    const energy = gamma(() => new Error("no"));
    const options = { seed: 4, chains: 1, warmup: 100, draws: 300, initial: Float64Array.of(0.5) };
    const whole = await sample(energy, nuts(), options);
    let left = 1500;
    const stopping = {
      ...energy,
      can: {
        gradient(x: Float64Array, out: Float64Array) {
          if (--left < 0) throw new TypeError("stopped");
          return energy.can.gradient(x, out);
        },
      },
    };
    const checkpoint = memoryCheckpoint();
    await expect(sample(stopping, nuts(), { ...options, checkpoint })).rejects.toThrow("stopped");
    const [kept] = (await checkpoint.load())!.state as KeptChains<Float64Array>;
    const begun = Array.from(kept?.positions ?? []);
    // The last whole hundred of draws before the stop.
    expect(begun).toHaveLength(100);
    expect(begun).toEqual(Array.from(whole.chains[0].positions.slice(0, begun.length)));
    const resumed = await sample(energy, nuts(), { ...options, checkpoint });
    const [{ rejections, stats }] = whole.chains;
    const later = stats.rejections.subarray(100).reduce((sum, count) => sum + count, 0);
    expect(later).toBeGreaterThan(0);
    expect(kept?.rejections?.count).toBe((rejections?.count ?? 0) - later);
    expect(resumed.chains[0].rejections).toEqual(whole.chains[0].rejections);
    expect(resumed.chains[0].stats).toEqual(whole.chains[0].stats);
  });
});

describe("a fault of the program ends the run", () => {
  test.each([
    new TypeError("x is undefined"),
    new ReferenceError("y is not defined"),
    new DimensionError("length 2, expected 3"),
  ])("%s", async (fault) => {
    const run = sample(
      gamma(() => fault),
      nuts(),
      { seed: 1, initial: Float64Array.of(0.5) },
    );
    await expect(run).rejects.toBeInstanceOf(SamplingError);
    await expect(run).rejects.toThrow(`: ${fault.message}`);
  });
  test("and so does an energy that throws where it did not before", async () => {
    let calls = 0;
    const energy = gamma(() => new Error("no"));
    const changing = {
      ...energy,
      can: {
        gradient(x: Float64Array, out: Float64Array) {
          if (++calls > 3000) throw new Error("the data are gone");
          return energy.can.gradient(x, out);
        },
      },
    };
    await expect(sample(changing, nuts(), { seed: 1, warmup: 10 })).rejects.toThrow(
      /^chain \d, step \d+: the data are gone$/,
    );
  });
  test("and so does an exception where a given start lies", async () => {
    const run = sample(
      gamma(() => new Error("outside")),
      nuts(),
      { seed: 1, initial: Float64Array.of(-2) },
    );
    await expect(run).rejects.toThrow("chain 0, warm-up step 0: outside");
    const thrower = plainEnergy(reals(1), () => {
      throw new Error("outside");
    });
    const nowhere = sample(thrower, randomWalk(), { seed: 1 });
    await expect(nowhere).rejects.toThrow(
      "no start was found in 100 random states; give `initial`. The last failed with: outside",
    );
  });
});

test("energies of classes keep their private fields, getters and inherited methods", async () => {
  class Base {
    readonly #precision = 2;
    get space() {
      return reals(1);
    }
    get can() {
      return {};
    }
    energy([x]: Float64Array): number {
      if (x < 0) throw new Error("negative");
      return 0.5 * this.#precision * x * x;
    }
  }
  class Half extends Base {}
  const draws = await sample(new Half(), randomWalk(), { seed: 5, draws: 50 });
  expect(told(draws)[0]).toContain('"negative"');
});

describe("an exception in the differences of a discrete energy", () => {
  /** E = −s₀s₁ − s₁s₂, where all spins down is outside the support. */
  const chain = plainEnergy(spins(3), (s) => {
    if (s[0] + s[1] + s[2] === -3) throw new RangeError("all are down");
    return -s[0] * s[1] - s[1] * s[2];
  });
  const own = {
    ...chain,
    can: {
      moves: (x: Int8Array) => {
        const cursor = chain.can.moves(x);
        return {
          get state() {
            return cursor.state;
          },
          get energy() {
            return cursor.energy;
          },
          delta: (move: number) => cursor.delta(move),
          deltas: (out: Float64Array) => cursor.deltas(out),
          apply: (move: number) => cursor.apply(move),
        };
      },
    },
  };

  test.each([
    ["metropolis", metropolis(), chain],
    ["heat bath", heatBath(), chain],
    ["gibbs with gradients", gibbsWithGradients(), chain],
    ["metropolis on a cursor of one's own", metropolis(), own],
  ])("is a rejection: %s keeps the law inside", async (_, kernel, energy) => {
    const draws = await sample(energy, kernel, {
      seed: 1,
      draws: 4000,
      warmup: 100,
      initial: Int8Array.of(1, 1, 1),
    });
    // Of the seven states that are left E is −2 once, 0 four times and 2 twice.
    const weights = [Math.exp(2), 4, 2 * Math.exp(-2)];
    const exact = (-2 * weights[0] + 2 * weights[2]) / weights.reduce((a, b) => a + b);
    const { mean, standardError, essBulk } = summarize(draws.chains.map(({ stats }) => stats.energy));
    expect(essBulk).toBeGreaterThan(1000);
    expect(Math.abs(mean - exact)).toBeLessThan(4.89 * standardError);
    expect(told(draws as never)[0]).toMatch(/the first in chain 0: "all are down"/);
  });
});

describe("an exception in a move of a discrete energy", () => {
  /** E = −s₀s₁ − s₁s₂ − ½ s₀ with a cursor whose differences know nothing of it that two down in front are outside. */
  const inner = plainEnergy(spins(3), (s) => -s[0] * s[1] - s[1] * s[2] - 0.5 * s[0]);
  const outside = (s: Int8Array) => s[0] === -1 && s[1] === -1;
  const throwing = (half: boolean) => ({
    ...inner,
    energy: (s: Int8Array) => {
      if (outside(s)) throw new RangeError("two are down");
      return inner.energy(s);
    },
    can: {
      moves: (x: Int8Array) => {
        if (outside(x)) throw new RangeError("two are down");
        const cursor = inner.can.moves(x);
        return {
          get state() {
            return cursor.state;
          },
          get energy() {
            return cursor.energy;
          },
          delta: (move: number) => cursor.delta(move),
          deltas: (out: Float64Array) => cursor.deltas(out),
          apply: (move: number) => {
            const next = cursor.state.slice();
            next[move] = -next[move];
            if (!outside(next)) return cursor.apply(move);
            // What throws may have moved half of what it moves.
            if (half) cursor.apply((move + 1) % 3);
            throw new RangeError("two are down");
          },
        };
      },
    },
  });
  const states = Array.from({ length: 8 }, (_, k) => Int8Array.from([1, 2, 4], (bit) => (k & bit ? 1 : -1)));
  const legal = states.filter((s) => !outside(s));
  const weights = legal.map((s) => Math.exp(-inner.energy(s)));
  const partition = weights.reduce((a, b) => a + b);

  test.each([
    ["metropolis", metropolis()],
    ["metropolis in order", metropolis({ order: "sequential" })],
    ["heat bath", heatBath()],
    ["gibbs", gibbs()],
    ["gibbs by blocks", gibbs({ blocks: [[0, 1], [2]] })],
    ["gibbs with gradients", gibbsWithGradients()],
    ["discrete Langevin", discreteLangevin({ stepSize: 2 })],
  ])("is a rejection: %s keeps the law inside", async (_, kernel) => {
    for (const half of [false, true]) {
      const initial = Int8Array.of(1, 1, 1);
      const draws = await sample(throwing(half), kernel, { seed: 1, draws: 2000, warmup: 100, initial });
      expect(told(draws as never)[0]).toMatch(/the first in chain 0: "two are down"/);
      for (const [k, s] of legal.entries()) {
        const found = draws.chains.map(({ positions }) =>
          Float64Array.from({ length: 2000 }, (_, t) =>
            Number(s.every((spin, i) => positions[3 * t + i] === spin)),
          ),
        );
        const { mean, standardError, essBulk } = summarize(found);
        expect(essBulk).toBeGreaterThan(300);
        // 5.41 standard errors, for six states and seven kernels twice over.
        expect(Math.abs(mean - weights[k] / partition)).toBeLessThan(5.41 * standardError);
      }
    }
  });

  test("is one on a ladder, in a population and on an annealed way, and each result tells of it", async () => {
    const exact = legal.reduce((sum, s, k) => sum + (weights[k] / partition) * inner.energy(s), 0);
    const energy = throwing(true);
    const inverseTemperatures = [0.2, 0.6, 1];
    const tempered = await temper(energy, heatBath(), { seed: 1, inverseTemperatures, draws: 1500 });
    const { mean, standardError } = summarize(tempered.chains.map(({ stats }) => stats.energy));
    expect(Math.abs(mean - exact)).toBeLessThan(4.89 * standardError);
    expect(told(tempered as never)).toEqual([
      expect.stringMatching(/^the energy threw \d+ times, first: "two/),
    ]);
    const base = plainEnergy(spins(3), () => 0);
    const initial = (rng: Rng) => Int8Array.from({ length: 3 }, () => (rng.bernoulli(0.5) ? 1 : -1));
    const start = { base, initial, logPartitionAtStart: 3 * Math.LN2, seed: 2 };
    const population = await sequentialMonteCarlo(energy, heatBath(), { ...start, particles: 4000 });
    expect(Math.abs(population.logPartition - Math.log(partition))).toBeLessThan(
      4.89 * population.standardError,
    );
    expect(population.states.some(outside)).toBe(false);
    expect(population.warnings.join()).toContain('first: "two are down"');
    const { forward, warnings } = await annealedImportance(energy, metropolis(), {
      ...start,
      chains: 2000,
      inverseTemperatures: [0, 0.25, 0.5, 0.75, 1],
    });
    expect(Math.abs(forward.mean - Math.log(partition))).toBeLessThan(4.89 * forward.standardError);
    expect(warnings.join()).toContain('first: "two are down"');
    const [best] = await simulatedAnnealing(energy, metropolis(), {
      seed: 3,
      inverseTemperatures: [0.5, 1, 2, 4, 8],
      reads: 8,
      initial: Int8Array.of(1, 1, 1),
    });
    expect(best.energy).toBe(-2.5);
  });
});

test("a ladder tunes kernels on an energy that throws outside its support", async () => {
  const energy = gamma(() => new Error("outside"));
  const inverseTemperatures = [0.5, 1];
  const start = { seed: 1, initial: Float64Array.of(0.5), inverseTemperatures };
  const draws = await temper(energy, nuts(), { ...start, draws: 1000 });
  const { mean, standardError } = summarize(series(draws, 0));
  expect(Math.abs(mean - 2)).toBeLessThan(4.89 * standardError);
  expect(told(draws)[0]).toContain('first: "outside"');
});

test("spins and streams go on as they were", async () => {
  const pair = plainEnergy(spins(3), (s) => -s[0] * s[1]);
  expect((await sample(pair, heatBath(), { seed: 1, draws: 10 })).chains[0]).not.toHaveProperty("rejections");
  let count = 0;
  for await (const { position } of stream(
    gamma(() => new Error("no")),
    nuts(),
    { seed: 1, chains: 1, draws: 50 },
  )) {
    expect(position[0]).toBeGreaterThan(0);
    count++;
  }
  expect(count).toBe(50);
});
