import { requireDifferentiable } from "../capability.ts";
import {
  type DifferentiableEnergy,
  type Energy,
  isSpinEnergy,
  type SpinCursor,
  type SpinEnergy,
} from "../energy.ts";
import { checkEnergy, checkName } from "../errors.ts";
import { createRng } from "../random/rng.ts";
import { type MinimizeRealsOptions, minimizeReals } from "./lbfgs.ts";
import { descendCursor, lowersEnergy } from "./spins.ts";

/** The options of {@link descend}. */
export interface DescendOptions extends MinimizeRealsOptions {
  /**
   * Which spin flips next. `"steepest"` (default): the one that lowers the energy most, the lowest index among equals.
   * `"random"`: passes over all spins in random order, much faster where a spin has few neighbors.
   */
  order?: "steepest" | "random";
  /** Seed of the random order. Default 1. */
  seed?: number;
}

/** The local minimum below a state. */
export interface Descent<X> {
  readonly state: X;
  /** E(state). */
  readonly energy: number;
  /** Flips made, or iterations of L-BFGS. */
  readonly steps: number;
  /** Whether a local minimum was reached: always for spins, within the tolerance for reals. */
  readonly converged: boolean;
  readonly certificate: "local";
}

/**
 * Returns the local minimum that `x` flows down to: single flips that lower the energy on spins, until none does;
 * L-BFGS on reals. The attractor of `x`, in the language of dynamics.
 *
 * @example
 * ```ts
 * import { couplings, descend, sparseQuadratic } from "@basin/energy-core";
 *
 * const chain = sparseQuadratic(couplings(4, [[0, 1, 1], [1, 2, 1], [2, 3, 1]]));
 * console.log(descend(chain, Int8Array.of(1, 1, -1, 1)).state); // all +1
 * ```
 *
 * @throws {CapabilityError} when the energy has neither cursors nor a gradient; {EnergyValueError} for NaN and −∞.
 */
export function descend(energy: SpinEnergy, x: Int8Array, options?: DescendOptions): Descent<Int8Array>;
export function descend(
  energy: DifferentiableEnergy,
  x: Float64Array,
  options?: DescendOptions,
): Descent<Float64Array>;
export function descend(
  energy: Energy<never>,
  x: Int8Array | Float64Array,
  options: DescendOptions = {},
): Descent<Int8Array | Float64Array> {
  if (!isSpinEnergy(energy)) {
    const found = minimizeReals(requireDifferentiable(energy, "descend"), x as Float64Array, options);
    return {
      state: found.state,
      energy: found.energy,
      steps: found.iterations,
      converged: found.converged,
      certificate: "local",
    };
  }
  const order = checkName("order", options.order ?? "steepest", ["steepest", "random"]);
  const cursor = energy.attach(x as Int8Array);
  checkEnergy(cursor.energy, "the energy of the start");
  const steps = order === "steepest" ? steepest(cursor) : descendCursor(cursor, createRng(options.seed ?? 1));
  const state = cursor.state.slice();
  return { state, energy: energy.energy(state), steps, converged: true, certificate: "local" };
}

function steepest(cursor: SpinCursor): number {
  const deltas = new Float64Array(cursor.state.length);
  for (let steps = 0; ; steps++) {
    cursor.deltas(deltas);
    let best = 0;
    for (let i = 1; i < deltas.length; i++) if (deltas[i] < deltas[best]) best = i;
    if (!lowersEnergy(deltas[best], cursor.energy)) return steps;
    cursor.flip(best);
  }
}
