import type { Energy } from "../energy.ts";
import { ArgumentError, checkKind, checkLength } from "../errors.ts";
import { type Combined, type CombinedPair, pointwise } from "./pointwise.ts";
import { type LinearRule, linear } from "./rule.ts";

/**
 * Returns Σ_k w_k E_k: a product of experts, p ∝ Π_k p_k^{w_k} (Hinton 2002). A state outside one part's support is
 * outside the whole. The sum keeps the capabilities that all parts share (gradient, moves, labels). It has parameters
 * if any part has them: those of several parts are joined into one vector, which from then on sets all of them.
 * `requireCapability` names the part that lacks a capability.
 *
 * The type of a sum of two names the parameters that either has; that of a longer list, or of one with weights, names
 * what all parts have.
 *
 * @param weights w_k, at least 0 (0 leaves its part out, walls included). Default 1 each.
 *
 * @example
 * ```ts
 * import { sum } from "@basin/energy-core";
 * import { doubleWell, gaussian } from "@basin/energy-core/targets";
 *
 * const both = sum([doubleWell(), gaussian({ dimension: 1 })]);
 * console.log(both.energy(Float64Array.of(1))); // ½
 * ```
 *
 * @throws {ArgumentError} for no parts or an illegal weight; {DimensionError} when parts are over different spaces.
 */
export function sum<X, A extends object, B extends object>(
  energies: readonly [Energy<X, A>, Energy<X, B>],
): Energy<X, CombinedPair<X, A, B, LinearRule>>;
export function sum<X, C extends object>(
  energies: readonly Energy<X, C>[],
  weights?: ArrayLike<number>,
): Energy<X, Combined<C, LinearRule>>;
export function sum<X, C extends object>(
  energies: readonly Energy<X, C>[],
  weights?: ArrayLike<number>,
): Energy<X, Combined<C, LinearRule>> {
  checkKind("what a sum is given", energies, Array.isArray(energies), "an array of energies");
  if (weights !== undefined) checkLength("weights", weights.length, energies.length);
  const w = energies.map((_, k) => weights?.[k] ?? 1);
  const bad = w.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (bad >= 0) throw new ArgumentError(`weight ${bad} is ${w[bad]}, expected a finite number at least 0`);
  // A weight of 0 leaves its part out, walls included: 0 · ∞ would be NaN.
  const kept = energies.filter((_, k) => w[k] > 0);
  return pointwise("a sum", kept, linear(Float64Array.from(w.filter((weight) => weight > 0))));
}
