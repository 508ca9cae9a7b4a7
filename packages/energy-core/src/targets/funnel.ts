import { differentiable } from "../adapt.ts";
import { checkOptions } from "../check-options.ts";
import { checkNumber } from "../errors.ts";
import { matrix } from "../matrix.ts";
import { exp, log } from "../random/math.ts";
import { diagonalData, LOG_TWO_PI, type Target } from "./target.ts";

/** The options of {@link funnel}. */
export interface FunnelOptions {
  /** n, at least 2. Default 10. */
  dimension?: number;
  /** s, above 0: the standard deviation of the log variance. Default 3. */
  standardDeviation?: number;
}

/**
 * Returns the funnel, E(x) = v²/(2s²) + (n − 1) v/2 + ½ e^{−v} Σ_{i≥1} x_i² with v = x₀ (Neal 2003): v ~ N(0, s²) and
 * x_i | v ~ N(0, e^v). Mean 0; variances s² and exp(s²/2); no two coordinates are correlated.
 *
 * @example
 * ```ts
 * import { funnel } from "@basin/energy-core/targets";
 *
 * console.log(funnel().covariance.data[0]); // 9
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 */
export function funnel(options: FunnelOptions = {}): Target {
  checkOptions("funnel", options, "dimension standardDeviation");
  const n = checkNumber("dimension", options.dimension ?? 10, { min: 2, integer: true });
  const s = checkNumber("standardDeviation", options.standardDeviation ?? 3, { above: 0 });
  const variances = new Float64Array(n).fill(exp((s * s) / 2));
  variances[0] = s * s;
  const energy = differentiable(n, (x, gradient) => {
    const v = x[0];
    const precision = exp(-v);
    let squares = 0;
    for (let i = 1; i < n; i++) {
      gradient[i] = precision * x[i];
      squares += x[i] * x[i];
    }
    const scaled = 0.5 * precision * squares;
    gradient[0] = v / (s * s) + 0.5 * (n - 1) - scaled;
    return (v * v) / (2 * s * s) + 0.5 * (n - 1) * v + scaled;
  });
  return {
    ...energy,
    name: "funnel",
    mean: new Float64Array(n),
    covariance: matrix(diagonalData(variances), n, n),
    logPartition: (n / 2) * LOG_TWO_PI + log(s),
    sample(rng) {
      const v = s * rng.normal();
      const scale = exp(v / 2);
      return Float64Array.from({ length: n }, (_, i) => (i === 0 ? v : scale * rng.normal()));
    },
  };
}
