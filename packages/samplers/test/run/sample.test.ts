import { type Can, differentiable, type Energy, plainEnergy, reals, spins } from "@basin/energy-core";
import { assertMean, boltzmann, spinStates } from "@basin/testing";
import { describe, expect, test } from "vitest";
import {
  deriveDraws,
  estimateMean,
  gibbs,
  heatBath,
  hmc,
  type MoveKernel,
  metropolis,
  momentObserver,
  nuts,
  randomWalk,
  sample,
  series,
  statistic,
  summary,
  ula,
  warnings,
} from "../../src/index.ts";
import type { Moments } from "../../src/run/observer.ts";
import { temper } from "../../src/temper/index.ts";
import { gaussian, labelGlass, orderGlass, spinGlass } from "../fixtures/energies.ts";
import { statesOf } from "../kernels/stationarity.ts";

const energy = gaussian([
  [4, 0],
  [0, 0.25],
]);
const short = { chains: 2, warmup: 200, draws: 100, seed: 8 };

describe("sample", () => {
  test.each([
    ["nuts", nuts()],
    ["nuts, dense metric", nuts({ metric: "dense" })],
    ["hmc", hmc()],
  ])("%s finds the moments of a Gaussian, with sound diagnostics", async (_, kernel) => {
    const draws = await sample(energy, kernel, { seed: 12 });
    expect(warnings(draws)).toEqual([]);
    for (const [i, sd] of [0.5, 2].entries()) {
      const chains = series(draws, i);
      assertMean(estimateMean(chains), 0, { comparisons: 16, minEffectiveSampleSize: 1000 });
      assertMean(estimateMean(chains.map((chain) => chain.map((x) => x * x))), sd * sd, { comparisons: 16 });
      expect(summary(draws)[`x[${i}]`].rHat).toBeLessThan(1.01);
    }
  });

  test("refuses what is no kernel, with what makes one", async () => {
    const call = sample(energy, nuts as never, short);
    await expect(call).rejects.toThrow(
      "the kernel of sample is a function, expected a kernel, such as nuts(): call it, as in nuts()",
    );
  });

  test("random walk finds the moments too, with fewer effective draws", async () => {
    const draws = await sample(energy, randomWalk(), { seed: 13, draws: 4000 });
    assertMean(estimateMean(series(draws, 1)), 0);
    const acceptance = estimateMean(statistic(draws, "acceptanceProbability")).mean;
    expect(Math.abs(acceptance - 0.337)).toBeLessThan(0.06);
  });

  test("temperature widens the law", async () => {
    const draws = await sample(energy, nuts(), { seed: 14, temperature: 4 });
    const squares = series(draws, 0).map((chain) => chain.map((x) => x * x));
    assertMean(estimateMean(squares), 1);
    expect(draws.inverseTemperature).toBe(0.25);
  });

  test("spins are kept as Int8Array and follow the enumerated law", async () => {
    const glass = spinGlass(4, 5);
    const draws = await sample(glass, heatBath(), { seed: 15, warmup: 50, draws: 4000, chains: 2 });
    expect(draws.chains[0].positions).toBeInstanceOf(Int8Array);
    const states = spinStates(4);
    const law = boltzmann(states.map((state) => glass.energy(state)));
    for (let i = 0; i < 4; i++) {
      const exact = states.reduce((sum, state, k) => sum + law[k] * state[i], 0);
      assertMean(estimateMean(series(draws, i)), exact, { comparisons: 8 });
    }
    expect(statistic(draws, "energy")[0][17]).toBeCloseTo(
      glass.energy(draws.chains[0].positions.slice(68, 72)),
      9,
    );
  });

  test.each<[string, Energy<Uint8Array, Can<Uint8Array, "moves">>, MoveKernel]>([
    ["labels", labelGlass(3, 5), gibbs({ blocks: [[0, 1], [2]] })],
    ["orders", orderGlass(4, 6), metropolis()],
  ])("%s are kept as Uint8Array and follow the enumerated law", async (_, glass, kernel) => {
    const draws = await sample(glass, kernel, { seed: 16, warmup: 50, draws: 4000, chains: 2 });
    expect(draws.chains[0].positions).toBeInstanceOf(Uint8Array);
    const states = statesOf(glass.space);
    const law = boltzmann(states.map((state) => glass.energy(state)));
    for (let i = 0; i < glass.space.dimension; i++) {
      const exact = states.reduce((sum, state, k) => sum + law[k] * state[i], 0);
      assertMean(estimateMean(series(draws, i)), exact, { comparisons: 8 });
    }
  });

  test("the same seed gives the same bits, and another seed others", async () => {
    const [a, b, c] = [
      await sample(energy, nuts(), short),
      await sample(energy, nuts(), short),
      await sample(energy, nuts(), { ...short, seed: 9 }),
    ];
    expect(a.chains).toEqual(b.chains);
    expect(a.chains[0].positions).not.toEqual(c.chains[0].positions);
  });

  test("a chain does not depend on how many others there are", async () => {
    const [two, three] = [
      await sample(energy, nuts(), short),
      await sample(energy, nuts(), { ...short, chains: 3 }),
    ];
    expect(three.chains.slice(0, 2)).toEqual(two.chains);
  });

  test("thinning keeps every n-th draw of the same chain", async () => {
    const all = await sample(energy, nuts(), { ...short, draws: 90 });
    const thinned = await sample(energy, nuts(), { ...short, draws: 30, thin: 3 });
    expect(thinned.chains[0].positions).toEqual(
      all.chains[0].positions.filter((_, i) => Math.floor(i / 2) % 3 === 2),
    );
  });

  test("observers fold what they would have kept", async () => {
    const kept = await sample(energy, nuts(), short);
    const folded = await sample(energy, nuts(), {
      ...short,
      keep: false,
      observers: { moments: momentObserver },
    });
    expect(folded.chains[1].positions).toHaveLength(0);
    const { mean, variance, count } = folded.chains[1].observed.moments as Moments;
    expect(count).toBe(100);
    const x = series(kept, 1)[1];
    const direct = x.reduce((a, b) => a + b) / 100;
    expect(mean[1]).toBeCloseTo(direct, 12);
    expect(variance[1]).toBeCloseTo(x.reduce((a, b) => a + (b - direct) ** 2, 0) / 99, 12);
  });

  test("progress ends with every chain done, and a signal stops the run", async () => {
    const seen: string[] = [];
    await sample(energy, nuts(), {
      ...short,
      onProgress: ({ done, total, chains }) =>
        seen.push(`${done} of ${total}: ${chains.map((c) => c.phase).join()}`),
    });
    expect(seen.at(-1)).toMatch(/^(\d+) of \1: done,done$/);
    const controller = new AbortController();
    const slow = sample(energy, nuts(), {
      ...short,
      draws: 10_000_000,
      keep: false,
      signal: controller.signal,
    });
    controller.abort(new Error("enough"));
    await expect(slow).rejects.toThrow("enough");
  });

  test("initial positions: one for all, one for each, a function", async () => {
    const options = { ...short, warmup: 0, draws: 1 };
    const frozen = randomWalk({ scale: 1e-12 });
    const one = await sample(energy, frozen, { ...options, initial: Float64Array.of(3, 4) });
    expect(series(one, 1).map(([x]) => Math.round(x))).toEqual([4, 4]);
    const each = await sample(energy, frozen, {
      ...options,
      initial: [Float64Array.of(1, 2), Float64Array.of(3, 4)],
    });
    expect(series(each, 0).map(([x]) => Math.round(x))).toEqual([1, 3]);
    const drawn = await sample(energy, frozen, {
      ...options,
      initial: (_, chain) => Float64Array.of(chain, 9),
    });
    expect(series(drawn, 0).map(([x]) => Math.round(x))).toEqual([0, 1]);
  });
});

