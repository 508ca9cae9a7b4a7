import { checkOptions } from "../check-options.ts";
import type { Energy } from "../energy.ts";
import type { DescendOptions, Descent } from "../space.ts";

/** A recalled memory. */
export interface Recall<X> extends Descent<X> {
  /** How far it is from the cue, as its space measures: the Hamming distance for spins, Euclidean for reals. */
  readonly distance: number;
}

/**
 * Returns the memory that a cue reminds the energy of: the attractor that `cue` descends to, addressed by content
 * (Hopfield 1982). Memories are the local minima of the energy.
 *
 * @example
 * ```ts
 * import { denseQuadratic, recall } from "@basin/energy-core";
 *
 * const memory = denseQuadratic([[0, 1, -1], [1, 0, -1], [-1, -1, 0]]);
 * const { state, distance } = recall(memory, Int8Array.of(1, 1, 1));
 * console.log(state, distance); // [1, 1, −1], 1
 * ```
 *
 * @throws {CapabilityError} when the energy has neither moves nor a gradient; {EnergyValueError} for NaN and −∞.
 */
export function recall<X>(energy: Energy<X>, cue: X, options: DescendOptions = {}): Recall<X> {
  checkOptions("recall", options, "order seed gradientTolerance maxIterations memory");
  const found = energy.space.descend(energy, cue, options, "recall");
  return { ...found, distance: energy.space.distance(found.state, cue) };
}
