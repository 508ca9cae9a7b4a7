import { shift, sum } from "@basin/energy-core";
import {
  expression,
  expressionFromTrace,
  learnable,
  positive,
  real,
  type StateParts,
  type Value,
  vector,
} from "@basin/energy-core/expression";
import { describe, expect, test } from "vitest";
import type { ExpressionOptions } from "../../src/expression/expression.ts";
import { attempt, type Formula } from "./attempt.ts";

describe("a formula that cannot be meant is refused", () => {
  test.each<[string, StateParts, Formula, string | RegExp, ExpressionOptions?]>([
    [
      "shapes that differ, by the names of the parts",
      { a: vector(3), b: vector(4) },
      ({ a, b }, { sum, add }) => sum(add(a, b)),
      "add of a (a vector of 3) and b (a vector of 4), expected equal shapes or numbers",
    ],
    ["a part that is never used", { a: real(), b: real() }, ({ a }, { square }) => square(a), "never uses b"],
    [
      "a part that is named and then not used",
      { a: real(), b: real() },
      ({ a, b }, { square }) => (b ? square(a) : a),
      "never uses b",
    ],
    [
      "an unknown operation",
      { a: real() },
      ({ a }, operations) => (operations as never as { ln: (x: Value) => Value }).ln(a as Value),
      'unknown operation "ln"; known: neg, abs',
    ],
    [
      "an operator of JavaScript",
      { a: real() },
      ({ a }, { square }) => square((a as never) * 2),
      "JavaScript's operators, comparisons and Math work on no value of a formula (here a number)",
    ],
    [
      "a part that is no support",
      { a: real as never },
      ({ a }, { square }) => square(a),
      "the part a is a function, expected a support such as real()",
    ],
    ["what is no function", { a: real() }, 5 as never, "the formula is 5, expected a function"],
    [
      "a formula that returns nothing",
      { a: real() },
      ({ a }, { square }) => void square(a) as never,
      "the formula returns undefined, expected a number",
    ],
    [
      "an unknown kernel",
      { a: real() },
      ({ a }, { square }) => square(a),
      'unknown kernel "gpu"',
      { kernel: "gpu" as never },
    ],
    [
      "a positive law of a part that may be negative",
      { a: real() },
      ({ a }, { gamma }) => gamma(a, 2, 1),
      "argument 1 of gamma is a, a part that takes every real value; give it a support such as positive()",
    ],
    [
      "a uniform law of a part without bounds",
      { a: real() },
      ({ a }, { uniform }) => uniform(a, 0, 1),
      "give it a support such as interval(low, high)",
    ],
    [
      "data that are text",
      { a: real() },
      ({ a }, { normal }) => normal(["1"] as never, a),
      'normal was given data with the string "1" at 0',
    ],
    [
      "a constant that is NaN",
      { a: real() },
      ({ a }, { normal, log }) => normal(log([1, -1]), a),
      "NaN at every point of a probe, first in log of constants (",
    ],
    [
      "an energy that is infinite everywhere",
      { a: positive() },
      ({ a }, { gamma }) => gamma([1, -2], a, 2),
      "the formula is +∞ at every point of a probe. Where only some values give a number, give the parts a support",
    ],
    [
      "a domain that the probe does not meet",
      { a: real() },
      ({ a }, { neg, add, log, sub }) => neg(add(log(sub(a, 5)), log(sub(5.01, a)))),
      /NaN at every point of a probe, first in log .*give the parts a support, such as interval\(1, 2\)/,
    ],
    ["an unknown part", { a: real() }, ({ c }, { square }) => square(c), 'unknown part "c"; known: a'],
    [
      "data with NaN",
      { a: vector(2) },
      ({ a }, { dot }) => dot(a, [1, Number.NaN]),
      "dot was given data with NaN at 1",
    ],
    ["a number NaN", { a: real() }, ({ a }, { add }) => add(a, Number.NaN), "add was given NaN"],
    [
      "a logarithm of a part that may be negative",
      { tau: real() },
      ({ tau }, { log }) => log(tau),
      "log of tau, a part that takes every real value; give it a support such as positive()",
    ],
    [
      "a scale that may be negative",
      { s: real() },
      ({ s }, { normal }) => normal(1, 0, s),
      "argument 3 of normal is s, a part that takes every real value",
    ],
    [
      "a scale that is not above 0",
      { m: real() },
      ({ m }, { normal }) => normal(m, 0, -1),
      "argument 3 of normal is -1",
    ],
    [
      "an energy that is no number",
      { a: vector(2) },
      ({ a }, { exp }) => exp(a),
      "the formula gives a vector of 2",
    ],
    [
      "a matrix that does not fit",
      { a: vector(2) },
      ({ a }, { sum, matmul }) => sum(matmul([[1, 2, 3]], a)),
      "matmul of a matrix of 1 × 3 and a (a vector of 2)",
    ],
    [
      "a place that does not exist",
      { a: vector(2) },
      ({ a }, { at }) => at(a, 2),
      "at was given the place 2; there are 2",
    ],
    [
      "counts that are none",
      { a: real() },
      ({ a }, { poissonLog }) => poissonLog([1, -2], a),
      "poissonLog has -2",
    ],
    [
      "arguments too few",
      { a: real() },
      ({ a }, { gamma }) => gamma(a, 2),
      "gamma was given 2 arguments, expected 3",
    ],
    [
      "a carry that changes its shape",
      { a: vector(3) },
      ({ a }, { sum, scan }) => sum(scan((_, [y]) => y, a, [[[1, 2]]])),
      "the carry of scan is a vector of 3 at first and a vector of 2 after a step",
    ],
    [
      "a carry that a step does not return",
      { a: real() },
      ({ a }, { scan }) => scan<"s" | "t">(({ s }) => ({ s }) as never, { s: a, t: 0 }, [[1, 2]]).s,
      "the step does not return the carry t of scan",
    ],
    [
      "what a step returns and scan does not carry",
      { a: real() },
      ({ a }, { scan }) => scan<"s">(({ s }) => ({ s, t: s }), { s: a }, [[1, 2]]).s,
      "the step returns t, expected what scan carries: s",
    ],
    [
      "sequences of two lengths",
      { a: vector(3) },
      ({ a }, { sum, scan }) => sum(scan((c, [y, z]) => c ?? y ?? z, 0, [a, [1, 2]])),
      "scan over a (a vector of 3) and a vector of 2, expected sequences of one length",
    ],
    [
      "a value of a step outside of it",
      { a: real() },
      ({ a }, { add, at, scan }) => {
        const kept: Value[] = [];
        const keep = (carry: Value) => {
          kept.push(carry);
          return carry;
        };
        const carries = scan(keep, a, [[1, 2]]);
        return add(at(carries, 0), kept[0]);
      },
      "a value of a step of scan outside of the step",
    ],
    ["a string", { a: real() }, ({ a }, { add }) => add(a, "1" as never), 'add was given the string "1"'],
    [
      "a formula that is NaN wherever it is tried",
      { a: real() },
      ({ a }, { sqrt, sub, square }) => sqrt(sub(-1, square(a))),
      "the formula is NaN at every point",
    ],
  ])("%s", (_, parts, formula, message, options) => {
    expect(attempt(parts, formula, options)).toThrow(message);
  });

  test("and the error names the line of the formula", () => {
    const wrong = attempt({ a: vector(3) }, ({ a }, { sum, add }) => sum(add(a, [1, 2])));
    expect(wrong).toThrow(/expression\.test\.ts:\d+:\d+\)$/);
  });

  test("and the error names the operation that gives NaN, and its line", () => {
    const wrong = attempt({ a: vector(2), b: real() }, ({ a, b }, { add, square, sqrt, sub, sum }) => {
      const sizes = sub(-1, square(a));
      return add(sum(sqrt(sizes)), square(b));
    });
    expect(wrong).toThrow(
      /NaN at every point of a probe, first in sqrt of a vector of 2 \(.*expression\.test\.ts:\d+:\d+\)\. Where only some/,
    );
    const ofPart = attempt({ a: positive() }, ({ a }, { log, neg }) => log(neg(a)));
    expect(ofPart).toThrow(/first in log of a number/);
  });

  test("and a formula that is NaN at some states names the operation there, and its line", () => {
    const root = expression({ a: real(), b: real() }, ({ a, b }, { add, square, sqrt, sub }) =>
      add(sqrt(sub(4, square(a))), square(b)),
    );
    const x = Float64Array.of(3, 0.1);
    expect(root.energy(x)).toBeNaN();
    expect(root.firstNaN(x)).toMatch(/^sqrt of a number \(.*expression\.test\.ts:\d+:\d+\)$/);
    expect(expressionFromTrace(root.trace()).firstNaN(x)).toBe("sqrt of a number");
    expect(root.firstNaN(Float64Array.of(1, 0.1))).toBeUndefined();
  });

  test("and a gradient that is NaN where the energy is not names the operation whose slope it is", () => {
    const kink = expression({ a: real(), b: real() }, ({ a, b }, { add, square, sqrt }) =>
      add(sqrt(square(a)), square(b)),
    );
    const x = Float64Array.of(0, 1);
    expect(kink.energy(x)).toBe(1);
    expect(kink.firstNaN(x)).toMatch(
      /^the slope of mul of a \(a number\) and a \(a number\) \(.*expression\.test\.ts:\d+:\d+\)$/,
    );
    expect(expressionFromTrace(kink.trace()).firstNaN(x)).toBe("the gradient");
    expect(kink.firstNaN(Float64Array.of(1, 1))).toBeUndefined();
    expect(sum([shift(kink, 1), kink]).firstNaN?.(x)).toMatch(/^the slope of mul/);
  });

  test("with its parameters as training left them", () => {
    const root = expression({ a: real(), limit: learnable(4) }, ({ a, limit }, { add, square, sqrt }) =>
      add(sqrt(limit), square(a)),
    );
    root.can.parameters.values[0] = -1;
    expect(root.energy(Float64Array.of(1))).toBeNaN();
    expect(root.firstNaN(Float64Array.of(1))).toMatch(/^sqrt of limit \(a number\)/);
  });

  test("and values of another formula are told from its own", () => {
    let other: Value | undefined;
    expression({ a: real() }, ({ a }, { square }) => {
      other = a;
      return square(a);
    });
    const wrong = attempt({ b: real() }, ({ b }, { add }) => add(b, other as Value));
    expect(wrong).toThrow("add was given a value of another formula");
  });
});

test("carries are told by their names, in whatever order a step returns them", () => {
  const turned = expression(
    { a: real() },
    ({ a }, { at, square, scan }) =>
      square(at(scan<"s" | "t">(({ s, t }) => ({ t: s, s: t }), { s: a, t: 3 }, [[1]]).s, 0)),
    { unbounded: true },
  );
  expect(turned.energy(Float64Array.of(2))).toBe(9);
});

test("a scan over a long sequence is as few operations as over a short one", () => {
  const traced = (n: number) =>
    expression({ a: real() }, ({ a }, { tanh, add, sum, square, scan }) =>
      sum(square(scan((carry, [y]) => tanh(add(carry, y)), a, [new Float64Array(n).fill(0.1)]))),
    ).trace() as unknown as { nodes: unknown[] };
  expect(traced(10_000).nodes).toHaveLength(traced(10).nodes.length);
});
