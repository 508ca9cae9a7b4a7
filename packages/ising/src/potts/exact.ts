import { checkNumber } from "@basin/energy-core";

/** What is known of the Potts model with J = 1 on an infinite square lattice. */
export interface SquarePotts {
  /** T_c = 1/ln(1 + √q). */
  readonly criticalTemperature: number;
  /**
   * Energies per site of the ordered and the disordered phase at T_c: both −(1 + 1/√q) for q ≤ 4, where the transition
   * is continuous.
   */
  readonly orderedEnergy: number;
  readonly disorderedEnergy: number;
}

/**
 * Returns the exact values of the Potts model of q labels with J = 1 on an infinite square lattice: T_c = 1/ln(1 + √q)
 * by duality (Potts 1952), where the energies per site of the phases are u = −(1 + 1/√q)(1 ± tanh(θ/2) Π_{n ≥ 1}
 * tanh²(nθ)), 2 cosh θ = √q, for q > 4 and −(1 + 1/√q) for q ≤ 4 (Baxter 1973).
 *
 * @param states q, from 2 to 256.
 *
 * @example
 * ```ts
 * import { squarePotts } from "@basin/ising";
 *
 * const { orderedEnergy, disorderedEnergy } = squarePotts(8);
 * console.log(orderedEnergy.toFixed(3), disorderedEnergy.toFixed(3)); // −1.597 −1.110
 * ```
 *
 * @throws {ArgumentError} for a number of states out of range.
 */
export function squarePotts(states: number): SquarePotts {
  const root = Math.sqrt(checkNumber("states", states, { min: 2, max: 256, integer: true }));
  const middle = -(1 + 1 / root);
  let split = 0;
  if (states > 4) {
    const theta = Math.acosh(root / 2);
    split = Math.tanh(theta / 2);
    // tanh is 1 to a double's last digit beyond 20.
    for (let n = 1; n * theta < 20; n++) split *= Math.tanh(n * theta) ** 2;
  }
  return {
    criticalTemperature: 1 / Math.log1p(root),
    orderedEnergy: middle * (1 + split),
    disorderedEnergy: middle * (1 - split),
  };
}
