import { createRng, type Rng } from "@basin/energy-core/random";
import { gaussian } from "@basin/energy-core/targets";
import { assertMean } from "@basin/testing";
import { describe, expect, test } from "vitest";
import { type BoundKernel, lift, nuts, randomWalk } from "../../src/index.ts";
import { together } from "../../src/internal/index.ts";
import { annealedImportance, temper } from "../../src/temper/index.ts";
import { checkLadder, checkPopulations, populations, type Setting } from "../fixtures/gaussian-settings.ts";

type Bound = BoundKernel<Float64Array>;

/** The kernel with some of what it is when bound replaced. */
function altered<K extends { bind(energy: never): object }>(
  kernel: K,
  change: (bound: Bound) => Partial<Bound>,
): K {
  const bind = (energy: never) => {
    const bound = kernel.bind(energy) as Bound;
    return Object.assign(bound, change(bound));
  };
  return { ...kernel, bind };
}

const untuned = <K extends { bind(energy: never): object }>(kernel: K): K =>
  altered(kernel, () => ({ warmup: undefined }));

/** Tunes itself as the kernel does, and then moves at 1.3 β. */
const tooCold = altered(randomWalk(), (bound) => {
  const step = bound.step.bind(bound);
  return { step: (rng, state, beta) => step(rng, state, 1.3 * beta) };
});

const few: readonly Setting[] = [
  { kernel: "nuts", deviation: 0.01, dimension: 1 },
  { kernel: "hmc", deviation: 0.1, dimension: 1 },
  { kernel: "mala", deviation: 10, dimension: 10 },
  { kernel: "randomWalk", deviation: 0.01, dimension: 1 },
];

describe("a population tunes its kernel at each λ", () => {
  test.each(few)("$kernel, sd $deviation, dimension $dimension", async (setting) => {
    expect(await checkPopulations(setting, 12)).toEqual([]);
  });
  test("and not by a kernel that is too cold", async () => {
    const { square } = await populations(few[3], 12, tooCold);
    expect(() => assertMean(square, 1, { comparisons: 144, minEffectiveSampleSize: 12 })).toThrow("z = ");
  });
  test("and warns where a kernel that does not tune itself moves nothing", async () => {
    const { distinct, warnings } = await populations(few[0], 1, untuned(nuts({ maxTreeDepth: 1 })));
    expect(distinct).toBeLessThan(0.1);
    expect(warnings.join()).toMatch(/accepted less than 0.1 of its moves.*particles differ at the end/);
  });
});

describe("a ladder tunes its kernel at each level", () => {
  test.each(few)("$kernel, sd $deviation, dimension $dimension", async (setting) => {
    expect(await checkLadder(setting)).toEqual([]);
  });
  const narrow = gaussian({ standardDeviations: [0.01] });
  const options = { seed: 1, inverseTemperatures: [0.01, 0.1, 1], warmup: 400, draws: 400 };
  test("to the target acceptance at every β", async () => {
    const { acceptances } = await temper(narrow, randomWalk(), options);
    for (const level of acceptances.flat()) expect(Math.abs(level - 0.44)).toBeLessThan(0.17);
  });
  test("and warns where a kernel that does not tune itself moves nothing", async () => {
    const { warnings } = await temper(narrow, untuned(randomWalk()), options);
    expect(warnings).toEqual([expect.stringContaining("at 3 of 3 levels")]);
  });
});

describe("annealed importance sampling tunes its kernel in pilot runs", () => {
  const target = gaussian({ standardDeviations: new Float64Array(5).fill(0.1) });
  const base = gaussian({ dimension: 5 });
  const options = {
    seed: 3,
    inverseTemperatures: Float64Array.from({ length: 101 }, (_, k) => (k / 100) ** 3),
    base,
    initial: (rng: Rng) => base.sample(rng),
    final: (rng: Rng) => target.sample(rng),
    logPartitionAtStart: base.logPartition,
    chains: 500,
  };
  test("and brackets log Z", async () => {
    const found = await annealedImportance(target, nuts(), options);
    assertMean(found.forward, target.logPartition);
    assertMean(found.reverse, target.logPartition);
    expect(Math.min(...found.acceptances)).toBeGreaterThan(0.6);
    expect(found.warnings).toEqual([]);
  });
  test("and warns where a kernel that does not tune itself moves nothing", async () => {
    const found = await annealedImportance(target, untuned(randomWalk({ scale: 5 })), options);
    expect(found.warnings).toEqual([expect.stringContaining("hardly moves")]);
  });
});

describe("lifted walkers that tune themselves", () => {
  const narrow = gaussian({ standardDeviations: [0.01, 1] });
  const streams = (group: number) => createRng(4).split(group);
  const make = () => lift(randomWalk()).walkers(narrow, { groups: 3, streams });
  const statesOf = (walkers: ReturnType<typeof make>) => [0, 1, 2].map((w) => walkers.read(w));

  test("go on from a saved state with what they were tuned to, and are not saved within a warm-up", () => {
    const walkers = make();
    walkers.can.warmup?.(100, 1);
    walkers.step(100, 1);
    expect(() => walkers.save()).toThrow("within a warm-up");
    walkers.can.settle?.();
    const saved = structuredClone(walkers.save());
    const other = make();
    other.restore(saved);
    for (const each of [walkers, other]) each.step(20, 1);
    expect(statesOf(other)).toEqual(statesOf(walkers));
  });
  test("keep their states and streams while `tune` looks at copies", () => {
    const [walkers, other] = [make(), make()];
    const tuned = walkers.can.tune?.(100, 1, createRng(5));
    expect(statesOf(walkers)).toEqual(statesOf(other));
    if (tuned !== undefined) other.can.adopt?.(tuned);
    for (const each of [walkers, other]) each.step(20, 1);
    expect(statesOf(walkers)).toEqual(statesOf(other));
    expect(tuned).not.toEqual({});
  });
  test("warm up alike when taken together", () => {
    const walkers = make();
    const parts = together(
      [0, 1, 2].map((g) => lift(randomWalk()).walkers(narrow, { streams: () => streams(g) })),
    );
    for (const each of [walkers, parts]) {
      each.can.warmup?.(50, [0.5, 1, 2]);
      each.step(50, [0.5, 1, 2]);
      each.can.settle?.();
      each.step(20, [0.5, 1, 2]);
    }
    expect([0, 1, 2].map((w) => parts.read(w))).toEqual(statesOf(walkers));
  });
});
