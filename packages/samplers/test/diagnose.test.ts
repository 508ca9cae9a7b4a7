import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { effectiveSampleSize, energyFraction, rHat, standardError, whyUndefined } from "../src/index.ts";

interface Case {
  draws: (number | null)[][];
  expected: Record<string, number | string | (number | string)[] | null>;
}

const { cases } = JSON.parse(
  readFileSync(new URL("./fixtures/arviz-diagnostics.json", import.meta.url), "utf8"),
) as { cases: Record<string, Case> };

const figures: Record<string, (chains: number[][]) => number> = {
  rhat_rank: (chains) => rHat(chains),
  rhat_split: (chains) => rHat(chains, { method: "split" }),
  rhat_folded: (chains) => rHat(chains, { method: "folded" }),
  rhat_z_scale: (chains) => rHat(chains, { method: "bulk" }),
  rhat_identity: (chains) => rHat(chains, { method: "plain" }),
  ess_bulk: (chains) => effectiveSampleSize(chains, { of: "bulk" }),
  ess_tail: (chains) => effectiveSampleSize(chains, { of: "tail" }),
  ess_mean: (chains) => effectiveSampleSize(chains, { of: "mean" }),
  ess_sd: (chains) => effectiveSampleSize(chains, { of: "sd" }),
  ess_median: (chains) => effectiveSampleSize(chains, { of: 0.5 }),
  "ess_quantile_0.05": (chains) => effectiveSampleSize(chains, { of: 0.05 }),
  "ess_quantile_0.95": (chains) => effectiveSampleSize(chains, { of: 0.95 }),
  mcse_median: (chains) => standardError(chains, { of: 0.5 }),
};

const undefinedCases: Record<string, RegExp> = {
  constant: /every draw is 2.5/,
  constant_per_chain: /every chain is constant, at 1, 2, 3, 4/,
  with_nan: /draw \d+ of chain \d is NaN/,
};

describe.each(Object.entries(cases))("%s", (name, { draws, expected }) => {
  const chains = draws.map((chain) => chain.map((value) => value ?? Number.NaN));
  if (name in undefinedCases) {
    test("is undefined, in words", () => {
      expect(whyUndefined(chains)).toMatch(undefinedCases[name]);
      for (const figure of Object.values(figures)) expect(figure(chains)).toBeNaN();
      const sound = chains.map(
        (chain) => Number.isFinite(chain.reduce((a, b) => a + b)) && new Set(chain).size > 1,
      );
      expect(energyFraction(chains).map((value) => !Number.isNaN(value))).toEqual(sound);
    });
    return;
  }
  test.each(Object.keys(figures))("%s equals ArviZ's", (key) => {
    const target = expected[key];
    const value = figures[key](chains);
    if (target === "NaN") expect(value).toBeNaN();
    else expect(Math.abs(value - (target as number))).toBeLessThan(1e-6 * Math.max(1, target as number));
  });
  test("the energy fraction equals ArviZ's", () => {
    for (const [index, value] of energyFraction(chains).entries()) {
      expect(value).toBeCloseTo((expected.bfmi as number[])[index], 9);
    }
  });
});

test("every case and every figure of the file is compared", () => {
  expect(Object.keys(cases)).toHaveLength(14);
  const keys = Object.keys(cases.iid_normal.expected);
  // ArviZ gave no value for mcse_mean and mcse_sd; they have tests of their own.
  const compared = [...Object.keys(figures), "bfmi", "mcse_mean", "mcse_sd"];
  expect(keys.filter((key) => !compared.includes(key))).toEqual([]);
});
