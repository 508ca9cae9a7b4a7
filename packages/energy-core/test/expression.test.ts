import { checkGradient, logSumExp } from "@basin/energy-core";
import { expression, interval, positive, type Value, vector } from "@basin/energy-core/expression";
import { cholesky } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";

const rng = createRng(31);
const normals = (n: number) => Float64Array.from({ length: n }, () => rng.normal());
const logNormal = (y: number, mu: number, sigma: number) =>
  -0.5 * ((y - mu) / sigma) ** 2 - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);

test("a hidden Markov model of two states sums over all its paths", () => {
  const y = normals(7);
  const model = expression(
    { stay: interval(0, 1), mu: vector(2) },
    ({ stay, mu }, { add, neg, log, log1p, at, row, stack, scan, normal, logSumExp: total }) => {
      const [same, other] = [log(stay), log1p(neg(stay))];
      const emission = (state: number, value: Value) => neg(normal(value, at(mu, state), 1));
      const from = (a: Value, state: number) =>
        total(add(a, stack([0, 1].map((k) => (k === state ? same : other)))));
      const forward = scan(
        (alphas, [value]) => stack([0, 1].map((state) => add(from(alphas, state), emission(state, value)))),
        stack([0, 1].map((state) => add(Math.log(0.5), emission(state, at(y, 0))))),
        [y.slice(1)],
      );
      return neg(total(row(forward, -1)));
    },
    { jacobian: false },
  );
  const x = Float64Array.of(0.4, -0.7, 1.1);
  const stay = 1 / (1 + Math.exp(-0.4));
  const paths = Array.from({ length: 2 ** y.length }, (_, path) => {
    let sum = Math.log(0.5);
    for (const [t, value] of y.entries()) {
      const state = (path >> t) & 1;
      sum += logNormal(value, x[1 + state], 1);
      if (t > 0) sum += Math.log(state === ((path >> (t - 1)) & 1) ? stay : 1 - stay);
    }
    return sum;
  });
  expect(model.energy(x)).toBeCloseTo(-logSumExp(paths), 11);
  expect(checkGradient(model, x)).toMatchObject({ passed: true });
});

test("a Gaussian process has the energy of its covariance", () => {
  const n = 6;
  const [y, place] = [normals(n), Float64Array.from({ length: n }, (_, i) => 0.7 * i)];
  const square = Float64Array.from(
    { length: n * n },
    (_, k) => (place[Math.floor(k / n)] - place[k % n]) ** 2,
  );
  const identity = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
  const matrix = (data: Float64Array) => ({ data, shape: [n, n] });
  const model = expression(
    { rho: positive(), alpha: positive(), sigma: positive() },
    ({ rho, alpha, sigma }, { add, mul, div, exp, square: power, cholesky: factor, multiNormalCholesky }) => {
      const kernel = mul(power(alpha), exp(div(mul(-0.5, matrix(square)), power(rho))));
      return multiNormalCholesky(
        y,
        new Float64Array(n),
        factor(add(kernel, mul(power(sigma), matrix(identity)))),
      );
    },
    { jacobian: false },
  );
  const x = Float64Array.of(0.1, 0.3, -0.5);
  const [rho, alpha, sigma] = Array.from(x, Math.exp);
  const covariance = square.map(
    (d, k) => alpha ** 2 * Math.exp((-0.5 * d) / rho ** 2) + sigma ** 2 * identity[k],
  );
  const l = cholesky(covariance, n);
  let energy = 0.5 * n * Math.log(2 * Math.PI);
  const z: number[] = [];
  for (let i = 0; i < n; i++) {
    z[i] = (y[i] - z.reduce((sum, value, k) => sum + l[i * n + k] * value, 0)) / l[i * n + i];
    energy += 0.5 * z[i] ** 2 + Math.log(l[i * n + i]);
  }
  expect(model.energy(x)).toBeCloseTo(energy, 11);
  expect(checkGradient(model, x)).toMatchObject({ passed: true });
});
