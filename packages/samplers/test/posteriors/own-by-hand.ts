/** The posteriors of own.ts with gradients by hand, but for constants. */
import { type DifferentiableEnergy, differentiable } from "@basin/energy-core";
import { cholesky } from "@basin/energy-core/internal";
import { curve, design, group, hidden, level, type own, place, radon, response, series } from "./own.ts";

const sigmoid = (u: number) => 1 / (1 + Math.exp(-u));

/** Coordinates (logit of each probability to stay, μ₀, log(μ₁ − μ₀)); slopes are carried forwards. */
const hiddenMarkov = differentiable(4, (x, gradient) => {
  const [a, b] = [sigmoid(x[0]), sigmoid(x[1])];
  const [low, gap] = [x[2], Math.exp(x[3])];
  const mu = [low, low + gap];
  // Slopes of p₀ by a, b, μ₀, μ₁.
  let p = 0.5;
  let slopes = [0, 0, 0, 0];
  let energy = 0;
  const total = [0, 0, 0, 0];
  for (const y of hidden) {
    const to = a * p + (1 - b) * (1 - p);
    const byTo = slopes.map((slope) => (a - 1 + b) * slope);
    byTo[0] += p;
    byTo[1] -= 1 - p;
    const [u, v] = mu.map((m) => Math.exp(-0.5 * (y - m) ** 2));
    const [first, second] = [to * u, (1 - to) * v];
    const byFirst = byTo.map((slope, k) => slope * u + (k === 2 ? first * (y - mu[0]) : 0));
    const bySecond = byTo.map((slope, k) => -slope * v + (k === 3 ? second * (y - mu[1]) : 0));
    const sum = first + second;
    energy -= Math.log(sum);
    for (let k = 0; k < 4; k++) total[k] -= (byFirst[k] + bySecond[k]) / sum;
    p = first / sum;
    slopes = byFirst.map((slope, k) => (slope * second - first * bySecond[k]) / sum ** 2);
  }
  // Beta(8, 2) and the Jacobian: −8 log a − 2 log(1 − a).
  for (const [k, q] of [a, b].entries()) {
    energy -= 8 * Math.log(q) + 2 * Math.log1p(-q);
    gradient[k] = total[k] * q * (1 - q) - 8 * (1 - q) + 2 * q;
  }
  energy += (mu[0] ** 2 + mu[1] ** 2) / 18 - x[3];
  const [byLow, byHigh] = [total[2] + mu[0] / 9, total[3] + mu[1] / 9];
  gradient[2] = byLow + byHigh;
  gradient[3] = byHigh * gap - 1;
  return energy;
});

/** Coordinates (μ, φ and θ by logits over (−1, 1), log σ); slopes of the errors are carried forwards. */
const arma = differentiable(4, (x, gradient) => {
  const [mu, phi, theta] = [x[0], 2 * sigmoid(x[1]) - 1, 2 * sigmoid(x[2]) - 1];
  const variance = Math.exp(2 * x[3]);
  let error = series[0] - mu;
  let slopes = [-1, 0, 0];
  let squares = error * error;
  const sums = slopes.map((slope) => slope * error);
  for (let t = 1; t < series.length; t++) {
    const direct = [-1, -series[t - 1], -error];
    error = series[t] - mu - phi * series[t - 1] - theta * error;
    slopes = slopes.map((slope, k) => direct[k] - theta * slope);
    squares += error * error;
    for (let k = 0; k < 3; k++) sums[k] += slopes[k] * error;
  }
  const ratio = variance / 25;
  gradient[0] = sums[0] / variance + mu / 100;
  let energy = squares / (2 * variance) + (series.length - 1) * x[3] + mu ** 2 / 200 + Math.log1p(ratio);
  for (const [k, value] of [phi, theta].entries()) {
    // The Jacobian is (1 − v²) / 2, but for the constant.
    energy += 2 * value ** 2 - Math.log1p(-value * value);
    gradient[1 + k] = (sums[1 + k] / variance + 4 * value) * 0.5 * (1 - value * value) + value;
  }
  gradient[3] = series.length - 1 - squares / variance + (2 * ratio) / (1 + ratio);
  return energy;
});

