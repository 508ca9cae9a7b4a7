import { estimateMean } from "@basin/samplers";
import { assertMean } from "@basin/testing";
import { expect, test } from "vitest";
import { createLattice, kaufman, onsager, squareLattice } from "../../src/index.ts";

const size = 16;
const temperature = onsager.criticalTemperature;
const { energyPerSite } = kaufman(size, size, temperature);

/** Mean energy per spin of a lattice run by hand with Wolff's algorithm, settled before measuring or not. */
async function meanEnergy(settled: boolean) {
  const live = await createLattice(squareLattice(size), { algorithm: "wolff", start: "random", seed: 3 });
  live.sweep(100, { temperature });
  if (settled) live.settle();
  return estimateMean(
    Array.from({ length: 4000 }, () => {
      live.sweep(1, { temperature });
      return live.energy / size ** 2;
    }),
  );
}

test("cluster sweeps of a settled lattice have Kaufman's energy; those that stop by size do not", async () => {
  assertMean(await meanEnergy(true), energyPerSite, { minEffectiveSampleSize: 1000 });
  const stoppedBySize = await meanEnergy(false);
  expect(() => assertMean(stoppedBySize, energyPerSite)).toThrow("but the truth is");
});

test("settled at once, a sweep is one cluster, and sweeps add up to the bit", async () => {
  const [once, stepwise] = await Promise.all(
    [1, 2].map(() => createLattice(squareLattice(size), { algorithm: "wolff", start: "random", seed: 3 })),
  );
  once.settle();
  stepwise.settle();
  once.sweep(40, { temperature });
  for (let i = 0; i < 40; i++) stepwise.sweep(1, { temperature });
  expect(stepwise.spins()).toEqual(once.spins());
});
