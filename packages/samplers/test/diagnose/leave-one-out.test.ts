import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leaveOneOut } from "../../src/index.ts";

interface Case {
  readonly relativeEfficiency: number;
  readonly logLikelihood: number[][][];
  readonly expected: {
    readonly elpd_loo: number;
    readonly se: number;
    readonly p_loo: number;
    readonly loo_i: number[];
    readonly pareto_k: (number | string)[];
    readonly good_k: number;
  };
}

const { cases } = JSON.parse(
  readFileSync(new URL("../fixtures/arviz-loo.json", import.meta.url), "utf8"),
) as { cases: Record<string, Case> };

const arrayOf = (values: number[][][]) => ({
  data: Float64Array.from(values.flat(2)),
  shape: [values.length, values[0].length, values[0][0].length],
});

describe.each(Object.entries(cases))("%s", (_, { relativeEfficiency, logLikelihood, expected }) => {
  const found = leaveOneOut(arrayOf(logLikelihood), { relativeEfficiency });
  test("equals ArviZ 0.23.4 to 1e-6, k-hat included", () => {
    const pairs = [
      [found.expectedLogDensity, expected.elpd_loo],
      [found.standardError, expected.se],
      [found.effectiveParameters, expected.p_loo],
      [found.maxShape, expected.good_k],
      ...expected.loo_i.map((value, i) => [found.pointwise[i], value]),
      ...expected.pareto_k.map((value, i) => [found.shapes[i], Number(value)]),
    ];
    for (const [mine, theirs] of pairs) {
      if (Number.isFinite(theirs))
        expect(Math.abs(mine - theirs)).toBeLessThan(1e-6 * Math.max(1, Math.abs(theirs)));
      else expect(mine).toBe(theirs);
    }
  });
  test("warns exactly where a k-hat is above the limit", () => {
    const bad = expected.pareto_k.filter((k) => Number(k) > expected.good_k).length;
    expect(found.warnings.map((sentence) => Number(sentence.split(" ")[0]))).toEqual(bad === 0 ? [] : [bad]);
  });
});

test("the relative efficiency is that of each observation's likelihoods where none is given", () => {
  const sticky = Array.from({ length: 2 }, (_, c) =>
    Array.from({ length: 200 }, (_, t) => [
      -((Math.sin((t + 31 * c) / 9) + 0.3) ** 2),
      -(Math.sin(t * t + c) ** 2),
    ]),
  );
  const { relativeEfficiencies } = leaveOneOut(arrayOf(sticky));
  expect(relativeEfficiencies[0]).toBeLessThan(0.3);
  expect(relativeEfficiencies[1]).toBeGreaterThan(0.5);
});

test("a strided array is read by its strides", () => {
  const { logLikelihood, relativeEfficiency } = cases.heavy_tail;
  const { data, shape } = arrayOf(logLikelihood);
  const [chains, draws, n] = shape;
  const turned = new Float64Array(data.length);
  for (let s = 0; s < chains * draws; s++)
    for (let i = 0; i < n; i++) turned[i * chains * draws + s] = data[s * n + i];
  const stride = [draws, 1, chains * draws];
  const found = leaveOneOut({ data: turned, shape, stride }, { relativeEfficiency });
  expect(found).toEqual(leaveOneOut({ data, shape }, { relativeEfficiency }));
});

test.each([
  ["two axes", { data: new Float64Array(20), shape: [2, 10] }, "expected [chains, draws, observations]"],
  [
    "a value of NaN",
    { data: new Float64Array(20).fill(Number.NaN), shape: [2, 10, 1] },
    "observation 0 at draw 0 of chain 0 is NaN",
  ],
])("%s is refused", (_, array, message) => expect(() => leaveOneOut(array)).toThrow(message));

test.each([
  ["an empty list", [], "the log likelihood is an array of length 0, expected an ndarray"],
  ["nothing", undefined, "the log likelihood is undefined, expected an ndarray"],
])("%s is refused", (_, array, message) => expect(() => leaveOneOut(array as never)).toThrow(message));
