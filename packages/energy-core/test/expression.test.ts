import { checkGradient, logSumExp } from "@basin/energy-core";
import { expression, interval, positive, real, type Value, vector } from "@basin/energy-core/expression";
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

test("an ARMA model has the energy of its recursion", () => {
  const y = normals(50);
  const model = expression(
    { mu: real(), phi: interval(-1, 1), theta: interval(-1, 1), sigma: positive() },
    ({ mu, phi, theta, sigma }, { add, sub, mul, at, scan, normal }) => {
      const first = sub(at(y, 0), mul(mu, add(1, phi)));
      const next = (error: Value, [value, before]: Value[]) =>
        sub(value, add(mu, mul(phi, before), mul(theta, error)));
      const later = scan(next, first, [y.slice(1), y.slice(0, -1)]);
      return add(normal(first, 0, sigma), normal(later, 0, sigma));
    },
    { jacobian: false },
  );
  const x = Float64Array.of(0.2, 0.5, -0.4, 0.1);
  const { mu, phi, theta, sigma } = model.values(x) as Record<string, number>;
  let [energy, error] = [0, 0];
  for (const [t, value] of y.entries()) {
    error = value - mu - phi * (t === 0 ? mu : y[t - 1]) - theta * error;
    energy -= logNormal(error, 0, sigma);
  }
  expect(model.energy(x)).toBeCloseTo(energy, 10);
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

test("a hierarchical model of 85 groups has its gradient, which compiled and interpreted is the same", () => {
  const group = Array.from({ length: 400 }, (_, k) => (k * 37) % 85);
  const [y, floor] = [normals(400), normals(400)];
  const [wasm, plain] = (["wasm", "typescript"] as const).map((kernel) =>
    expression(
      { mu: real(), tau: positive(), z: vector(85), beta: real(), sigma: positive() },
      ({ mu, tau, z, beta, sigma }, { add, mul, gather, normal, halfNormal }) => {
        const level = gather(add(mu, mul(tau, z)), group);
        const priors = add(normal(mu, 0, 5), halfNormal(tau), normal(z), normal(beta), halfNormal(sigma));
        return add(priors, normal(y, add(level, mul(beta, floor)), sigma));
      },
      { kernel },
    ),
  );
  const x = normals(89).map((value) => 0.3 * value);
  const [a, b] = [new Float64Array(89), new Float64Array(89)];
  expect(wasm.can.gradient(x, a)).toBe(plain.can.gradient(x, b));
  expect(a).toEqual(b);
  expect(checkGradient(wasm, x)).toMatchObject({ passed: true });
});

test("a horseshoe has the gradient of one by hand, to 1e-10 of its largest component", () => {
  const [n, d] = [40, 12];
  const data = normals(n * d);
  const y = normals(n);
  const model = expression(
    { z: vector(d), lambda: positive(d), tau: positive(), sigma: positive() },
    ({ z, lambda, tau, sigma }, { add, mul, matmul, normal, halfCauchy, halfNormal }) => {
      const beta = mul(z, lambda, tau);
      const priors = add(normal(z), halfCauchy(lambda, 1), halfCauchy(tau, 1), halfNormal(sigma, 1));
      return add(priors, normal(y, matmul({ data, shape: [n, d] }, beta), sigma));
    },
  );
  const [x, found] = [normals(2 * d + 2), new Float64Array(2 * d + 2)];
  model.can.gradient(x, found);
  const [tau, sigma] = [Math.exp(x[2 * d]), Math.exp(x[2 * d + 1])];
  const lambda = x.slice(d, 2 * d).map(Math.exp);
  const beta = lambda.map((l, j) => x[j] * l * tau);
  const residual = y.map((value, i) => beta.reduce((sum, b, j) => sum + data[i * d + j] * b, -value));
  const pull = beta.map((_, j) => residual.reduce((sum, r, i) => sum + data[i * d + j] * r, 0) / sigma ** 2);
  const cauchy = (s: number) => (2 * s * s) / (1 + s * s) - 1;
  const squares = residual.reduce((sum, r) => sum + r * r, 0);
  const expected = [
    ...pull.map((g, j) => x[j] + g * lambda[j] * tau),
    ...pull.map((g, j) => cauchy(lambda[j]) + g * beta[j]),
    pull.reduce((sum, g, j) => sum + g * beta[j], cauchy(tau)),
    sigma ** 2 - 1 + n - squares / sigma ** 2,
  ];
  const largest = Math.max(...expected.map(Math.abs));
  for (const [k, slope] of expected.entries())
    expect(Math.abs(found[k] - slope)).toBeLessThan(1e-10 * largest);
});
