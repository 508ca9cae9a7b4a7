import type { DifferentiableEnergy, Energy, SpinEnergy } from "../energy.ts";
import { type DescendOptions, type Descent, descend } from "../minimize/descend.ts";

/** A recalled memory. */
export interface Recall<X> extends Descent<X> {
  /** How far it is from the cue: Hamming distance for spins, Euclidean for reals. */
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
 * @throws {CapabilityError} when the energy has neither cursors nor a gradient; {EnergyValueError} for NaN and −∞.
 */
export function recall(energy: SpinEnergy, cue: Int8Array, options?: DescendOptions): Recall<Int8Array>;
export function recall(
  energy: DifferentiableEnergy,
  cue: Float64Array,
  options?: DescendOptions,
): Recall<Float64Array>;
export function recall(
  energy: Energy<never>,
  cue: Int8Array | Float64Array,
  options: DescendOptions = {},
): Recall<Int8Array | Float64Array> {
  const found = descend(energy as SpinEnergy, cue as Int8Array, options);
  let squares = 0;
  for (let i = 0; i < cue.length; i++) squares += (found.state[i] - cue[i]) ** 2;
  // A flipped spin differs by 2.
  return { ...found, distance: energy.space.kind === "spins" ? squares / 4 : Math.sqrt(squares) };
}
