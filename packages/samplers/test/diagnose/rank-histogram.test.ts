import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { rankHistogram } from "../../src/index.ts";

test("counts the pooled ranks of each chain, ties in the bin of their average", () => {
  expect(
    rankHistogram(
      [
        [1, 4, 5, 8],
        [2, 3, 6, 7],
      ],
      { bins: 4 },
    ),
  ).toEqual(
    [
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ].map((row) => Float64Array.from(row)),
  );
  expect(
    rankHistogram(
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      { bins: 2 },
    ),
  ).toEqual(
    [
      [4, 0],
      [0, 4],
    ].map((row) => Float64Array.from(row)),
  );
  // Ranks 2.5 and 6.5.
  expect(
    rankHistogram(
      [
        [0, 0, 1, 1],
        [0, 1, 0, 1],
      ],
      { bins: 4 },
    ),
  ).toEqual(
    [
      [0, 2, 0, 2],
      [0, 2, 0, 2],
    ].map((row) => Float64Array.from(row)),
  );
});

test("is even for chains of one law, and leans where one is shifted", () => {
  const rng = createRng(1);
  const chains = Array.from({ length: 4 }, () => Float64Array.from({ length: 2000 }, () => rng.normal()));
  const chiSquares = rankHistogram(chains).map((counts) =>
    counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0),
  );
  // χ² of 19 degrees of freedom, a little less for the shared ranks: 1e-6 above 63.
  for (const chiSquare of chiSquares) expect(chiSquare).toBeLessThan(63);
  const [first] = rankHistogram([chains[0].map((x) => x - 0.3), ...chains.slice(1)]);
  expect(first[0]).toBeGreaterThan(150);
  expect(first[19]).toBeLessThan(70);
});

test("refuses what has no rank, and numbers of bins that are none", () => {
  expect(() => rankHistogram([[1, 2, Number.NaN, 4]])).toThrow("draw 2 of chain 0 is NaN, which has no rank");
  expect(() => rankHistogram([[1, 2, 3, 4]], { bins: 1 })).toThrow("bins");
});
