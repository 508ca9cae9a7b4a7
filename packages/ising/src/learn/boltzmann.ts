import { checkNumber, couplings, type Edge, type SparseQuadratic, sparseQuadratic } from "@basin/energy-core";

/**
 * Returns a fully visible Boltzmann machine over `units` spins, E(s) = −Σ_{i<j} W_ij s_i s_j + Σ_i θ_i s_i (Ackley,
 * Hinton & Sejnowski 1985), with all parameters 0: a learnable energy for `@basin/samplers/learn`, `spinLikelihood` and
 * {@link pseudoLikelihood}.
 *
 * @param pairs bonds that exist. Default: all.
 *
 * @example
 * ```ts
 * import { boltzmannMachine } from "@basin/ising/learn";
 *
 * console.log(boltzmannMachine(4).can.parameters.values.length); // 16: six bonds, each from both ends, and four thresholds
 * ```
 *
 * @throws {ArgumentError} for a number of units below 1, and for pairs that do not exist.
 */
export function boltzmannMachine(
  units: number,
  pairs?: Iterable<readonly [number, number]>,
): SparseQuadratic {
  checkNumber("units", units, { min: 1, max: 65535, integer: true });
  const edges: Edge[] = [];
  if (pairs !== undefined) for (const [i, j] of pairs) edges.push([i, j, 0]);
  else for (let i = 0; i < units; i++) for (let j = i + 1; j < units; j++) edges.push([i, j, 0]);
  return sparseQuadratic(couplings(units, edges));
}
