import { checkNumber, type Matrix, row } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { addOuter, multiply, withoutDiagonal } from "../linear.ts";
import type { Learned, LearningRule } from "./rule.ts";

interface Projection extends Learned {
  /** The orthogonal projection on the span of the patterns, its diagonal included. */
  readonly projection: Float64Array;
  readonly report: { readonly independentPatterns: number };
}

/** Options of {@link pseudoInverse}. */
export interface PseudoInverseOptions {
  /**
   * A pattern whose part outside the span of the earlier ones is at most `tolerance` · √N long counts as linearly
   * dependent and adds nothing. Default 1e-7.
   */
  tolerance?: number;
}

/**
 * Returns the pseudo-inverse (projection) rule, W = ξᵀ (ξ ξᵀ)⁻¹ ξ with its diagonal set to zero (Personnaz, Guyon &
 * Dreyfus 1985): each of up to N − 1 linearly independent patterns is a fixed point, however correlated they are.
 *
 * Learned one pattern at a time, W ← W + r rᵀ/‖r‖² with the residual r = ξ − W ξ, in O(N²) for each pattern. Storing
 * patterns later costs no more than storing them at once. The report counts the `independentPatterns`.
 *
 * @example
 * ```ts
 * import { hopfield, pseudoInverse } from "@basin/hopfield";
 *
 * const memory = hopfield([[1, 1, -1, -1], [1, -1, 1, -1]], { rule: pseudoInverse({ tolerance: 1e-9 }) });
 * console.log(memory.weights.data, memory.report);
 * ```
 */
export function pseudoInverse(options: PseudoInverseOptions = {}): LearningRule {
  checkOptions("pseudoInverse", options, "tolerance");
  const tolerance = checkNumber("tolerance", options.tolerance ?? 1e-7, { min: 0 });
  return {
    name: "pseudo-inverse",
    options: { tolerance },
    learn(patterns, previous): Projection {
      const [count, neurons] = patterns.shape;
      const before = previous as Projection | undefined;
      const projection = before ? before.projection.slice() : new Float64Array(neurons * neurons);
      const rank = before ? before.report.independentPatterns : 0;
      const gained = extend(projection, patterns, before?.patterns ?? 0, tolerance);
      return {
        patterns: count,
        weights: () => withoutDiagonal(projection.slice(), neurons),
        report: { independentPatterns: rank + gained },
        projection,
      };
    },
  };
}

function extend(
  projection: Float64Array,
  patterns: Matrix<Int8Array>,
  from: number,
  tolerance: number,
): number {
  const [count, neurons] = patterns.shape;
  let gained = 0;
  for (let mu = from; mu < count; mu++) {
    const residual = Float64Array.from(row(patterns, mu));
    // The second pass removes what rounding left of the span: a nearly dependent pattern would spoil the others.
    removeSpan(projection, residual);
    removeSpan(projection, residual);
    let square = 0;
    for (let i = 0; i < neurons; i++) square += residual[i] * residual[i];
    if (Math.sqrt(square) <= tolerance * Math.sqrt(neurons)) continue;
    addOuter(projection, residual, 1 / square);
    gained++;
  }
  return gained;
}

function removeSpan(projection: Float64Array, v: Float64Array): void {
  const inside = multiply(projection, v);
  for (let i = 0; i < v.length; i++) v[i] -= inside[i];
}
