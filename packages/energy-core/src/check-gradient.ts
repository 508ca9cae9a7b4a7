import { checkKeepsState, gradientAt } from "./check-arguments.ts";
import { checkOptions } from "./check-options.ts";
import { type Energy, requireCapability } from "./energy.ts";
import { checkLength, checkNumber, EnergyValueError } from "./errors.ts";

/** The options of {@link checkGradient}. */
export interface CheckGradientOptions {
  /** Largest relative error that passes. Default 1e-6. */
  tolerance?: number;
  /** Step h of the differences, scaled by max(1, |x_i|). Default 1e-3. */
  step?: number;
}

/** What {@link checkGradient} found. */
export interface GradientReport {
  /** Whether the largest error is within the tolerance. */
  readonly passed: boolean;
  /** The coordinate where the gradient is furthest off. */
  readonly coordinate: number;
  /** ∂E/∂x_coordinate as the energy gives it. */
  readonly analytic: number;
  /** The same by differences. */
  readonly numeric: number;
  /** |analytic − numeric| / max(1, |analytic|, |numeric|) there. */
  readonly error: number;
}

/** States that are numbers in a row. */
export interface NumberArray {
  readonly length: number;
  [i: number]: number;
}

/**
 * Returns how far the gradient of `energy` at `x` is from differences of its energies, and in which coordinate it is
 * worst. Central differences of steps h and h/2 are extrapolated (Richardson 1911), with an error of order h⁴.
 *
 * @example
 * ```ts
 * import { checkGradient, differentiable } from "@basin/energy-core";
 *
 * const wrong = differentiable(2, (x, gradient) => {
 *   gradient[0] = 2 * x[0];
 *   gradient[1] = x[1]; // forgot the 2
 *   return x[0] * x[0] + x[1] * x[1];
 * });
 * console.log(checkGradient(wrong, Float64Array.of(1, 3)).coordinate); // 1
 * ```
 *
 * @throws {DimensionError} when `x` does not fit; {EnergyValueError} when an energy nearby is not finite, and for a
 * gradient that adds to its array instead of setting it, or changes the state.
 */
export function checkGradient<X extends NumberArray>(
  energy: Energy<X>,
  x: X,
  options: CheckGradientOptions = {},
): GradientReport {
  checkOptions("checkGradient", options, "tolerance step");
  const { dimension } = energy.space;
  checkLength("state", x.length, dimension);
  const tolerance = checkNumber("tolerance", options.tolerance ?? 1e-6, { above: 0 });
  const step = checkNumber("step", options.step ?? 1e-3, { above: 0 });
  const gradient = gradientAt(requireCapability(energy, "gradient", "checkGradient"), energy.space, x);
  checkKeepsState(energy, x);
  let worst: GradientReport | undefined;
  for (let i = 0; i < dimension; i++) {
    const h = step * Math.max(1, Math.abs(x[i]));
    const numeric = (4 * centralDifference(energy, x, i, h / 2) - centralDifference(energy, x, i, h)) / 3;
    const analytic = gradient[i];
    const difference = Math.abs(analytic - numeric) / Math.max(1, Math.abs(analytic), Math.abs(numeric));
    // A gradient that is NaN is as wrong as it gets.
    const error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    if (worst === undefined || error > worst.error) {
      worst = { passed: error <= tolerance, coordinate: i, analytic, numeric, error };
    }
  }
  return worst as GradientReport;
}

function centralDifference<X extends NumberArray>(energy: Energy<X>, x: X, i: number, h: number): number {
  const y: NumberArray & X = energy.space.copy(x);
  y[i] = x[i] + h;
  const right = y[i];
  const above = energy.energy(y);
  y[i] = x[i] - h;
  const below = energy.energy(y);
  if (!Number.isFinite(above) || !Number.isFinite(below)) {
    throw new EnergyValueError(
      `the energies beside coordinate ${i} are ${above} and ${below}; a gradient can only be checked where they are finite`,
    );
  }
  return (above - below) / (right - y[i]);
}