/** Coordinates (log ρ, log α, log σ): ½ tr(K⁻¹ dK) − ½ wᵀ dK w, w = K⁻¹ y. */
const gaussianProcess = differentiable(3, (x, gradient) => {
  const [rho, alpha, sigma] = Array.from(x, Math.exp);
  const n = place.length;
  const smooth = Array.from({ length: n * n }, (_, k) => {
    const distance = place[Math.floor(k / n)] - place[k % n];
    return alpha ** 2 * Math.exp(-(distance ** 2) / (2 * rho ** 2));
  });
  const l = cholesky(
    Float64Array.from(smooth, (k, at) => k + (at % (n + 1) === 0 ? sigma ** 2 : 0)),
    n,
  );
  const inverse = inverseOf(l, n);
  const w = Array.from({ length: n }, (_, i) => curve.reduce((sum, y, j) => sum + inverse[i * n + j] * y, 0));
  let energy = curve.reduce((sum, y, i) => sum + 0.5 * y * w[i] + Math.log(l[i * n + i]), 0);
  energy += 5 * x[0] + 5 / rho + 0.5 * (alpha ** 2 + sigma ** 2) - x[1] - x[2];
  gradient.set([5 - 5 / rho, alpha ** 2 - 1, sigma ** 2 - 1]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const pull = 0.5 * (inverse[i * n + j] - w[i] * w[j]);
      const k = smooth[i * n + j];
      gradient[0] += pull * k * ((place[i] - place[j]) / rho) ** 2;
      gradient[1] += 2 * pull * k;
      if (i === j) gradient[2] += 2 * pull * sigma ** 2;
    }
  return energy;
});

/** (L Lᵀ)⁻¹. */
function inverseOf(l: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  const turned = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let i = c; i < n; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= l[i * n + k] * turned[k * n + c];
      turned[i * n + c] = sum / l[i * n + i];
    }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = Math.max(i, j); k < n; k++) out[i * n + j] += turned[k * n + i] * turned[k * n + j];
  return out;
}

/** Coordinates (z, μ, β, log τ, log σ). */
const hierarchical = differentiable(89, (x, gradient) => {
  const [mu, beta, tau, sigma] = [x[85], x[86], Math.exp(x[87]), Math.exp(x[88])];
  const variance = sigma ** 2;
  gradient.fill(0);
  let energy =
    mu ** 2 / 50 + 0.5 * beta ** 2 + 0.5 * (tau ** 2 + variance) - x[87] - x[88] + radon.length * x[88];
  let squares = 0;
  for (const [k, y] of radon.entries()) {
    const z = x[group[k]];
    const residual = mu + tau * z + beta * level[k] - y;
    squares += residual ** 2;
    gradient[group[k]] += (tau * residual) / variance;
    gradient[85] += residual / variance;
    gradient[86] += (level[k] * residual) / variance;
    gradient[87] += (tau * z * residual) / variance;
  }
  for (let j = 0; j < 85; j++) {
    energy += 0.5 * x[j] ** 2;
    gradient[j] += x[j];
  }
  gradient[85] += mu / 25;
  gradient[86] += beta;
  gradient[87] += tau ** 2 - 1;
  gradient[88] = variance - 1 + radon.length - squares / variance;
  return energy + squares / (2 * variance);
});

/** Coordinates (z, log λ, log τ, log σ). */
const horseshoe = differentiable(12, (x, gradient) => {
  const [n, d] = design.shape;
  const [tau, sigma] = [Math.exp(x[10]), Math.exp(x[11])];
  const lambda = Array.from(x.subarray(5, 10), Math.exp);
  const effect = lambda.map((l, j) => x[j] * l * tau);
  const pull = new Float64Array(d);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const row = design.data.subarray(i * d, (i + 1) * d);
    const residual = row.reduce((sum, value, j) => sum + value * effect[j], -response[i]);
    squares += residual ** 2;
    for (let j = 0; j < d; j++) pull[j] += (row[j] * residual) / sigma ** 2;
  }
  let energy = squares / (2 * sigma ** 2) + n * x[11];
  const scales = [...lambda, tau, sigma];
  for (const [k, scale] of scales.entries()) {
    energy += Math.log1p(scale ** 2) - x[5 + k];
    gradient[5 + k] = (2 * scale ** 2) / (1 + scale ** 2) - 1;
  }
  for (let j = 0; j < d; j++) {
    energy += 0.5 * x[j] ** 2;
    gradient[j] = x[j] + pull[j] * lambda[j] * tau;
    gradient[5 + j] += pull[j] * effect[j];
    gradient[10] += pull[j] * effect[j];
  }
  gradient[11] += n - squares / sigma ** 2;
  return energy;
});

export const byHand: Readonly<Record<keyof typeof own, DifferentiableEnergy>> = {
  ...{ hiddenMarkov, arma, gaussianProcess, hierarchical, horseshoe },
};
