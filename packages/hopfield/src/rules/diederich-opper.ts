import { checkNumber, row } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { multiply } from "../linear.ts";
import { reinforce } from "./perceptron.ts";
import type { LearningRule } from "./rule.ts";

/** Options of {@link diederichOpper}. */
export interface DiederichOpperOptions {
  /** Maximum passes over all patterns, at least 1. Default 500. */
  maxEpochs?: number;
}

/**
 * Returns the first rule of Diederich & Opper (1987), symmetrized: wherever a stored bit has ξ_i^μ h_i^μ < 1, w_ij and
 * w_ji ← w_ij + ξ_i ξ_j/N for all j ≠ i, until no bit has. It does not change bits that are learned well, so correlated
 * patterns do no harm. Every step is local and of the same size; their second rule steps in proportion to 1 − ξ_i h_i
 * and ends at the pseudo-inverse. The bound 1 applies to the field itself, while the margin of the perceptron is
 * relative to ‖w_i‖. By the perceptron theorem it ends where symmetric couplings with such fields exist, as a multiple
 * of the pseudo-inverse's does for up to N − 1 patterns in general position.
 *
 * The report says whether learning `converged`, after how many `epochs`, and the smallest `field` ξ_i h_i of a stored
 * bit at the last pass.
 *
 * @throws {ArgumentError} for `maxEpochs` below 1.
 *
 * @example
 * ```ts
 * import { diederichOpper, hopfield } from "@basin/hopfield";
 *
 * const memory = hopfield([[1, 1, 1, -1], [1, 1, -1, -1]], { rule: diederichOpper() });
 * console.log(memory.report); // converged, after 3 epochs
 * ```
 */
export function diederichOpper(options: DiederichOpperOptions = {}): LearningRule {
  checkOptions("diederichOpper", options, "maxEpochs");
  const maxEpochs = checkNumber("maxEpochs", options.maxEpochs ?? 500, { min: 1, integer: true });
  return {
    name: "diederich-opper",
    options: { maxEpochs },
    learn(patterns, previous) {
      const [count, neurons] = patterns.shape;
      const weights = previous ? previous.weights().slice() : new Float64Array(neurons * neurons);
      let epochs = 0;
      let field = Number.NEGATIVE_INFINITY;
      while (field < ENOUGH && epochs < maxEpochs) {
        field = Number.POSITIVE_INFINITY;
        epochs++;
        for (let mu = 0; mu < count; mu++) {
          const pattern = row(patterns, mu);
          const own = multiply(weights, pattern).map((h, i) => pattern[i] * h);
          for (const [i, value] of own.entries()) {
            field = Math.min(field, value);
            if (value < ENOUGH) reinforce(weights, pattern, i);
          }
        }
      }
      return {
        patterns: count,
        weights: () => weights,
        report: { converged: field >= ENOUGH, epochs, field },
      };
    },
  };
}

/** 1, less what N steps of 1/N lose to rounding. */
const ENOUGH = 1 - 1e-9;
