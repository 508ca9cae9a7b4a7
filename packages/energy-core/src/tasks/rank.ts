import type { Energy } from "../energy.ts";
import { ArgumentError, checkEnergy } from "../errors.ts";
import { toVector, type VectorLike } from "../matrix.ts";

/** States in order of preference. */
export interface Ranking {
  /** Indices of the states, lowest energy first; equal energies keep the order they came in. */
  readonly order: Uint32Array;
  /** E of each state, in the order they came in. */
  readonly energies: Float64Array;
  readonly certificate: "exact";
}

/**
 * Returns the order of the states by energy, the lowest first. It needs no partition function.
 *
 * @example
 * ```ts
 * import { rank } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * const states = [3, 0, -1].map((x) => Float64Array.of(x));
 * console.log(rank(gaussian({ dimension: 1 }), states).order); // [1, 2, 0]
 * ```
 *
 * @throws {ArgumentError} for no states; {EnergyValueError} naming the state whose energy is NaN or −∞.
 */
export function rank<X>(energy: Energy<X, object>, states: readonly X[]): Ranking {
  if (states.length === 0) throw new ArgumentError("no states were given, expected at least one");
  return ranking(states.map((x) => energy.energy(x)));
}

/**
 * Returns the order of states by their energies, the lowest first.
 *
 * @example
 * ```ts
 * import { ranking } from "@basin/energy-core";
 *
 * console.log(ranking([4.5, 0, 0.5]).order); // [1, 2, 0]
 * ```
 *
 * @throws {EnergyValueError} naming the state whose energy is NaN or −∞.
 */
export function ranking(given: VectorLike): Ranking {
  const energies = Float64Array.from(toVector(given, "energies"), (e, i) =>
    checkEnergy(e, `the energy of state ${i}`),
  );
  const order = Uint32Array.from(energies, (_, i) => i);
  // Infinities: ∞ − ∞ is NaN, so compare rather than subtract.
  order.sort((a, b) => (energies[a] < energies[b] ? -1 : energies[a] > energies[b] ? 1 : a - b));
  return { order, energies, certificate: "exact" };
}
