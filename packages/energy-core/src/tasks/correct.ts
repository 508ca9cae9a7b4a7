import { checkOptions } from "../check-options.ts";
import type { Energy } from "../energy.ts";
import type { BallMinimum, BallOptions } from "../space.ts";

/**
 * Returns x* = argmin E(x′) over the ball ‖x′ − x‖ ≤ ε: the state of lowest energy among those that a limited error
 * could have turned into `x`. On spins, a small Hamming ball is searched completely (`"exact"`), a larger one by flips
 * and exchanges (`"local"`). On reals, the search is projected descent (`"local"`).
 *
 * @example
 * ```ts
 * import { correct, denseQuadratic } from "@basin/energy-core";
 *
 * const memory = denseQuadratic([[0, 1, -1], [1, 0, -1], [-1, -1, 0]]);
 * console.log(correct(memory, Int8Array.of(1, 1, 1), { radius: 1 }).state); // [1, 1, −1]
 * ```
 *
 * @throws {ArgumentError} for a radius out of range; {DimensionError} for a state of the wrong length.
 * @throws {CapabilityError} when the energy has neither moves nor a gradient; {EnergyValueError} for NaN and −∞.
 */
export function correct<X>(energy: Energy<X>, x: X, options: BallOptions): BallMinimum<X> {
  checkOptions("correct", options, "radius norm maxStates tolerance maxIterations");
  return energy.space.descendWithin(energy, x, options, "correct");
}