describe("a user is told what is wrong", () => {
  const run = (options = {}, gradient = energy.can.gradient) =>
    sample({ ...energy, can: { gradient } }, nuts(), { ...short, ...options });
  test("a start at +∞", async () => {
    await expect(run({ initial: Float64Array.of(1, 2) }, () => Infinity)).rejects.toThrow(
      "chain 0, warm-up step 0: the energy at the start [1, 2] is +Infinity: it lies outside the support",
    );
    await expect(run({}, () => Infinity)).rejects.toThrow("no start was found in 100 random states");
  });
  test("a gradient of the wrong sign, or wrong in one coordinate, or of a large model", async () => {
    const gradient = (x: Float64Array, out: Float64Array) => {
      const value = energy.can.gradient(x, out);
      out[1] = -out[1];
      return value;
    };
    await expect(run({}, gradient)).rejects.toThrow(
      /the gradient does not belong to the energy: in coordinate 1 it is .* \(it has the wrong sign\)/,
    );
    const unchecked = await run({ checkGradient: false, draws: 5, warmup: 5 }, gradient);
    expect(unchecked).toMatchObject({ draws: 5, dimension: 2 });
    const large = gaussian(
      Array.from({ length: 70 }, (_, i) => Array.from({ length: 70 }, (_, j) => (i === j ? 1 : 0))),
    );
    const climb = (x: Float64Array, out: Float64Array) => {
      const value = large.can.gradient(x, out);
      for (let i = 0; i < out.length; i++) out[i] = -out[i];
      return value;
    };
    const climbs = { ...large, can: { gradient: climb } };
    await expect(sample(climbs, nuts(), short)).rejects.toThrow("(it has the wrong sign)");
  });
  test("an energy that throws", async () => {
    let calls = 0;
    const gradient = (x: Float64Array, out: Float64Array) => {
      if (++calls > 900) throw new TypeError("lookup failed");
      return energy.can.gradient(x, out);
    };
    const failure = await run({}, gradient).catch((error) => error);
    expect(failure.message).toMatch(/^chain \d, (warm-up )?step \d+: lookup failed$/);
    expect(failure.cause).toBeInstanceOf(TypeError);
  });
  test("a name that comes twice", async () => {
    const twice = sample(energy, nuts(), { seed: 1, names: ["a", "a"] });
    await expect(twice).rejects.toThrow('the name "a" comes twice; names must differ');
  });
  test("a coordinate of zero variance", async () => {
    const draws = await sample(energy, nuts(), { ...short, draws: 200 });
    const flat = deriveDraws(draws, ["x", "constant"], (x) => [x[0], 5]);
    expect(summary(flat).constant.rHat).toBeNaN();
    expect(warnings(flat).join()).toContain(
      "no diagnostic is defined for constant (every draw is 5: a constant, or chains that never moved)",
    );
  });
  test("options out of range", async () => {
    await expect(run({ draws: 0 })).rejects.toThrow("draws is 0, expected an integer at least 1");
    await expect(run({ seed: -1 })).rejects.toThrow("seed is -1");
    await expect(run({ names: ["only"] })).rejects.toThrow("names has length 1, expected 2");
    await expect(run({ temperature: 0 })).rejects.toThrow("temperature is 0");
  });
  test("a kernel that does not fit is refused by name, by the compiler too", async () => {
    // @ts-expect-error: spins are not reals.
    await expect(sample(spinGlass(3, 1), nuts(), short)).rejects.toThrow(
      "nuts needs an energy over reals, this one is over 3 spins",
    );
    // @ts-expect-error: no gradient.
    await expect(sample({ ...energy, can: {} }, nuts(), short)).rejects.toThrow(
      "nuts follows gradients (randomWalk needs none): it needs an energy with a gradient; this one, over 2 reals, has none",
    );
    // @ts-expect-error: no moves.
    await expect(sample({ ...spinGlass(3, 1), can: {} }, heatBath(), short)).rejects.toThrow(
      /^heat-bath needs an energy with moves; this one, over 3 spins, has none$/,
    );
    // @ts-expect-error: reals have no moves.
    await expect(sample(energy, heatBath(), short)).rejects.toThrow(
      "heat-bath needs states that are values at sites; 2 reals are not",
    );
    // @ts-expect-error: reals have no moves.
    await expect(sample(energy, metropolis(), short)).rejects.toThrow(
      "metropolis needs discrete states with moves; 2 reals have none",
    );
  });
  test("an unknown coordinate or statistic", async () => {
    const draws = await sample(energy, nuts(), short);
    expect(() => series(draws, "y")).toThrow('unknown coordinate "y"; known: x[0], x[1]');
    expect(() => statistic(draws, "depth")).toThrow(
      'nuts records no "depth"; known: energy, acceptanceProbability',
    );
  });
});

