import { checkOptions } from "./check-options.ts";
import type { Energy } from "./energy.ts";
import { checkEnergy, resolveInverseTemperature, type TemperatureOptions } from "./errors.ts";

/** The options of {@link logDensity}. */
export interface LogDensityOptions extends TemperatureOptions {
  /** log Z at the same β, where it is known. Default 0: the result is then right up to one constant. */
  logPartition?: number;
}

/**
 * Returns log p(x) = −βE(x) − log Z, up to the constant log Z when it is not given; −∞ outside the support.
 *
 * @example
 * ```ts
 * import { logDensity } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * const normal = gaussian({ dimension: 1 });
 * console.log(logDensity(normal, Float64Array.of(0), { logPartition: normal.logPartition })); // −½ ln 2π
 * ```
 *
 * @throws {EnergyValueError} for NaN and −∞ energies.
 */
export function logDensity<X>(energy: Energy<X>, x: X, options: LogDensityOptions = {}): number {
  checkOptions("logDensity", options, "logPartition inverseTemperature temperature");
  const beta = resolveInverseTemperature(options);
  const value = checkEnergy(energy.energy(x), "the energy");
  // 0 · ∞: a state outside the support stays outside at every temperature.
  return (value === Number.POSITIVE_INFINITY ? -value : -beta * value) - (options.logPartition ?? 0);
}
