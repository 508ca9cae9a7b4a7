import { fitScore, type OutlierScore } from "@basin/jem/outliers";
import { describe, expect, it } from "vitest";

// W = (e₁, e₂) and b = (1, 2): the origin −W⁺ b is (−1, −2, 0), and x = o + r has the logits (r₁, r₂).
const weights = [
  [1, 0, 0],
  [0, 1, 0],
];
const bias = [1, 2];
const origin = [-1, -2, 0];
const at = (rows: number[][], o = origin) => rows.map((r) => r.map((x, j) => o[j] + x));
// The principal axes are e₁, e₂, e₃ in this order. The largest logits are 3, 0, 2, 0, 0, 0, on average 5/6.
const features = at([
  [3, 0, 0],
  [-3, 0, 0],
  [0, 2, 0],
  [0, -2, 0],
  [0, 0, 1],
  [0, 0, -1],
]);
const queries = [
  [0, 0, 0],
  [1, -2, 3],
  [-4, 0.5, -0.1],
];

/** α ‖r − its part in e₁ … e_k‖ − log(exp r₁ + exp r₂). */
const expected = (alpha: number, k: number) =>
  queries.map((r) => alpha * Math.hypot(...r.slice(k)) - Math.log(Math.exp(r[0]) + Math.exp(r[1])));

function expectScores(found: Float64Array, scores: readonly number[]): void {
  expect(found).toHaveLength(scores.length);
  for (const [i, score] of scores.entries()) expect(found[i]).toBeCloseTo(score, 10);
}

const expectSame = (a: OutlierScore, b: OutlierScore) => expect(a.toJSON()).toEqual(b.toJSON());

describe("the score vim", () => {
  it.each([
    // The distances to the span of e₁ are 0, 0, 2, 2, 1, 1, on average 1; to that of e₁ and e₂ 0, 0, 0, 0, 1, 1.
    [1, 5 / 6],
    [2, 5 / 2],
  ])("is the virtual logit against the logits, by hand for %d components", (components, alpha) => {
    const score = fitScore("vim", { features, weights, bias }, { components });
    expectScores(score.score({ features: at(queries) }), expected(alpha, components));
  });

  it("has half the width of the features as components by default, and at least one", () => {
    const data = { features, weights, bias };
    expectSame(fitScore("vim", data), fitScore("vim", data, { components: 1 }));
    const flat = { features: features.map(([a, b, c]) => [a, b, c, 0.1 * a * b + c]), bias };
    const wide = { ...flat, weights: weights.map((row) => [...row, 0]) };
    expectSame(fitScore("vim", wide), fitScore("vim", wide, { components: 2 }));
  });

  it("does not depend on the axes or the unit of the features if the head has the same", () => {
    const [cos, sin] = [0.6, 0.8];
    const turn = (rows: number[][], unit: number) =>
      rows.map(([a, b, c]) => [unit * (cos * a - sin * c), unit * b, unit * (sin * a + cos * c)]);
    const turned = fitScore("vim", { features: turn(features, 5), weights: turn(weights, 1 / 5), bias });
    expectScores(turned.score({ features: turn(at(queries), 5) }), expected(5 / 6, 1));
  });

  it("has the origin of the pseudo-inverse where two classes have the same weights", () => {
    // W⁺ b = (e₁ + e₁)(1 + 3)/4, the least-squares solution. Logits of o + r are r₁ − 1 and r₁ + 1, at most 4, −2, 1 …
    const o = [-2, 0, 0];
    const rows = [
      [3, 0, 0],
      [-3, 0, 0],
      [0, 0, 1],
      [0, 0, -1],
    ];
    const twice = { features: at(rows, o), weights: [weights[0], weights[0]], bias: [1, 3] };
    const found = fitScore("vim", twice, { components: 1 }).score({ features: at(queries, o) });
    // The mean largest logit is 1, the mean distance to the span of e₁ 1/2.
    const scores = queries.map((r) => 2 * Math.hypot(r[1], r[2]) - r[0] - Math.log(2 * Math.cosh(1)));
    expectScores(found, scores);
  });

  it("takes the bias for 0 where there is none", () => {
    const data = { features, weights };
    expectSame(fitScore("vim", data), fitScore("vim", { ...data, bias: [0, 0] }));
  });

  it.each([
    [0, /components is 0, expected .*at least 1/],
    [1.5, /components is 1.5, expected an integer/],
    [4, /components is 4, expected at most 3, the width of the features/],
    [3, /3 components leave nothing of the features, expected fewer than their rank, 3/],
  ])("refuses %d components of features of width 3", (components, message) => {
    expect(() => fitScore("vim", { features, weights, bias }, { components })).toThrow(message);
  });

  it("refuses features that lie in the subspace up to rounding", () => {
    const line = [1, 2, 3].map((x) => [x / 3, x / 3]);
    expect(() => fitScore("vim", { features: line, weights: [[1, 1]] }, { components: 1 })).toThrow(
      "1 components leave nothing of the features, expected fewer than their rank, 1",
    );
  });

  it("needs features and the head, with weights of its shape", () => {
    expect(() => fitScore("vim", { features })).toThrow(/give \{ weights, bias \}/);
    expect(() => fitScore("vim", { logits: [[1, 2]], weights, bias })).toThrow(/"vim" needs features/);
    const transposed = { features, weights: [0, 1, 2].map((j) => weights.map((row) => row[j])) };
    expect(() => fitScore("vim", transposed)).toThrow(
      /weights are \[3, 2\], expected \[classes, 3\]; these look like their transpose/,
    );
  });
});
