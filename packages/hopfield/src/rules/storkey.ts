import { row } from "@basin/energy-core";
import { multiply } from "../linear.ts";
import type { LearningRule } from "./rule.ts";

/**
 * Returns Storkey's rule (Storkey 1997): pattern by pattern, w_ij ← w_ij + (ξ_i ξ_j − ξ_i h_ji − h_ij ξ_j)/N with h_ij
 * = Σ_{k ≠ i, j} w_ik ξ_k.
 *
 * It is local and incremental like Hebb's, O(N²) for each pattern, with a higher capacity: N/√(2 ln N) random patterns.
 * The order of the patterns matters.
 *
 * @example
 * ```ts
 * import { hopfield, storkey } from "@basin/hopfield";
 *
 * const memory = hopfield([[1, 1, -1, -1], [1, -1, 1, -1]], { rule: storkey() });
 * console.log(memory.weights.data, memory.report);
 * ```
 */
export function storkey(): LearningRule {
  return {
    name: "storkey",
    options: {},
    learn(patterns, previous) {
      const [count, neurons] = patterns.shape;
      const weights = previous ? previous.weights().slice() : new Float64Array(neurons * neurons);
      for (let mu = previous?.patterns ?? 0; mu < count; mu++) learnOne(weights, row(patterns, mu));
      return { patterns: count, weights: () => weights, report: {} };
    },
  };
}

function learnOne(weights: Float64Array, pattern: Int8Array): void {
  const n = pattern.length;
  const h = multiply(weights, pattern);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const w = weights[i * n + j];
      // h_ij = h_i − w_ij ξ_j and h_ji = h_j − w_ij ξ_i, the diagonal being zero.
      const pull = pattern[i] * h[j] + pattern[j] * h[i] - 2 * w;
      const value = w + (pattern[i] * pattern[j] - pull) / n;
      weights[i * n + j] = value;
      weights[j * n + i] = value;
    }
  }
}
