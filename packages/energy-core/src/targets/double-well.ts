import { differentiable } from "../adapt.ts";
import { checkOptions } from "../check-options.ts";
import { checkNumber } from "../errors.ts";
import { matrix } from "../matrix.ts";
import { exp, log } from "../random/math.ts";
import type { Rng } from "../random/rng.ts";
import { diagonalData, LOG_TWO_PI, type Target } from "./target.ts";

/** The options of {@link doubleWell}. */
export interface DoubleWellOptions {
  /** n; coordinates from the second on are independent and standard normal. Default 1. */
  dimension?: number;
  /** h, above 0: the energy at 0 above that at ±1. Default 4. */
  barrier?: number;
  /** t in [−h, h]: the slope that makes one well deeper by about 2|t|. Default 0. */
  tilt?: number;
}

/**
 * Returns the double well E(x) = h (x₁² − 1)² + t x₁ + ½ Σ_{i>1} x_i². Its moments are integrals without a closed form,
 * computed by the trapezoid rule, which converges exponentially here, to about 1e-14. Draws are exact, by rejection.
 *
 * @example
 * ```ts
 * import { doubleWell } from "@basin/energy-core/targets";
 *
 * const well = doubleWell({ barrier: 8 });
 * console.log(well.energy(Float64Array.of(0)) - well.energy(Float64Array.of(1))); // 8
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 */
export function doubleWell(options: DoubleWellOptions = {}): Target {
  checkOptions("doubleWell", options, "dimension barrier tilt");
  const n = checkNumber("dimension", options.dimension ?? 1, { min: 1, integer: true });
  const h = checkNumber("barrier", options.barrier ?? 4, { above: 0 });
  const t = checkNumber("tilt", options.tilt ?? 0, { min: -h, max: h });
  const { logPartition, mean, variance } = momentsOf(h, t);
  const means = new Float64Array(n);
  means[0] = mean;
  const variances = new Float64Array(n).fill(1);
  variances[0] = variance;
  const energy = differentiable(n, (x, gradient) => {
    const excess = x[0] * x[0] - 1;
    gradient[0] = 4 * h * excess * x[0] + t;
    let rest = 0;
    for (let i = 1; i < n; i++) {
      gradient[i] = x[i];
      rest += x[i] * x[i];
    }
    return h * excess * excess + t * x[0] + 0.5 * rest;
  });
  return {
    ...energy,
    name: "doubleWell",
    mean: means,
    covariance: matrix(diagonalData(variances), n, n),
    logPartition: logPartition + ((n - 1) / 2) * LOG_TWO_PI,
    sample: (rng) =>
      Float64Array.from({ length: n }, (_, i) => (i === 0 ? drawFirst(rng, h, t) : rng.normal())),
  };
}

function momentsOf(h: number, t: number): { logPartition: number; mean: number; variance: number } {
  // At |x| = reach the density is below e^−60 of its peak, for either sign of the tilt.
  const reach = 1.5 + (70 / h) ** 0.25 + Math.sqrt(8 / Math.sqrt(h));
  const steps = 20_000;
  const sums = [0, 0, 0];
  for (let k = -steps; k <= steps; k++) {
    const x = (reach * k) / steps;
    const weight = exp(-h * (x * x - 1) ** 2 - t * x - Math.abs(t));
    sums[0] += weight;
    sums[1] += weight * x;
    sums[2] += weight * x * x;
  }
  const mean = sums[1] / sums[0];
  return {
    logPartition: log((sums[0] * reach) / steps) + Math.abs(t),
    mean,
    variance: sums[2] / sums[0] - mean * mean,
  };
}

/**
 * Draws x₁: (x² − 1)² ≥ (|x| − 1)², so exp(−h(|x| − 1)² − t x), a Gaussian on either side of 0, lies above the density.
 */
function drawFirst(rng: Rng, h: number, t: number): number {
  const sd = Math.sqrt(1 / (2 * h));
  // Completing the square on side ±: weight exp(∓t + t²/4h), center |x| = 1 ∓ t/2h.
  const right = 1 / (1 + exp(2 * t));
  for (;;) {
    const side = rng.uniform() < right ? 1 : -1;
    const size = 1 - (side * t) / (2 * h) + sd * rng.normal();
    if (size < 0) continue;
    const excess = h * ((size * size - 1) ** 2 - (size - 1) ** 2);
    if (rng.uniform() < exp(-excess)) return side * size;
  }
}
