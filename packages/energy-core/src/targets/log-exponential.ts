import { differentiable } from "../adapt.ts";
import { checkOptions } from "../check-options.ts";
import { checkNumber } from "../errors.ts";
import { matrix } from "../matrix.ts";
import { exp, log } from "../random/math.ts";
import { exponential } from "../random/normal.ts";
import { diagonalData, type Target } from "./target.ts";

/** The options of {@link logExponential}. */
export interface LogExponentialOptions {
  /** n. Default 1. */
  dimension?: number;
  /** λ, above 0. Default 1. */
  rate?: number;
}

const EULER = 0.5772156649015329;

/**
 * Returns the density of logarithms of independent exponential variables of rate λ, E(x) = Σ_i (λ e^{x_i} − x_i): a
 * light tail to the right, an exponential one to the left. Mean −γ − ln λ (γ Euler's constant), variance π²/6.
 *
 * @example
 * ```ts
 * import { logExponential } from "@basin/energy-core/targets";
 *
 * console.log(logExponential().mean[0]); // −0.5772…
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 */
export function logExponential(options: LogExponentialOptions = {}): Target {
  checkOptions("logExponential", options, "dimension rate");
  const n = checkNumber("dimension", options.dimension ?? 1, { min: 1, integer: true });
  const rate = checkNumber("rate", options.rate ?? 1, { above: 0 });
  const energy = differentiable(n, (x, gradient) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const height = rate * exp(x[i]);
      gradient[i] = height - 1;
      sum += height - x[i];
    }
    return sum;
  });
  return {
    ...energy,
    name: "logExponential",
    mean: new Float64Array(n).fill(-EULER - log(rate)),
    covariance: matrix(diagonalData(new Float64Array(n).fill(Math.PI ** 2 / 6)), n, n),
    logPartition: -n * log(rate),
    sample: (rng) => Float64Array.from({ length: n }, () => log(exponential(rng) / rate)),
  };
}
