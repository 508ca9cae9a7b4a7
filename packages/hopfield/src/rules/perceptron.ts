import { checkNumber, type Matrix, row } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { multiply } from "../linear.ts";
import type { Learned, LearningRule } from "./rule.ts";

/** Options of {@link perceptron}. */
export interface PerceptronOptions {
  /**
   * κ: learning continues until every stability γ_i^μ = ξ_i^μ h_i^μ/‖w_i‖ is above κ. Larger margins make larger basins
   * and smaller capacities: 2N random patterns at κ = 0 with asymmetric weights (Gardner 1988), fewer with symmetric
   * ones. Default 0.5.
   */
  margin?: number;
  /** Maximum passes over all patterns, at least 1. Default 200. */
  maxEpochs?: number;
}

/**
 * Returns the symmetrized perceptron rule (Gardner 1988; Diederich & Opper 1987): wherever a stored bit is not stable
 * by the margin, w_ij and w_ji ← w_ij + ξ_i ξ_j/N for all j ≠ i, until none is left. Each bit is a linear condition on
 * the N(N − 1)/2 couplings, so by the perceptron theorem learning ends if a solution with this margin exists.
 *
 * The report says whether learning `converged`, after how many `epochs`, and the smallest `stability` reached.
 *
 * @example
 * ```ts
 * import { hopfield, perceptron } from "@basin/hopfield";
 *
 * const memory = hopfield([[1, 1, -1, -1], [1, -1, 1, -1]], { rule: perceptron({ margin: 0.2 }) });
 * console.log(memory.weights.data, memory.report);
 * ```
 */
export function perceptron(options: PerceptronOptions = {}): LearningRule {
  checkOptions("perceptron", options, "margin maxEpochs");
  const margin = checkNumber("margin", options.margin ?? 0.5, { min: 0 });
  const maxEpochs = checkNumber("maxEpochs", options.maxEpochs ?? 200, { min: 1, integer: true });
  return {
    name: "perceptron",
    options: { margin, maxEpochs },
    learn(patterns, previous): Learned {
      const [count, neurons] = patterns.shape;
      const weights = previous ? previous.weights().slice() : new Float64Array(neurons * neurons);
      let epochs = 0;
      let stability = Number.NEGATIVE_INFINITY;
      while (!(stability > margin) && epochs < maxEpochs) {
        stability = epoch(weights, patterns, margin);
        epochs++;
      }
      const report = { converged: stability > margin, epochs, stability };
      return { patterns: count, weights: () => weights, report };
    },
  };
}

/** One pass over the patterns; returns the smallest stability met, which is that of the result when nothing changed. */
function epoch(weights: Float64Array, patterns: Matrix<Int8Array>, margin: number): number {
  const [count, neurons] = patterns.shape;
  let smallest = Number.POSITIVE_INFINITY;
  for (let mu = 0; mu < count; mu++) {
    const pattern = row(patterns, mu);
    const fields = multiply(weights, pattern);
    const weak: number[] = [];
    for (let i = 0; i < neurons; i++) {
      const stability =
        pattern[i] * fields[i] === 0 ? 0 : (pattern[i] * fields[i]) / norm(weights, i, neurons);
      smallest = Math.min(smallest, stability);
      if (!(stability > margin)) weak.push(i);
    }
    for (const i of weak) reinforce(weights, pattern, i);
  }
  return smallest;
}

function norm(weights: Float64Array, i: number, neurons: number): number {
  let square = 0;
  for (let k = i * neurons; k < (i + 1) * neurons; k++) square += weights[k] * weights[k];
  return Math.sqrt(square);
}

/** Adds ξ_i ξ_j/N to w_ij and w_ji for all j ≠ i. */
export function reinforce(weights: Float64Array, pattern: Int8Array, i: number): void {
  const n = pattern.length;
  for (let j = 0; j < n; j++) {
    if (j === i) continue;
    const step = (pattern[i] * pattern[j]) / n;
    weights[i * n + j] += step;
    weights[j * n + i] += step;
  }
}
