import { readFileSync } from "node:fs";
import { checkGradient, differentiable } from "@basin/energy-core";
import { expression, learnable, type Operations, type Value, vector } from "@basin/energy-core/expression";
import { describe, expect, test } from "vitest";

const file = new URL("../fixtures/expression-values.json", import.meta.url);
const { net, scores } = JSON.parse(readFileSync(file, "utf8"));

const activations = {
  tanh: ({ tanh }: Operations, u: Value) => tanh(u),
  silu: ({ mul, sigmoid }: Operations, u: Value) => mul(u, sigmoid(u)),
};

describe.each(["tanh", "silu"] as const)("the loss of score matching of a %s net", (name) => {
  // A state of two coordinates that the loss does not sample: the input stands as the state.
  const loss = expression(
    {
      x: vector(2),
      w: learnable({ data: net.w, shape: [3, 2] }),
      b: learnable(net.b),
      v: learnable(net.v),
    },
    ({ x, w, b, v }, o) => {
      const hidden = activations[name](o, o.add(o.matmul(w, x), b));
      const energy = o.add(o.mul(0.5, o.dot(x, x)), o.dot(v, hidden));
      const slope = o.derivative(energy, x);
      const curvatures = [0, 1].map((i) => o.at(o.derivative(o.at(slope, i), x), i));
      return o.sub(o.mul(0.5, o.dot(slope, slope)), o.add(...(curvatures as [Value, Value])));
    },
    { unbounded: true },
  );
  const x = Float64Array.from(net.x);
  const { values, addGradient } = loss.can.parameters;

  test("has the value and the slopes by the parameters of 150-digit arithmetic, to 1e-12", () => {
    const slopes = new Float64Array(values.length);
    addGradient(x, 1, slopes);
    expect(Math.abs(loss.energy(x) - scores[name].value)).toBeLessThan(1e-12);
    for (const [k, slope] of slopes.entries())
      expect(Math.abs(slope - scores[name].slopes[k])).toBeLessThan(1e-12);
  });

  test("adds slopes with a weight to what is there", () => {
    const [once, more] = [new Float64Array(values.length), new Float64Array(values.length).fill(1)];
    addGradient(x, 1, once);
    addGradient(x, -2, more);
    expect([...more]).toEqual(Array.from(once, (slope) => 1 - 2 * slope));
  });

  test("follows its live parameters, in values and in slopes", () => {
    const kept = values.slice();
    const moving = differentiable(values.length, (theta, out) => {
      values.set(theta);
      addGradient(x, 1, out.fill(0));
      return loss.energy(x);
    });
    expect(
      checkGradient(
        moving,
        kept.map((value) => value + 0.1),
      ),
    ).toMatchObject({ passed: true });
    values.set(kept);
    expect(checkGradient(loss, x)).toMatchObject({ passed: true });
  });
});

test("an RBM's free energy has the slopes that its conditional means give", () => {
  const w = [
    [0.5, -1],
    [0.2, 0.7],
    [-0.3, 0.1],
  ];
  const rbm = expression(
    { v: vector(3), w: learnable(w), b: learnable([0.1, -0.2]), a: learnable([0.3, 0, -0.4]) },
    ({ v, w, b, a }, { neg, add, dot, sum, softplus, matmul, transpose }) =>
      neg(add(dot(a, v), sum(softplus(add(b, matmul(transpose(w), v)))))),
    { unbounded: true },
  );
  const v = Float64Array.of(1, 0, 1);
  const slopes = new Float64Array(11);
  rbm.can.parameters.addGradient(v, 1, slopes);
  const means = [0.1 + 0.5 - 0.3, -0.2 - 1 + 0.1].map((u) => 1 / (1 + Math.exp(-u)));
  const expected = [
    ...[...v].flatMap((x) => means.map((mean) => -x * mean)),
    ...means.map((mean) => -mean),
    ...[...v].map((x) => -x),
  ];
  for (const [k, slope] of slopes.entries()) expect(slope).toBeCloseTo(expected[k], 13);
});
