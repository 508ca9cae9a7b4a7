import { exp, log } from "@basin/energy-core/random";
import type { DensityOfStates } from "./wang-landau.ts";

/** Thermal averages that a density of states gives. */
export interface Thermodynamics {
  /** ln Z = ln Σ g(E) exp(−βE). */
  readonly logPartition: number;
  /** ⟨E⟩, of the whole system. */
  readonly energy: number;
  /** β² (⟨E²⟩ − ⟨E⟩²), of the whole system. */
  readonly heatCapacity: number;
}

/** Returns the thermal averages of a density of states at one β. */
export function thermodynamics(
  { energies, logDensity }: Pick<DensityOfStates, "energies" | "logDensity">,
  inverseTemperature: number,
): Thermodynamics {
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
