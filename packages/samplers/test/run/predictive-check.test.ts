import { gaussian } from "@basin/energy-core/targets";
import { expect, test } from "vitest";
import { generateDraws, nuts, predictiveCheck, sample } from "../../src/index.ts";

const draws = await sample(gaussian({ dimension: 1 }), nuts(), { seed: 1, names: ["mu"] });
const replicated = generateDraws(
  draws,
  ({ mu: [mu] }, rng) => ({ y: [mu + rng.normal(), mu + rng.normal()] }),
  {
    seed: 2,
  },
);
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

test("the p-value of a statistic of known law is right within its error", () => {
  // y₀ + y₁ = 2μ + ε₀ + ε₁ has the variance 6.
  const { pValue, observed, replicated: found } = predictiveCheck(replicated, [1, 2], sum);
  expect(observed).toBe(3);
  expect(found.map(({ length }) => length)).toEqual([1000, 1000, 1000, 1000]);
  expect(Math.abs(pValue.mean - 0.1103357)).toBeLessThan(4.89 * pValue.standardError);
  expect(pValue.standardError).toBeLessThan(0.012);
});

test("counts replications that equal the data, and has no error where all lie on one side", () => {
  expect(predictiveCheck(replicated, [0, 0], () => 7).pValue.mean).toBe(1);
  const { mean, standardError } = predictiveCheck(replicated, [50, 50], sum).pValue;
  expect([mean, standardError]).toEqual([0, Number.NaN]);
});

test("refuses data of another length, and a statistic that is not finite", () => {
  expect(() => predictiveCheck(replicated, [1, 2, 3], sum)).toThrow(
    "there are 3 observations, and 2 in each replication: y[0], y[1]",
  );
  expect(() => predictiveCheck(replicated, [1, 2], ([a]) => Math.log(a - 1))).toThrow(
    "the statistic of the observations is -Infinity, expected a finite number",
  );
});
