import { differentiable } from "@basin/energy-core";
import { type Posterior, readPosterior } from "./posterior.ts";
import { arK, kidscoreInteraction, kilpisjarvi, logMesquite, nes2000, sblrc } from "./regression.ts";

const logistic = (u: number) => 1 / (1 + Math.exp(-u));
/** log(1 + e^u) without overflow. */
const softplus = (u: number) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));

/** Coordinates (θ̃₁ … θ̃₈, μ, w = log τ). */
export function eightSchools(): Posterior {
  const file = readPosterior("eight_schools-eight_schools_noncentered");
  const y = Float64Array.from(file.data.y);
  const precision = Float64Array.from(file.data.sigma, (sigma: number) => 1 / (sigma * sigma));
  const energy = differentiable(10, (x, gradient) => {
    const mu = x[8];
    const tau = Math.exp(x[9]);
    const ratio = (tau * tau) / 25;
    let value = 0.02 * mu * mu + Math.log1p(ratio) - x[9];
    let byMu = 0.04 * mu;
    let byTau = 0;
    for (let j = 0; j < 8; j++) {
      const z = x[j];
      const residual = mu + tau * z - y[j];
      const pull = precision[j] * residual;
      value += 0.5 * (z * z + pull * residual);
      gradient[j] = z + tau * pull;
      byMu += pull;
      byTau += z * pull;
    }
    gradient[8] = byMu;
    gradient[9] = tau * byTau + (2 * ratio) / (1 + ratio) - 1;
    return value;
  });
  return {
    name: file.name,
    energy,
    reference: file.reference,
    constrain: (x) => {
      const tau = Math.exp(x[9]);
      return [...Array.from({ length: 8 }, (_, j) => x[8] + tau * x[j]), x[8], tau];
    },
  };
}

/** Coordinates (μ, log α₀, logit α₁, logit(β₁ / (1 − α₁))). */
export function garch11(): Posterior {
  const file = readPosterior("garch-garch11");
  const y: number[] = file.data.y;
  const firstVariance = file.data.sigma1 ** 2;
  const unpack = (x: Float64Array) => {
    const alpha1 = logistic(x[2]);
    const share = logistic(x[3]);
    return { alpha0: Math.exp(x[1]), alpha1, share, beta1: (1 - alpha1) * share };
  };
  const energy = differentiable(4, (x, gradient) => {
    const mu = x[0];
    const { alpha0, alpha1, share, beta1 } = unpack(x);
    let variance = firstVariance;
    // Derivatives of the variance by μ, α₀, α₁, β₁, carried along the recursion.
    let [vMu, vAlpha0, vAlpha1, vBeta1] = [0, 0, 0, 0];
    let [eMu, eAlpha0, eAlpha1, eBeta1] = [0, 0, 0, 0];
    let value = 0;
    for (let t = 0; t < y.length; t++) {
      const residual = y[t] - mu;
      const scaled = (residual * residual) / variance;
      value += 0.5 * (Math.log(variance) + scaled);
      const byVariance = (0.5 * (1 - scaled)) / variance;
      eMu += byVariance * vMu - residual / variance;
      eAlpha0 += byVariance * vAlpha0;
      eAlpha1 += byVariance * vAlpha1;
      eBeta1 += byVariance * vBeta1;
      vMu = beta1 * vMu - 2 * alpha1 * residual;
      vAlpha0 = 1 + beta1 * vAlpha0;
      vAlpha1 = residual * residual + beta1 * vAlpha1;
      vBeta1 = variance + beta1 * vBeta1;
      variance = alpha0 + alpha1 * residual * residual + beta1 * variance;
    }
    // Log Jacobian: log α₀ + log α₁(1 − α₁) + log (1 − α₁) v (1 − v), v the share.
    value -= x[1] - softplus(-x[2]) - 2 * softplus(x[2]) - softplus(-x[3]) - softplus(x[3]);
    const slope = alpha1 * (1 - alpha1);
    gradient[0] = eMu;
    gradient[1] = alpha0 * eAlpha0 - 1;
    gradient[2] = slope * (eAlpha1 - share * eBeta1) - (1 - alpha1) + 2 * alpha1;
    gradient[3] = (1 - alpha1) * share * (1 - share) * eBeta1 - (1 - share) + share;
    return value;
  });
  return {
    name: file.name,
    energy,
    reference: file.reference,
    constrain: (x) => {
      const { alpha0, alpha1, beta1 } = unpack(x);
      return [x[0], alpha0, alpha1, beta1];
    },
  };
}

/** Coordinates (μ₁, log(μ₂ − μ₁), log σ₁, log σ₂, logit θ). */
export function gaussMix(): Posterior {
  const file = readPosterior("low_dim_gauss_mix-low_dim_gauss_mix");
  const y = Float64Array.from(file.data.y);
  const energy = differentiable(5, (x, gradient) => {
    const gap = Math.exp(x[1]);
    const [mu1, mu2] = [x[0], x[0] + gap];
    const [sigma1, sigma2] = [Math.exp(x[2]), Math.exp(x[3])];
    const theta = logistic(x[4]);
    const [log1, log2] = [-softplus(-x[4]) - x[2], -softplus(x[4]) - x[3]];
    let value = 0;
    let [byMu1, byMu2, byLog1, byLog2, weight] = [0, 0, 0, 0, 0];
    for (let n = 0; n < y.length; n++) {
      const z1 = (y[n] - mu1) / sigma1;
      const z2 = (y[n] - mu2) / sigma2;
      const difference = log2 - 0.5 * z2 * z2 - (log1 - 0.5 * z1 * z1);
      value -= log1 - 0.5 * z1 * z1 + softplus(difference);
      const second = logistic(difference);
      const first = 1 - second;
      byMu1 -= (first * z1) / sigma1;
      byMu2 -= (second * z2) / sigma2;
      byLog1 += first * (1 - z1 * z1);
      byLog2 += second * (1 - z2 * z2);
      weight += first;
    }
    // Priors N(0, 2) on μ, half-N(0, 2) on σ, Beta(5, 5) on θ, and the log Jacobian.
    value += (mu1 * mu1 + mu2 * mu2 + sigma1 * sigma1 + sigma2 * sigma2) / 8;
    value += 5 * (softplus(-x[4]) + softplus(x[4])) - x[1] - x[2] - x[3];
    byMu1 += mu1 / 4;
    byMu2 += mu2 / 4;
    gradient[0] = byMu1 + byMu2;
    gradient[1] = gap * byMu2 - 1;
    gradient[2] = byLog1 + (sigma1 * sigma1) / 4 - 1;
    gradient[3] = byLog2 + (sigma2 * sigma2) / 4 - 1;
    gradient[4] = y.length * theta - weight + 10 * theta - 5;
    return value;
  });
  return {
    name: file.name,
    energy,
    reference: file.reference,
    constrain: (x) => [x[0], x[0] + Math.exp(x[1]), Math.exp(x[2]), Math.exp(x[3]), logistic(x[4])],
  };
}

/** The nine posteriors. */
export const posteriors: readonly Posterior[] = [
  arK(),
  eightSchools(),
  garch11(),
  kidscoreInteraction(),
  kilpisjarvi(),
  gaussMix(),
  logMesquite(),
  nes2000(),
  sblrc(),
];