describe("an energy that falls without bound", () => {
  const logDensity = differentiable(1, (x, gradient) => {
    gradient[0] = -x[0];
    return -(x[0] ** 2) / 2;
  });

  test("is told from one that does not by its draws", async () => {
    const message = /^the energy still falls in every chain, by \S+ or more .* as a log density does/;
    expect(warnings(await sample(logDensity, randomWalk(), short))).toContainEqual(
      expect.stringMatching(message),
    );
    const right = differentiable(1, (x, gradient) => {
      const value = logDensity.can.gradient(x, gradient);
      gradient[0] = -gradient[0];
      return -value;
    });
    // From far away, without warm-up, a chain comes down once and stays.
    const far = { ...short, warmup: 0, draws: 1000, initial: Float64Array.of(100) };
    expect(warnings(await sample(right, hmc({ stepSize: 0.5, steps: 3 }), far)).join()).not.toMatch(
      /still falls/,
    );
  });
});

describe("an energy of one's own that handles its arrays wrongly", () => {
  const bowl = (x: Float64Array) => x[0] ** 2 / 2 + 2 * x[1] ** 2;
  const adds = differentiable(2, (x, gradient) => {
    gradient[0] += x[0];
    gradient[1] += 4 * x[1];
    return bowl(x);
  });
  const leavesOut = differentiable(2, (x, gradient) => {
    gradient[1] = 4 * x[1];
    return 2 * x[1] ** 2;
  });
  const sorts = plainEnergy(reals(2), (x) => bowl(x.sort()));
  const sortsSpins = plainEnergy(
    spins(6),
    (s) => -s.sort().reduce((sum, spin, i) => sum + spin * s[i ? i - 1 : 5], 0),
  );

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["adds to the gradient", () => sample(adds, nuts(), short), /in coordinate 0: it must set every entry/],
    [
      "adds, followed by ula",
      () => sample(adds, ula({ stepSize: 0.01 }), short),
      /what its array held before/,
    ],
    [
      "leaves an entry out",
      () => sample(leavesOut, hmc(), short),
      /\(gradient\[0\] = …\), not add to it or leave it/,
    ],
    [
      "sorts its state",
      () => sample(sorts, randomWalk(), { ...short, chains: 4 }),
      /changes the state that it is given \(entry 0 from/,
    ],
    ["sorts its spins", () => sample(sortsSpins, metropolis(), short), /copy it first, as by x\.slice\(\)/],
    [
      "adds to the gradient, in temper",
      () => temper(adds, hmc(), { seed: 1, temperatures: [1, 2] }),
      /what its array held before, in coordinate 0/,
    ],
  ])("is refused: %s", async (_, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });
});
