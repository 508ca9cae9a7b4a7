import { positive, real, type StateParts, vector } from "@basin/energy-core/expression";
import { describe, expect, test } from "vitest";
import { attempt, type Formula } from "./attempt.ts";

describe("a log density is refused as an energy", () => {
  const y = [1.2, 3.4, -0.3];
  test.each<[string, StateParts, Formula]>([
    ["normal", { mu: real() }, ({ mu }, { neg, normal }) => neg(normal(y, mu, 1))],
    ["Cauchy", { x: real() }, ({ x }, { neg, cauchy }) => neg(cauchy(x))],
    ["Laplace", { x: vector(3) }, ({ x }, { neg, laplace }) => neg(laplace(x))],
    [
      "with a scale",
      { mu: real(), s: positive() },
      ({ mu, s }, { neg, add, normal, halfCauchy }) => neg(add(normal(y, mu, s), normal(mu), halfCauchy(s))),
    ],
    ["linear", { x: vector(2) }, ({ x }, { sum }) => sum(x)],
    ["above 1 alone", { x: real() }, ({ x }, { sub, log }) => sub(log(sub(x, 1)), x)],
    ["but in a gap", { x: real() }, ({ x }, { neg, square, sqrt, sub }) => neg(sqrt(sub(square(x), 4)))],
  ])("%s", (_, parts, formula) => {
    expect(attempt(parts, formula)).toThrow("this looks like a log density");
    expect(attempt(parts, formula, { unbounded: true })).not.toThrow();
  });

  test.each<[string, StateParts, Formula]>([
    ["far from the origin", { mu: real() }, ({ mu }, { normal }) => normal(mu, 1e9, 1)],
    ["flat in a direction", { a: real(), b: real() }, ({ a, b }, { normal, add }) => normal(y, add(a, b), 1)],
    ["with heavy tails", { x: real() }, ({ x }, { student }) => student(x, 1e-2, 0, 1)],
    [
      "with a flat prior of a scale",
      { mu: real(), s: positive() },
      ({ mu, s }, { normal }) => normal(y, mu, s),
    ],
    ["above 1 alone", { x: real() }, ({ x }, { sub, log }) => sub(x, log(sub(x, 1)))],
    ["but in a gap", { x: real() }, ({ x }, { square, sqrt, sub }) => sqrt(sub(square(x), 4))],
    [
      "infinite below 1",
      { x: real() },
      ({ x }, { where, less, square }) => where(less(x, 1), Infinity, square(x)),
    ],
    ["bounded above and below", { x: real() }, ({ x }, { tanh }) => tanh(x)],
  ])("but not an energy %s", (_, parts, formula) => {
    expect(attempt(parts, formula)).not.toThrow();
  });
});
