/**
 * Writes fixtures/own-posteriors.json: means and standard deviations under the posteriors of own.ts, of their gradients
 * by hand. Those of few coordinates are integrals over a grid, as are those of the hierarchical model, whose effects
 * are integrated exactly. Those of the horseshoe are of a Gibbs sampler. Run: node --conditions=@basin/source
 * own-reference.ts
 */
import { writeFileSync } from "node:fs";
import { type DifferentiableEnergy, differentiable } from "@basin/energy-core";
import { cholesky } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { design, group, level, radon, response } from "./own.ts";
import { byHand } from "./own-by-hand.ts";
import type { Reference } from "./posterior.ts";

type Moments = Record<string, Reference>;

/** Half the width of the grid and its step, in standard deviations of the normal law at the mode. */
const [WIDTH, STEP] = [6.6, 0.6];

/** Moments of functions of a state, by sums over a grid along the axes of the normal law at the mode. */
function integrate(
  energy: DifferentiableEnergy,
  start: Float64Array,
  of: (x: Float64Array) => Record<string, number>,
): Moments {
  const { dimension: d } = energy.space;
  const mode = modeOf(energy, start);
  const covariance = invert(hessian(energy, mode), d);
  const l = cholesky(covariance, d);
  const scratch = new Float64Array(d);
  const least = energy.can.gradient(mode, scratch);
  const names = Object.keys(of(mode));
  const sums = new Float64Array(2 * names.length);
  const center = Object.values(of(mode));
  let total = 0;
  const side = Math.round((2 * WIDTH) / STEP) + 1;
  const x = new Float64Array(d);
  for (let k = 0; k < side ** d; k++) {
    x.set(mode);
    for (let j = 0, rest = k; j < d; j++, rest = Math.floor(rest / side)) {
      const z = STEP * (rest % side) - WIDTH;
      for (let i = j; i < d; i++) x[i] += l[i * d + j] * z;
    }
    const weight = Math.exp(least - energy.can.gradient(x, scratch));
    if (!(weight > 1e-18)) continue;
    total += weight;
    for (const [i, value] of Object.values(of(x)).entries()) {
      sums[2 * i] += weight * (value - center[i]);
      sums[2 * i + 1] += weight * (value - center[i]) ** 2;
    }
  }
  return Object.fromEntries(
    names.map((name, i) => {
      const [first, second] = [sums[2 * i] / total, sums[2 * i + 1] / total];
      return [name, { mean: center[i] + first, sd: Math.sqrt(second - first ** 2), mcse_mean: 0 }];
    }),
  );
}

/** Newton's steps, shortened until they go downhill. */
function modeOf(energy: DifferentiableEnergy, start: Float64Array): Float64Array {
  const d = start.length;
  const slope = new Float64Array(d);
  let x = start;
  for (let step = 0, damping = 1; step < 100; step++) {
    const here = energy.can.gradient(x, slope);
    const damped = hessian(energy, x).map((value, at) => value + (at % (d + 1) === 0 ? damping : 0));
    let next = x;
    try {
      const inverse = invert(damped, d);
      next = x.map((value, i) => value - slope.reduce((sum, g, j) => sum + inverse[i * d + j] * g, 0));
    } catch {
      // Not positive definite: a shorter step is.
    }
    const isBetter = next !== x && energy.can.gradient(next, slope) <= here;
    if (isBetter) x = next;
    damping *= isBetter ? 0.2 : 10;
  }
  return x;
}

function hessian({ can }: DifferentiableEnergy, x: Float64Array): Float64Array {
  const d = x.length;
  const out = new Float64Array(d * d);
  const [up, down] = [new Float64Array(d), new Float64Array(d)];
  for (let j = 0; j < d; j++) {
    const moved = x.slice();
    moved[j] = x[j] + 1e-4;
    can.gradient(moved, up);
    moved[j] = x[j] - 1e-4;
    can.gradient(moved, down);
    for (let i = 0; i < d; i++) out[i * d + j] = (up[i] - down[i]) / 2e-4;
  }
  return out;
}

function invert(a: Float64Array, d: number): Float64Array {
  const l = cholesky(a, d);
  const out = new Float64Array(d * d);
  for (let c = 0; c < d; c++) {
    const z = new Float64Array(d);
    for (let i = 0; i < d; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= l[i * d + k] * z[k];
      z[i] = sum / l[i * d + i];
    }
    for (let i = d - 1; i >= 0; i--) {
      let sum = z[i];
      for (let k = i + 1; k < d; k++) sum -= l[k * d + i] * out[k * d + c];
      out[i * d + c] = sum / l[i * d + i];
    }
  }
  return out;
}

/** The hierarchical model with its effects integrated, in (μ, β, log τ, log σ); slopes by differences. */
function integratedEffects(): DifferentiableEnergy {
  const counts = new Float64Array(85);
  for (const j of group) counts[j]++;
  const value = ([mu, beta, logTau, logSigma]: ArrayLike<number> & Iterable<number>) => {
    const [t, s] = [Math.exp(2 * logTau), Math.exp(2 * logSigma)];
    const sums = new Float64Array(85);
    let energy = mu ** 2 / 50 + 0.5 * beta ** 2 + 0.5 * (t + s) - logTau - logSigma + radon.length * logSigma;
    for (const [k, y] of radon.entries()) {
      const residual = y - mu - beta * level[k];
      sums[group[k]] += residual;
      energy += residual ** 2 / (2 * s);
    }
    for (let j = 0; j < 85; j++)
      energy += 0.5 * Math.log1p((counts[j] * t) / s) - (t * sums[j] ** 2) / (2 * s * (s + counts[j] * t));
    return energy;
  };
  return differentiable(4, (x, gradient) => {
    const here = value(x);
    // The grid asks for energies alone: slopes serve to find the mode.
    for (let k = 0; k < 4; k++) {
      const [up, down] = [x.slice(), x.slice()];
      up[k] += 1e-5;
      down[k] -= 1e-5;
      gradient[k] = (value(up) - value(down)) / 2e-5;
    }
    return here;
  });
}

