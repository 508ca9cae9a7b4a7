import { estimateMean } from "@basin/samplers";
import { assertMean } from "@basin/testing";
import { describe, expect, test } from "vitest";
import { createLattice, createModel, kaufman, onsager } from "../../src/index.ts";

const size = 16;
const temperature = onsager.criticalTemperature;
const { energyPerSite } = kaufman(size, size, temperature);

/** Mean energy per spin of a lattice run by hand with Wolff's algorithm, settled before measuring or not. */
async function meanEnergy(settled: boolean) {
  const live = await createLattice(createModel("square", size), {
    algorithm: "wolff",
    start: "random",
    seed: 3,
  });
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
    [1, 2].map(() =>
      createLattice(createModel("square", size), { algorithm: "wolff", start: "random", seed: 3 }),
    ),
  );
  once.settle();
  stepwise.settle();
  once.sweep(40, { temperature });
  for (let i = 0; i < 40; i++) stepwise.sweep(1, { temperature });
  expect(stepwise.spins()).toEqual(once.spins());
});

describe("the shades of squares of sites", () => {
  test.each([
    ["the bits of a square torus", { coupling: 1 }],
    ["the staggered bits of an antiferromagnet", { coupling: -1 }],
    ["spins read one by one", { coupling: 1, field: 0.1 }],
  ])("are the shares of up spins, from %s", async (_, options) => {
    const model = createModel("square", [64, 128], options);
    const live = await createLattice(model, { seed: 3 });
    live.sweep(5, { temperature: 3 });
    const spins = live.spins();
    for (const side of [1, 2, 4]) {
      const expected = new Uint8Array((64 * 128) / side ** 2).map((_, k) => {
        const across = 128 / side;
        const corner = Math.floor(k / across) * side * 128 + (k % across) * side;
        let up = 0;
        for (let j = 0; j < side ** 2; j++) {
          if (spins[corner + Math.floor(j / side) * 128 + (j % side)] > 0) up++;
        }
        return (255 * up) / side ** 2;
      });
      expect(live.shades(side)).toEqual(expected);
    }
  });

  test("are refused where squares do not tile the model", async () => {
    const live = await createLattice(createModel("chain", 12), { seed: 1 });
    expect(() => live.shades(3)).toThrow("shape [12]");
    const odd = await createLattice(createModel("square", 10), { seed: 1 });
    expect(() => odd.shades(4)).toThrow("multiples of 4");
  });
});
