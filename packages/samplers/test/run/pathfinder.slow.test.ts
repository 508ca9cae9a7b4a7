import { gaussianMixture } from "@basin/energy-core/targets";
import { expect, test } from "vitest";
import { nuts, rHat, sample, series } from "../../src/index.ts";

test.each([
  [
    "two dimensions, 14 apart",
    [
      [-5, 5],
      [5, -5],
    ],
    [0.3, 0.7],
  ],
  ["ten dimensions, 12 apart", [new Array(10).fill(-2), new Array(10).fill(2)], [0.2, 0.8]],
])("two modes in %s are seen from Pathfinder's starts in 20 of 20 seeds", async (_, means, weights) => {
  const mixture = gaussianMixture({ means, weights });
  for (let seed = 0; seed < 20; seed++) {
    const chains = series(await sample(mixture, nuts(), { seed, initial: "pathfinder", draws: 500 }), 0);
    const upper = chains.flatMap((chain) => [...chain]).filter((x) => x > 0).length / 2000;
    expect(rHat(chains) > 1.1 || Math.abs(upper - weights[1]) < 0.1).toBe(true);
  }
});
