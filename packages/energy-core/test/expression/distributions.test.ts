import {
  type Densities,
  expression,
  type Operations,
  positive,
  real,
  simplex,
  type Value,
} from "@basin/energy-core/expression";
import { describe, expect, test } from "vitest";

/** What a formula without parts of its own gives. */
function value(formula: (operations: Operations & Densities) => Value): number {
  return expression(
    { x: real() },
    ({ x }, operations) => operations.add(operations.mul(0, x), formula(operations)),
    {
      unbounded: true,
    },
  ).energy(Float64Array.of(0));
}

/** ∫ f over [a, b] by Simpson's rule. */
function integral(f: (x: number) => number, a: number, b: number, n = 4000): number {
  const h = (b - a) / n;
  let sum = f(a) + f(b);
  for (let k = 1; k < n; k++) sum += (k % 2 ? 4 : 2) * f(a + k * h);
  return (sum * h) / 3;
}

describe("densities of vectors and matrices", () => {
  test("multiNormalCholesky is that of the covariance LLᵀ", () => {
    const found = value(({ multiNormalCholesky }) =>
      multiNormalCholesky(
        [1, -2],
        [0.5, 0.25],
        [
          [2, 0],
          [0.6, 0.8],
        ],
      ),
    );
    // Covariance [[4, 1.2], [1.2, 1]], determinant 2.56.
    const [a, b] = [0.5, -2.25];
    const square = (1 * a * a - 2 * 1.2 * a * b + 4 * b * b) / 2.56;
    expect(found).toBeCloseTo(0.5 * square + 0.5 * Math.log(2.56) + Math.log(2 * Math.PI), 12);
  });

  test.each([1, 2, 3.5])(
    "lkjCorrCholesky of two dimensions integrates to 1 over the correlation, η = %f",
    (eta) => {
      const density = (angle: number) => {
        const r = Math.sin(angle);
        const l = [
          [1, 0],
          [r, Math.cos(angle)],
        ];
        return Math.cos(angle) * Math.exp(-value(({ lkjCorrCholesky }) => lkjCorrCholesky(l, eta)));
      };
      expect(integral(density, -Math.PI / 2 + 1e-9, Math.PI / 2 - 1e-9, 40)).toBeCloseTo(1, 4);
    },
  );

  test("lkjCorrCholesky of three dimensions has the determinant to the power η − 1, and the known constant at η = 1", () => {
    const l = [
      [1, 0, 0],
      [0.5, Math.sqrt(0.75), 0],
      [0.2, -0.4, Math.sqrt(0.8)],
    ];
    const at = (eta: number) => value(({ lkjCorrCholesky }) => lkjCorrCholesky(l, eta));
    // Correlation matrices of three dimensions fill the volume π²/2, and det ∂(correlations)/∂L = L₂₂.
    expect(at(1)).toBeCloseTo(Math.log(Math.PI ** 2 / 2) - Math.log(Math.sqrt(0.75)), 12);
    const logDeterminant = Math.log(0.75 * 0.8);
    // log c(η) does not depend on the matrix.
    const identity = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const plain = (eta: number) => value(({ lkjCorrCholesky }) => lkjCorrCholesky(identity, eta));
    expect(at(2) - at(1) - (plain(2) - plain(1))).toBeCloseTo(-logDeterminant, 12);
  });

  test("dirichlet of two probabilities is the beta law", () => {
    const one = value(({ dirichlet }) => dirichlet([0.3, 0.7], [2, 3.5]));
    expect(one).toBeCloseTo(
      value(({ beta }) => beta(0.3, 2, 3.5)),
      12,
    );
  });

  test("categoricalLogit of two classes is the Bernoulli law, one row of logits for all or one for each", () => {
    const bernoulli = value(({ bernoulliLogit }) => bernoulliLogit([1, 0, 1], [0.7, 0.7, 0.7]));
    expect(value(({ categoricalLogit }) => categoricalLogit([1, 0, 1], [0.2, 0.9]))).toBeCloseTo(
      bernoulli,
      12,
    );
    const rows = [
      [0.2, 0.9],
      [0, 0.7],
      [-1, -0.3],
    ];
    expect(value(({ categoricalLogit }) => categoricalLogit([1, 0, 1], rows))).toBeCloseTo(bernoulli, 12);
  });

  test("a vector of values has the sum of their energies, whichever argument is a vector", () => {
    const single = (y: number, mu: number, sigma: number) => value(({ normal }) => normal(y, mu, sigma));
    expect(value(({ normal }) => normal([1, 2], [0, 3], 2))).toBeCloseTo(
      single(1, 0, 2) + single(2, 3, 2),
      12,
    );
    expect(value(({ normal }) => normal(1, 0, [1, 2]))).toBeCloseTo(single(1, 0, 1) + single(1, 0, 2), 12);
    expect(value(({ gamma }) => gamma([1, 2], 3, 2))).toBeCloseTo(
      value(({ gamma }) => gamma(1, 3, 2)) + value(({ gamma }) => gamma(2, 3, 2)),
      12,
    );
  });
});

describe("outside their support energies are +∞", () => {
  test.each<[string, (operations: Operations & Densities) => Value]>([
    ["gamma", ({ gamma }) => gamma([1, -1], 2, 2)],
    ["inverseGamma", ({ inverseGamma }) => inverseGamma(-1, 2, 2)],
    ["lognormal", ({ lognormal }) => lognormal(-1)],
    ["beta", ({ beta }) => beta(1.5, 2, 2)],
    ["exponential", ({ exponential }) => exponential(-1e-9)],
    ["uniform", ({ uniform }) => uniform(2, 0, 1)],
    ["halfNormal", ({ halfNormal }) => halfNormal([1, -1])],
    ["halfCauchy", ({ halfCauchy }) => halfCauchy([1, -1], 2)],
    ["halfStudent", ({ halfStudent }) => halfStudent(-1, 3, 2)],
  ])("%s", (_, formula) => expect(value(formula)).toBe(Number.POSITIVE_INFINITY));
});

test("a simplex under a Dirichlet prior integrates to 1 over its free coordinate", () => {
  const energy = expression({ p: simplex(2) }, ({ p }, { dirichlet }) => dirichlet(p, [2, 3]));
  expect(integral((u) => Math.exp(-energy.energy(Float64Array.of(u))), -40, 40)).toBeCloseTo(1, 10);
});

test("a positive part under a half-Cauchy prior integrates to 1 over its free coordinate", () => {
  const energy = expression({ s: positive() }, ({ s }, { halfCauchy }) => halfCauchy(s, 2));
  expect(integral((u) => Math.exp(-energy.energy(Float64Array.of(u))), -40, 40)).toBeCloseTo(1, 10);
});
