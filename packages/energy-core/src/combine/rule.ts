import type { Arrays } from "../energy.ts";

/** How the energies E_k of the parts at one state make the energy of the whole. */
export interface Rule {
  /** Returns E from the E_k. */
  value(energies: Float64Array): number;
  /** Returns ∂E/∂E_k. */
  slopes(energies: Float64Array): ArrayLike<number>;
  /** Returns the change of E when E_k changes by `deltas[k]`. */
  difference(energies: Float64Array, deltas: Float64Array): number;
  /** Returns E from the E_k of many states at once. Without it the combination has no batches. */
  batch?<T>(arrays: Arrays<T>, energies: readonly T[]): T;
  /** Where E = Σ_k w_k E_k + constant: what a combination of quadratic energies needs to be one. */
  readonly linear?: { readonly weights: Float64Array; readonly constant: number };
}

/** A rule that quadratic energies stay quadratic under. */
export type LinearRule = Rule & Required<Pick<Rule, "batch" | "linear">>;

/** Returns the rule Σ_k w_k E_k + constant. */
export function linear(weights: Float64Array, constant = 0): LinearRule {
  const dot = (values: Float64Array) => {
    let total = 0;
    for (let k = 0; k < weights.length; k++) total += weights[k] * values[k];
    return total;
  };
  return {
    value: (energies) => dot(energies) + constant,
    slopes: () => weights,
    difference: (_, deltas) => dot(deltas),
    batch: (arrays, energies) => arrays.linear(energies, weights, constant),
    linear: { weights, constant },
  };
}
