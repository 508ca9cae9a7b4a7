import { differentiable, plainEnergy, reals, scale } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { gaussian, gaussianMixture } from "@basin/energy-core/targets";
import { expect, test } from "vitest";
import { estimateIndependent, nuts, randomWalk, sample, sampleModule } from "../../src/index.ts";
import { pathfinderStart } from "../../src/run/pathfinder.ts";

const starts = (energy: Parameters<typeof pathfinderStart>[0], beta: number, count: number) =>
  Array.from({ length: count }, (_, k) => pathfinderStart(energy, beta, createRng(k), k));

test("starts on a Gaussian have its mean and about its spread at any temperature", () => {
  const energy = gaussian({ mean: [20, -3], standardDeviations: [0.5, 4] });
  for (const beta of [1, 0.25]) {
    const found = starts(energy, beta, 600);
    for (const [i, mean, sd] of [
      [0, 20, 0.5 / Math.sqrt(beta)],
      [1, -3, 4 / Math.sqrt(beta)],
    ]) {
      const estimate = estimateIndependent(found.map((x) => x[i]));
      expect(Math.abs(estimate.mean - mean)).toBeLessThan(4.89 * estimate.standardError);
      const spread = estimate.standardError * Math.sqrt(600);
      expect(Math.abs(Math.log(spread / sd))).toBeLessThan(0.35);
    }
  }
});

test("starts at β = 4 have the bits of starts at β = 1 on four times the energy", () => {
  const energy = gaussian({ mean: [2, -3], standardDeviations: [0.5, 4] });
  expect(starts(energy, 4, 10)).toEqual(starts(scale(energy, 4), 1, 10));
});

test("chains start in both of two separated modes", () => {
  const mixture = gaussianMixture({
    means: [
      [-5, 5],
      [5, -5],
    ],
    weights: [0.3, 0.7],
  });
  for (const seed of [1, 2, 3, 4, 5]) {
    const root = createRng(seed);
    const sides = [0, 1, 2, 3].map((k) => Math.sign(pathfinderStart(mixture, 1, root.split(k), k)[0]));
    expect([...sides].sort()).toEqual([-1, -1, 1, 1]);
  }
});

test("an energy without a minimum, and one that throws outside its support, have starts of finite energy", () => {
  const slope = differentiable(1, ([x], out) => {
    out[0] = 1 + x;
    if (x < -30) throw new RangeError("outside");
    return x + 0.5 * x * x;
  });
  const endless = differentiable(1, ([x], out) => {
    out[0] = Math.exp(x);
    return Math.exp(x);
  });
  for (const energy of [slope, endless])
    for (const [x] of starts(energy, 1, 20))
      expect(Number.isFinite(energy.energy(Float64Array.of(x)))).toBe(true);
});

test("the same seed starts at the same bits on threads, and other kernels start so too", async () => {
  const module = new URL("../fixtures/module-energy.ts", import.meta.url).href;
  const energy = (await import("../fixtures/module-energy.ts")).default;
  const options = { seed: 3, chains: 2, draws: 20, warmup: 50, initial: "pathfinder" } as const;
  const [here, there] = [await sample(energy, nuts(), options), await sampleModule(module, options)];
  expect(there.chains.map(({ positions }) => positions)).toEqual(
    here.chains.map(({ positions }) => positions),
  );
  const still = await sample(energy, randomWalk({ scale: 1e-9 }), { ...options, warmup: 0, draws: 4 });
  const [start] = [pathfinderStart(energy, 1, createRng(3).split(0), 0)];
  expect(still.chains[0].positions[0]).toBeCloseTo(start[0], 6);
});

test("an unknown method, and an energy without a gradient, are refused by name", async () => {
  const energy = gaussian({ dimension: 1 });
  await expect(sample(energy, nuts(), { seed: 1, initial: "mode" as "pathfinder" })).rejects.toThrow(
    'unknown initial "mode"; known: pathfinder',
  );
  const plain = plainEnergy(reals(1), ([x]) => x * x);
  await expect(sample(plain, randomWalk(), { seed: 1, initial: "pathfinder" })).rejects.toThrow("gradient");
});
