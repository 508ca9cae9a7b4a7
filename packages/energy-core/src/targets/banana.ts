import { differentiable } from "../adapt.ts";
import { checkOptions } from "../check-options.ts";
import { checkNumber } from "../errors.ts";
import { matrix } from "../matrix.ts";
import { log } from "../random/math.ts";
import { diagonalData, LOG_TWO_PI, type Target } from "./target.ts";

/** The options of {@link banana}. */
export interface BananaOptions {
  /** n, at least 2; coordinates from the third on are independent and standard normal. Default 2. */
  dimension?: number;
  /** b: how strongly the ridge bends. Default 0.03. */
  curvature?: number;
  /** s, above 0: the standard deviation along x₁. Default 10. */
  standardDeviation?: number;
}

/**
 * Returns a banana-shaped density, E(x) = x₁²/(2s²) + ½ (x₂ + b x₁² − b s²)² + ½ Σ_{i>2} x_i² (Haario, Saksman &
 * Tamminen 1999): a Gaussian bent along a parabola, so that every moment is known. Mean 0; variances s², 1 + 2b²s⁴, 1,
 * …; no two coordinates are correlated.
 *
 * @example
 * ```ts
 * import { banana } from "@basin/energy-core/targets";
 *
 * const target = banana({ curvature: 0.5, standardDeviation: 2 });
 * console.log(target.covariance.data); // [4, 0, 0, 9]
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 */
export function banana(options: BananaOptions = {}): Target {
  checkOptions("banana", options, "dimension curvature standardDeviation");
  const n = checkNumber("dimension", options.dimension ?? 2, { min: 2, integer: true });
  const b = checkNumber("curvature", options.curvature ?? 0.03);
  const s = checkNumber("standardDeviation", options.standardDeviation ?? 10, { above: 0 });
  const variance = s * s;
  const variances = new Float64Array(n).fill(1);
  variances[0] = variance;
  variances[1] = 1 + 2 * b * b * variance * variance;
  const energy = differentiable(n, (x, gradient) => {
    const across = x[1] + b * (x[0] * x[0] - variance);
    gradient[0] = x[0] / variance + 2 * b * x[0] * across;
    gradient[1] = across;
    let sum = (x[0] * x[0]) / variance + across * across;
    for (let i = 2; i < n; i++) {
      gradient[i] = x[i];
      sum += x[i] * x[i];
    }
    return 0.5 * sum;
  });
  return {
    ...energy,
    name: "banana",
    mean: new Float64Array(n),
    covariance: matrix(diagonalData(variances), n, n),
    logPartition: (n / 2) * LOG_TWO_PI + log(s),
    sample(rng) {
      const x = Float64Array.from({ length: n }, () => rng.normal());
      x[0] *= s;
      x[1] -= b * (x[0] * x[0] - variance);
      return x;
    },
  };
}
