import type { Energy } from "../energy.ts";
import { checkNumber } from "../errors.ts";
import { type Combined, pointwise } from "./pointwise.ts";
import { type LinearRule, linear } from "./rule.ts";

/**
 * Returns `factor` · E, with every capability of E. With the factor β this is the distribution at inverse temperature
 * β. As part of the energy, β no longer commutes with marginalizing a label.
 *
 * @param factor above 0.
 *
 * @example
 * ```ts
 * import { scale } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * console.log(scale(gaussian({ dimension: 1 }), 3).energy(Float64Array.of(2))); // 6
 * ```
 *
 * @throws {ArgumentError} for a factor that is not a finite number above 0.
 */
export function scale<X, C extends object>(
  energy: Energy<X, C>,
  factor: number,
): Energy<X, Combined<C, LinearRule>> {
  checkNumber("factor", factor, { above: 0 });
  return pointwise("a scaled energy", [energy], linear(Float64Array.of(factor)));
}

/**
 * Returns E + `constant`, with every capability of E: the same distribution, since only differences of energy matter.
 *
 * @example
 * ```ts
 * import { shift } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * console.log(shift(gaussian({ dimension: 1 }), 10).energy(Float64Array.of(2))); // 12
 * ```
 *
 * @throws {ArgumentError} for a constant that is not finite.
 */
export function shift<X, C extends object>(
  energy: Energy<X, C>,
  constant: number,
): Energy<X, Combined<C, LinearRule>> {
  return pointwise(
    "a shifted energy",
    [energy],
    linear(Float64Array.of(1), checkNumber("constant", constant)),
  );
}
