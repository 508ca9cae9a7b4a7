import { row } from "@basin/energy-core";
import { addOuter, withoutDiagonal } from "../linear.ts";
import type { LearningRule } from "./rule.ts";

/**
 * Returns Hebb's rule, w_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ for i ≠ j (Hopfield 1982).
 *
 * Random unbiased patterns are retrieved with few errors up to P ≈ 0.138 N; correlated ones fail much earlier. The
 * couplings are never formed unless asked for: recall works on the P overlaps.
 *
 * @example
 * ```ts
 * import { hebbian, hopfield } from "@basin/hopfield";
 *
 * const memory = hopfield([[1, 1, -1, -1], [1, -1, 1, -1]], { rule: hebbian() });
 * console.log(memory.weights.data, memory.report);
 * ```
 */
export function hebbian(): LearningRule {
  return {
    name: "hebbian",
    lowRank: true,
    options: {},
    learn(patterns) {
      const [count, neurons] = patterns.shape;
      const weights = () => {
        const sums = new Float64Array(neurons * neurons);
        for (let mu = 0; mu < count; mu++) addOuter(sums, row(patterns, mu), 1);
        for (let k = 0; k < sums.length; k++) sums[k] /= neurons;
        return withoutDiagonal(sums, neurons);
      };
      return { patterns: count, weights, report: {} };
    },
  };
}
