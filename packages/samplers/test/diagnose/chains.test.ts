import { createRng } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../src/formats/csv.ts";
import { rHat, summarize, warnings, whyUndefined } from "../../src/index.ts";

const nan = Number.NaN;

describe("quantiles of draws with", () => {
  test.each<[string, number[], [number, number, number]]>([
    ["a NaN first", [nan, 1, 2, 3, 4, 5], [nan, nan, nan]],
    ["a NaN last", [1, 2, 3, 4, 5, nan], [nan, nan, nan]],
    ["NaN only", [nan, nan, nan, nan], [nan, nan, nan]],
    ["an infinity", [0, 1, 2, 3, Infinity], [0.2, 2, Infinity]],
    ["both infinities", [-Infinity, 1, 2, 3, Infinity], [-Infinity, 2, Infinity]],
    ["infinities only", [Infinity, Infinity, Infinity, Infinity], [Infinity, Infinity, Infinity]],
  ])("%s", (_, draws, expected) => {
    const { q5, median, q95 } = summarize([draws]);
    expect([q5, median, q95]).toEqual(expected);
  });
  test("and the mean of infinite draws is infinite", () => {
    expect(summarize([[1, 2, Infinity, 3]]).mean).toBe(Infinity);
    expect(summarize([[1, -Infinity, Infinity, 3]]).mean).toBe(nan);
  });
});

describe("the reason of what is undefined", () => {
  test.each<[string, number[][], string | undefined]>([
    ["a NaN", [[1, 2, nan, 4]], "draw 2 of chain 0 is NaN"],
    [
      "more of them",
      [
        [1, 2, 3, 4],
        [1, nan, Infinity, 4],
      ],
      "draw 1 of chain 1 is NaN, the first of 2 draws that are not finite",
    ],
    [
      "a constant in every chain",
      [
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ],
      "every draw is 1: a constant, or chains that never moved",
    ],
    [
      "chains frozen apart",
      [
        [1, 1, 1, 1],
        [2, 2, 2, 2],
      ],
      "every chain is constant, at 1, 2: none moved",
    ],
    [
      "one frozen chain",
      [
        [1, 2, 3, 4],
        [7, 7, 7, 7],
      ],
      "chain 1 is constant at 7: it never moved",
    ],
    [
      "several",
      [
        [7, 7, 7, 7],
        [1, 2, 3, 4],
        [8, 8, 8, 8],
      ],
      "chain 0 is constant at 7: it never moved, and 1 other chains do not move",
    ],
    ["nothing", [[1, 2, 1, 2]], undefined],
  ])("%s", (_, chains, reason) => {
    expect(whyUndefined(chains)).toBe(reason);
  });

  const chains = fc
    .tuple(
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(),
    )
    .map(([count, half, values, seed]) => {
      const rng = createRng(seed);
      return Array.from({ length: count }, () => Array.from({ length: 2 * half }, () => rng.index(values)));
    });
  test("is given for every figure that is NaN, and for no other", () => {
    fc.assert(
      fc.property(chains, (drawn) => {
        const figures = Object.values(summarize(drawn));
        if (whyUndefined(drawn) === undefined) expect(figures).not.toContain(nan);
        else expect(summarize(drawn).rHat).toBe(nan);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe("R-hat of draws of ±1", () => {
  const spins = (seed: number, p: number, count = 1000) => {
    const rng = createRng(seed);
    return Array.from({ length: count }, () => (rng.bernoulli(p) ? 1 : -1));
  };
  test("is that of the ranks where both values are equally many, which scale cannot tell apart", () => {
    const one = [1, -1, -1, 1, 1, -1, 1, -1];
    expect(rHat([one, one.map((spin) => -spin)])).toBe(
      rHat([one, one.map((spin) => -spin)], { method: "bulk" }),
    );
  });
  test("is about 1 for chains that agree and far above for chains that do not", () => {
    expect(Math.abs(rHat([spins(1, 0.5), spins(2, 0.5)]) - 1)).toBeLessThan(0.01);
    expect(rHat([spins(1, 0.9), spins(2, 0.1)])).toBeGreaterThan(1.5);
  });
  test("is infinite where every half stands still at a value of its own", () => {
    expect(
      rHat([
        [1, 1, -1, -1],
        [1, 1, -1, -1],
      ]),
    ).toBe(Infinity);
  });
});

describe("warnings", () => {
  const rows = (count: number, value: (t: number) => string) =>
    `a,b\n${Array.from({ length: count }, (_, t) => value(t)).join("\n")}\n`;
  test("say that every coordinate stands still", () => {
    const frozen = readCsv([rows(8, () => "1,2")]);
    expect(warnings(frozen)).toContain(
      "no coordinate moved in any draw: the sampler is stuck, and these draws say nothing of its target.",
    );
    expect(warnings(readCsv([rows(8, (t) => `1,${t}`)])).join()).not.toContain("no coordinate moved");
  });
  test("say that one run is counted twice", () => {
    const twice = readCsv([
      `chain,x,y\n${[1, 2, 3].flatMap((k) => [0, 1, 2, 3].map((t) => `${k},${t + (k === 2 ? 0.5 : 0)},${t * t}`)).join("\n")}\n`,
    ]);
    expect(warnings(twice)[0]).toMatch(/^chains 0 and 2 hold the same draws: one run counted twice/);
  });
  test("but not of short chains of spins, which agree by accident", () => {
    const spins = readCsv(["chain,s\n1,1\n1,-1\n1,1\n1,1\n2,1\n2,-1\n2,1\n2,1\n"]);
    expect(warnings(spins).join()).not.toContain("counted twice");
  });
});
