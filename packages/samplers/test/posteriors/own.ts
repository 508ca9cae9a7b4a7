/** Five posteriors of our own as formulas, over data drawn here; own-by-hand.ts has their gradients by hand. */
import {
  type Expression,
  expression,
  interval,
  ordered,
  positive,
  real,
  vector,
} from "@basin/energy-core/expression";
import { createRng, type Rng } from "@basin/energy-core/random";

const normals = (rng: Rng, n: number) => Float64Array.from({ length: n }, () => rng.normal());

/** Two states that stay with probabilities 0.9 and 0.8, of means −1.5 and 1.5. */
function drawHidden(rng: Rng): Float64Array {
  let state = 0;
  return normals(rng, 100).map((noise) => {
    if (rng.bernoulli(state === 0 ? 0.1 : 0.2)) state = 1 - state;
    return noise + (state === 0 ? -1.5 : 1.5);
  });
}

/** y_t = 0.5 + 0.6 y_{t−1} + 0.3 ε_{t−1} + ε_t. */
function drawArma(rng: Rng): Float64Array {
  let [y, error] = [1.25, 0];
  return normals(rng, 120).map((noise) => {
    y = 0.5 + 0.6 * y + 0.3 * error + noise;
    error = noise;
    return y;
  });
}

const rng = createRng(85);
export const hidden = drawHidden(rng);
export const series = drawArma(rng);
export const place = Float64Array.from({ length: 25 }, (_, i) => 0.4 * i);
export const curve = normals(rng, 25).map((noise, i) => Math.sin(place[i]) + 0.3 * noise);
export const group = Int32Array.from({ length: 400 }, (_, k) => (k < 85 ? k : rng.index(85)));
export const level = Float64Array.from(group, () => Number(rng.bernoulli(0.3)));
const effects = normals(rng, 85);
export const radon = normals(rng, 400).map(
  (noise, k) => 1.3 + 0.4 * effects[group[k]] - 0.7 * level[k] + 0.8 * noise,
);
export const design = { data: normals(rng, 200), shape: [40, 5] as const };
export const response = normals(rng, 40).map((noise, i) => 2 * design.data[5 * i] + noise);

const hiddenMarkov = expression(
  { stay: interval(0, 1, 2), mu: ordered(2) },
  ({ stay, mu }, { add, sub, mul, div, neg, exp, log, square, sum, at, stack, scan, normal, beta }) => {
    const [first, second] = [at(stay, 0), at(stay, 1)];
    const forward = scan(
      ({ p }, [y]) => {
        const toFirst = add(mul(first, at(p, 0)), mul(sub(1, second), at(p, 1)));
        const weights = mul(stack([toFirst, sub(1, toFirst)]), exp(neg(div(square(sub(y, mu)), 2))));
        return { p: div(weights, sum(weights)), e: neg(log(sum(weights))) };
      },
      { p: [0.5, 0.5], e: 0 },
      [hidden],
    );
    return add(sum(forward.e), normal(mu, 0, 3), beta(stay, 8, 2));
  },
);

const arma = expression(
  { mu: real(), phi: interval(-1, 1), theta: interval(-1, 1), sigma: positive() },
  ({ mu, phi, theta, sigma }, { add, sub, mul, at, stack, scan, normal, halfCauchy }) => {
    const start = sub(at(series, 0), mu);
    const later = scan((error, [now, last]) => sub(now, add(mu, mul(phi, last), mul(theta, error))), start, [
      series.slice(1),
      series.slice(0, -1),
    ]);
    const priors = add(normal(mu, 0, 10), normal(phi, 0, 0.5), normal(theta, 0, 0.5), halfCauchy(sigma, 5));
    return add(priors, normal(stack([start, later]), 0, sigma));
  },
);

const square = Array.from(place, (a) => Array.from(place, (b) => (a - b) ** 2));
const identity = Array.from(place, (_, i) => Array.from(place, (__, j) => Number(i === j)));
const gaussianProcess = expression(
  { rho: positive(), alpha: positive(), sigma: positive() },
  ({ rho, alpha, sigma }, o) => {
    const smooth = o.mul(o.square(alpha), o.exp(o.div(square, o.mul(-2, o.square(rho)))));
    const factor = o.cholesky(o.add(smooth, o.mul(o.square(sigma), identity)));
    const priors = o.add(o.inverseGamma(rho, 5, 5), o.halfNormal(alpha, 1), o.halfNormal(sigma, 1));
    return o.add(priors, o.multiNormalCholesky(curve, new Float64Array(25), factor));
  },
);

const hierarchical = expression(
  { z: vector(85), mu: real(), beta: real(), tau: positive(), sigma: positive() },
  ({ z, mu, beta, tau, sigma }, { add, mul, gather, normal, halfNormal }) => {
    const mean = add(gather(add(mu, mul(tau, z)), group), mul(beta, level));
    const priors = add(normal(z), normal(mu, 0, 5), normal(beta), halfNormal(tau), halfNormal(sigma));
    return add(priors, normal(radon, mean, sigma));
  },
);

const horseshoe = expression(
  { z: vector(5), lambda: positive(5), tau: positive(), sigma: positive() },
  ({ z, lambda, tau, sigma }, { add, mul, matmul, normal, halfCauchy }) => {
    const priors = add(normal(z), halfCauchy(lambda, 1), halfCauchy(tau, 1), halfCauchy(sigma, 1));
    return add(priors, normal(response, matmul(design, mul(z, lambda, tau)), sigma));
  },
);

/** The formulas, by name. */
export const own = { hiddenMarkov, arma, gaussianProcess, hierarchical, horseshoe } satisfies Record<
  string,
  Expression
>;
