import { differentiable } from "../adapt.ts";
import { checkOptions } from "../check-options.ts";
import { checkNumber } from "../errors.ts";
import { matrix } from "../matrix.ts";
import { log } from "../random/math.ts";
import { LOG_TWO_PI, type Target } from "./target.ts";

/** The options of {@link rosenbrock}. */
export interface RosenbrockOptions {
  /** Number of independent pairs, n/2. Default 1. */
  pairs?: number;
  /** a, above 0. Default 1/20. */
  along?: number;
  /** b, above 0. Default 5. */
  across?: number;
  /** μ. Default 1. */
  center?: number;
}

/**
 * Returns a product of two-dimensional Rosenbrock densities, E(x) = Σ over pairs (u, w) of a (u − μ)² + b (w − u²)²
 * (Goodman & Weare 2010 with the defaults; Pagani, Wiegand & Nadarajah 2022 for its moments). With s² = 1/(2a):
 * ⟨u⟩ = μ, ⟨w⟩ = μ² + s², Var u = s², Cov(u, w) = 2μs², Var w = 4μ²s² + 2s⁴ + 1/(2b).
 *
 * @example
 * ```ts
 * import { rosenbrock } from "@basin/energy-core/targets";
 *
 * console.log(rosenbrock({ pairs: 2 }).mean); // [1, 11, 1, 11]
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 */
export function rosenbrock(options: RosenbrockOptions = {}): Target {
  checkOptions("rosenbrock", options, "pairs along across center");
  const pairs = checkNumber("pairs", options.pairs ?? 1, { min: 1, integer: true });
  const a = checkNumber("along", options.along ?? 0.05, { above: 0 });
  const b = checkNumber("across", options.across ?? 5, { above: 0 });
  const center = checkNumber("center", options.center ?? 1);
  const n = 2 * pairs;
  const s2 = 1 / (2 * a);
  const covariance = new Float64Array(n * n);
  for (let u = 0; u < n; u += 2) {
    covariance[u * n + u] = s2;
    covariance[u * n + u + 1] = covariance[(u + 1) * n + u] = 2 * center * s2;
    covariance[(u + 1) * n + u + 1] = 4 * center * center * s2 + 2 * s2 * s2 + 1 / (2 * b);
  }
  const energy = differentiable(n, (x, gradient) => {
    let sum = 0;
    for (let u = 0; u < n; u += 2) {
      const d = x[u] - center;
      const ridge = x[u + 1] - x[u] * x[u];
      gradient[u] = 2 * a * d - 4 * b * ridge * x[u];
      gradient[u + 1] = 2 * b * ridge;
      sum += a * d * d + b * ridge * ridge;
    }
    return sum;
  });
  return {
    ...energy,
    name: "rosenbrock",
    mean: Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? center : center * center + s2)),
    covariance: matrix(covariance, n, n),
    logPartition: pairs * (LOG_TWO_PI - 0.5 * log(2 * a) - 0.5 * log(2 * b)),
    sample(rng) {
      const x = new Float64Array(n);
      for (let u = 0; u < n; u += 2) {
        x[u] = center + Math.sqrt(s2) * rng.normal();
        x[u + 1] = x[u] * x[u] + Math.sqrt(1 / (2 * b)) * rng.normal();
      }
      return x;
    },
  };
}
