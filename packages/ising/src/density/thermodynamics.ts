import { exp, log } from "@basin/energy-core/random";
import type { DensityOfStates } from "./wang-landau.ts";

/**
 * Returns the thermal averages of a density of states at one β, with k_B = 1: sums over its energies weighted by g(E)
 * exp(−βE). Energies and ln g(E) are results of {@link wangLandau}. A constant added to ln g adds to ln Z and changes
 * nothing else.
 *
 * @param inverseTemperature β, finite, in units of 1/energy.
 *
 * @example
 * ```ts
 * import { thermodynamics } from "@basin/ising";
 *
 * const pair = { energies: Float64Array.of(-1, 1), logDensity: Float64Array.of(Math.LN2, Math.LN2) };
 * console.log(thermodynamics(pair, 1).energy); // −tanh 1 = −0.7616, of two spins bound by J = 1
 * ```
 */
export function thermodynamics(
  { energies, logDensity }: Pick<DensityOfStates, "energies" | "logDensity">,
  inverseTemperature: number,
): {
  /** ln Z = ln Σ g(E) exp(−βE). */
  readonly logPartition: number;
  /** ⟨E⟩, of the whole system. */
  readonly energy: number;
  /** β² (⟨E²⟩ − ⟨E⟩²), of the whole system. */
  readonly heatCapacity: number;
} {
  const exponents = logDensity.map((value, k) => value - inverseTemperature * energies[k]);
  const highest = exponents.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = exponents.map((value) => exp(value - highest));
  const z = weights.reduce((a, b) => a + b, 0);
  const energy = weights.reduce((sum, weight, k) => sum + weight * energies[k], 0) / z;
  const variance = weights.reduce((sum, weight, k) => sum + weight * (energies[k] - energy) ** 2, 0) / z;
  return {
    logPartition: highest + log(z),
    energy,
    heatCapacity: inverseTemperature * inverseTemperature * variance,
  };
}