/** Gibbs draws of the horseshoe with auxiliary variables (Makalic & Schmidt 2016). */
function gibbs(draws: number): Moments {
  const rng = createRng(2016);
  const [n, d] = design.shape;
  const { data } = design;
  const gram = Float64Array.from({ length: d * d }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += data[i * d + Math.floor(k / d)] * data[i * d + (k % d)];
    return sum;
  });
  const moment = Float64Array.from({ length: d }, (_, j) =>
    response.reduce((sum, y, i) => sum + y * data[i * d + j], 0),
  );
  const inverseGamma = (shape: number, scale: number) => scale / gammaDraw(shape);
  /** Marsaglia & Tsang 2000, for shapes of at least ½ by way of a larger one. */
  function gammaDraw(shape: number): number {
    if (shape < 1) return gammaDraw(shape + 1) * rng.uniform() ** (1 / shape);
    const c = shape - 1 / 3;
    for (;;) {
      const z = rng.normal();
      const v = (1 + z / Math.sqrt(9 * c)) ** 3;
      if (v > 0 && Math.log(rng.uniform()) < 0.5 * z * z + c - c * v + c * Math.log(v)) return c * v;
    }
  }
  let [s, t, xi, eta] = [1, 1, 1, 1];
  const [l, nu] = [new Float64Array(d).fill(1), new Float64Array(d).fill(1)];
  const series: number[][] = Array.from({ length: d + 1 }, () => []);
  for (let k = -2000; k < draws; k++) {
    const precision = gram.map((value, at) => (value + (at % (d + 1) === 0 ? s / (l[at % d] * t) : 0)) / s);
    const covariance = invert(precision, d);
    const root = cholesky(covariance, d);
    const noise = Float64Array.from({ length: d }, () => rng.normal());
    const beta = Float64Array.from({ length: d }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < d; j++)
        sum += (covariance[i * d + j] * moment[j]) / s + (j <= i ? root[i * d + j] * noise[j] : 0);
      return sum;
    });
    let squares = 0;
    for (let i = 0; i < n; i++)
      squares += (response[i] - beta.reduce((sum, b, j) => sum + b * data[i * d + j], 0)) ** 2;
    s = inverseGamma((n + 1) / 2, squares / 2 + 1 / eta);
    eta = inverseGamma(1, 1 + 1 / s);
    for (let j = 0; j < d; j++) {
      l[j] = inverseGamma(1, 1 / nu[j] + beta[j] ** 2 / (2 * t));
      nu[j] = inverseGamma(1, 1 + 1 / l[j]);
    }
    t = inverseGamma((d + 1) / 2, 1 / xi + beta.reduce((sum, b, j) => sum + b ** 2 / (2 * l[j]), 0));
    xi = inverseGamma(1, 1 + 1 / t);
    if (k >= 0) for (const [j, value] of [...beta, Math.sqrt(s)].entries()) series[j].push(value);
  }
  return Object.fromEntries(series.map((values, j) => [j < d ? `beta[${j}]` : "sigma", momentsOf(values)]));
}

/** Mean and standard deviation, with the error of the mean from 100 batches. */
function momentsOf(values: readonly number[]): Reference {
  const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const mean = average(values);
  const size = values.length / 100;
  const batches = Array.from({ length: 100 }, (_, k) => average(values.slice(k * size, (k + 1) * size)));
  return {
    mean,
    sd: Math.sqrt(average(values.map((value) => (value - mean) ** 2))),
    mcse_mean: Math.sqrt(average(batches.map((batch) => (batch - mean) ** 2)) / 99),
  };
}

const { hiddenMarkov, arma, gaussianProcess } = byHand;
const sigmoid = (u: number) => 1 / (1 + Math.exp(-u));
const states = (x: Float64Array) => ({
  ...{ "stay[0]": sigmoid(x[0]), "stay[1]": sigmoid(x[1]) },
  ...{ "mu[0]": x[2], "mu[1]": x[2] + Math.exp(x[3]) },
});
const lags = (x: Float64Array) => ({
  ...{ mu: x[0], phi: 2 * sigmoid(x[1]) - 1, theta: 2 * sigmoid(x[2]) - 1, sigma: Math.exp(x[3]) },
});
const scales = (x: Float64Array) => ({ rho: Math.exp(x[0]), alpha: Math.exp(x[1]), sigma: Math.exp(x[2]) });
const levels = (x: Float64Array) => ({ mu: x[0], beta: x[1], tau: Math.exp(x[2]), sigma: Math.exp(x[3]) });
const moments = {
  hiddenMarkov: integrate(hiddenMarkov, Float64Array.of(2, 2, -1, 0.7), states),
  arma: integrate(arma, new Float64Array(4), lags),
  gaussianProcess: integrate(gaussianProcess, new Float64Array(3), scales),
  hierarchical: integrate(integratedEffects(), new Float64Array(4), levels),
  horseshoe: gibbs(200_000),
};
const file = new URL("../fixtures/own-posteriors.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(moments, null, 2)}\n`);
