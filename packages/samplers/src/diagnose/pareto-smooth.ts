import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";

/** Options of {@link paretoSmooth}. */
export interface ParetoSmoothOptions {
  /** Effective draws a draw, above 0, which the length of the tail follows. Default 1: independent draws. */
  relativeEfficiency?: number;
}

/** Smoothed importance weights. */
export interface SmoothedWeights {
  /** Log weights in the order given, whose exponentials sum to 1. */
  readonly logWeights: Float64Array;
  /** k̂, the shape of the generalized Pareto law of the largest weights; +∞ for a tail of fewer than five weights. */
  readonly shape: number;
}

/**
 * Returns log importance weights whose largest are replaced by the expected order statistics of a generalized Pareto
 * law fitted to them (Vehtari, Simpson, Gelman, Yao & Gabry 2024), and the shape k̂ of that law: an estimate by the
 * weights is good up to k̂ = min(1 − 1/log₁₀ S, 0.7) for S draws. Of S weights the tail has min(S/5, 3 √(S/r)), r the
 * relative efficiency, rounded up.
 *
 * @throws {ArgumentError} for fewer than five weights, and one that is NaN or +∞.
 */
export function paretoSmooth(
  logWeights: ArrayLike<number>,
  options: ParetoSmoothOptions = {},
): SmoothedWeights {
  checkOptions("paretoSmooth", options, "relativeEfficiency");
  const efficiency = checkNumber("relativeEfficiency", options.relativeEfficiency ?? 1, { above: 0 });
  const smoothed = Float64Array.from(logWeights);
  const count = smoothed.length;
  if (count < 5) throw new ArgumentError(`there are ${count} weights, expected at least five`);
  const bad = smoothed.findIndex((weight) => !(weight < Infinity));
  if (bad >= 0) throw new ArgumentError(`log weight ${bad} is ${smoothed[bad]}, expected a number below +∞`);
  const order = Uint32Array.from(smoothed, (_, i) => i).sort((i, j) => smoothed[i] - smoothed[j]);
  const top = smoothed[order[count - 1]];
  for (let i = 0; i < count; i++) smoothed[i] -= top;
  const length = Math.ceil(Math.min(count / 5, 3 * Math.sqrt(count / efficiency)));
  const cutoff = Math.max(smoothed[order[count - length - 1]], LEAST_LOG);
  const tail = order.filter((i) => smoothed[i] > cutoff);
  const shape = smoothTail(smoothed, tail, Math.exp(cutoff));
  let total = 0;
  for (const weight of smoothed) total += Math.exp(weight);
  const logTotal = Math.log(total);
  return { logWeights: smoothed.map((weight) => weight - logTotal), shape };
}

/** Logarithm of the smallest normal number. */
const LEAST_LOG = Math.log(2 ** -1022);
/** Weights that a fit takes at least. */
const LEAST_TAIL = 5;

/**
 * Replaces the weights at `tail`, ascending places, by those expected beyond `floor`, none above the largest. Returns
 * the shape.
 */
function smoothTail(logWeights: Float64Array, tail: Uint32Array, floor: number): number {
  if (tail.length < LEAST_TAIL) return Infinity;
  const excesses = Float64Array.from(tail, (i) => Math.exp(logWeights[i]) - floor);
  const { shape, scale } = fitPareto(excesses);
  if (!Number.isFinite(shape)) return shape;
  for (const [rank, i] of tail.entries()) {
    const log = Math.log1p(-(rank + 0.5) / tail.length);
    const excess = scale * (Math.abs(shape) < Number.EPSILON ? -log : Math.expm1(-shape * log) / shape);
    logWeights[i] = Math.min(0, Math.log(excess + floor));
  }
  return shape;
}

/**
 * Returns the generalized Pareto law of ascending values above 0: the posterior mean of θ = −k/σ over a grid (Zhang &
 * Stephens 2009), and k with a prior worth ten values at ½ (Vehtari et al. 2024).
 */
function fitPareto(values: Float64Array): { shape: number; scale: number } {
  const n = values.length;
  const points = 30 + Math.floor(Math.sqrt(n));
  const quartile = values[Math.floor(n / 4 + 0.5) - 1];
  const thetas = Float64Array.from(
    { length: points },
    (_, j) => 1 / values[n - 1] + (1 - Math.sqrt(points / (j + 0.5))) / (3 * quartile),
  );
  const shapeAt = (theta: number) => values.reduce((sum, value) => sum + Math.log1p(-theta * value), 0) / n;
  const logLikelihoods = thetas.map((theta) => {
    const shape = shapeAt(theta);
    return n * (Math.log(-theta / shape) - shape - 1);
  });
  let total = 0;
  let theta = 0;
  for (const [j, own] of logLikelihoods.entries()) {
    const weight = 1 / logLikelihoods.reduce((sum, other) => sum + Math.exp(other - own), 0);
    if (!(weight >= 10 * Number.EPSILON)) continue;
    total += weight;
    theta += weight * thetas[j];
  }
  theta /= total;
  const shape = shapeAt(theta);
  return { shape: (n * shape + 5) / (n + 10), scale: -shape / theta };
}
