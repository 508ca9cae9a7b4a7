import {
  expression,
  expressionFromTrace,
  learnable,
  matrixPart,
  positive,
  simplex,
  vector,
} from "@basin/energy-core/expression";
import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";

const rng = createRng(41);
const data = Float64Array.from({ length: 300 }, () => rng.normal());

test("a cloned trace gives the same bits, names, parameters and slopes", () => {
  const formula = expression(
    { s: positive(), x: vector(100), p: simplex(3), m: matrixPart(2, 2), w: learnable([1, 2]) },
    ({ s, x, p, m, w }, o) =>
      o.add(
        o.normal(x, 0, s),
        o.halfCauchy(s, 2),
        o.dirichlet(p, [2, 3, 4]),
        o.sum(o.square(m)),
        o.dot(w, o.tanh(o.slice(x, 0, 2))),
        o.normal(data, o.at(x, 3), o.add(1, s)),
        o.sum(o.square(o.derivative(o.logSumExp(x), x))),
        o.normal(o.scan((carry, [y]) => o.tanh(o.add(y, o.mul(s, carry))), 0, [x])),
      ),
  );
  formula.can.parameters.values[1] = -3;
  const copy = expressionFromTrace(structuredClone(formula.trace()));
  const n = formula.space.dimension;
  const [a, b] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < 5; k++) {
    const x = Float64Array.from({ length: n }, () => rng.normal());
    expect(copy.can.gradient(x, a)).toBe(formula.can.gradient(x, b));
    expect(a).toEqual(b);
    expect(copy.energy(x)).toBe(formula.energy(x));
    expect(copy.values(x)).toEqual(formula.values(x));
  }
  expect(copy.space.quantities.names).toEqual(formula.space.quantities.names);
  const { parameters } = copy.can as typeof formula.can;
  expect([...parameters.values]).toEqual([1, -3]);
  const [c, d] = [new Float64Array(2), new Float64Array(2)];
  const x = new Float64Array(n).fill(0.3);
  parameters.addGradient(x, 2, c);
  formula.can.parameters.addGradient(x, 2, d);
  expect(c).toEqual(d);
});

interface Held {
  readonly nodes: readonly { readonly values?: Float64Array }[];
  readonly parameters: Float64Array;
}

test("traces of the same data share it, and none changes the other's parameters", () => {
  const formula = expression({ x: vector(300), w: learnable(1) }, ({ x, w }, { dot, mul, square, add }) =>
    add(dot(x, data), mul(w, dot(x, x)), square(w)),
  );
  const [first, second] = [formula.trace(), formula.trace()] as unknown as Held[];
  const shared = ({ nodes }: Held) => nodes.find(({ values }) => values?.length === 300)!.values!;
  expect(shared(first).buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(shared(first)).toBe(shared(second));
  expect(shared(first)).toEqual(data);
  expect(first.parameters).not.toBe(second.parameters);
});

test.each([
  [null, "the trace is null"],
  [{}, "the trace is an object with the keys of none"],
  ["{}", 'the trace is the string "{}"'],
])("%j is no trace", (trace, message) => expect(() => expressionFromTrace(trace as never)).toThrow(message));
