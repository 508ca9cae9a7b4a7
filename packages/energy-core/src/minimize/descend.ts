import { checkOptions } from "../check-options.ts";
import type { Energy } from "../energy.ts";
import type { DescendOptions, Descent } from "../space.ts";

/**
 * Returns the local minimum below `x`, its attractor: on spins by single flips that lower the energy until none does,
 * on reals by L-BFGS.
 *
 * @example
 * ```ts
 * import { couplings, descend, sparseQuadratic } from "@basin/energy-core";
 *
 * const chain = sparseQuadratic(couplings(4, [[0, 1, 1], [1, 2, 1], [2, 3, 1]]));
 * console.log(descend(chain, Int8Array.of(1, 1, -1, 1)).state); // all +1
 * ```
 *
 * @throws {CapabilityError} when the energy has neither moves nor a gradient; {EnergyValueError} for NaN and −∞.
 */
export function descend<X>(energy: Energy<X>, x: X, options: DescendOptions = {}): Descent<X> {
  checkOptions("descend", options, "order seed gradientTolerance maxIterations memory");
  return energy.space.descend(energy, x, options, "descend");
}
