import { ArgumentError, checkNumber, row } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { addOuter, withoutDiagonal } from "../linear.ts";
import type { LearningRule } from "./rule.ts";

/** Options of {@link covariance}. */
export interface CovarianceOptions {
  /**
   * a, the expected share of +1 in a pattern, strictly between 0 and 1. Default: that of the patterns; 0.5 is Hebb's
   * rule.
   */
  activity?: number;
}

/**
 * Returns the covariance rule for biased or sparse patterns, w_ij = (1/(N (1 − b²))) Σ_μ (ξ_i^μ − b)(ξ_j^μ − b) for i ≠
 * j, with the mean b = 2a − 1 (Amit, Gutfreund & Sompolinsky 1987); for η = (1 + ξ)/2 in {0, 1} that is (1/(N a (1 −
 * a))) Σ_μ (η_i^μ − a)(η_j^μ − a) (Tsodyks & Feigel'man 1988). What patterns share by their bias alone is taken out.
 * Learned one pattern at a time where a is given; measured, it changes with every pattern, and learning begins anew.
 * The activity is in the memory's `report`.
 *
 * The thresholds that sparse patterns want are no part of a rule: `sparseMemory` sets them.
 *
 * @throws {ArgumentError} for an activity out of range, and for patterns that are +1 or −1 throughout, whose measured
 * activity is.
 *
 * @example
 * ```ts
 * import { covariance, hopfield } from "@basin/hopfield";
 *
 * const memory = hopfield([[1, 1, -1, -1, -1, -1, -1, -1]], { rule: covariance({ activity: 0.25 }) });
 * console.log(memory.weights.data[1] > 0, memory.weights.data[2] < 0); // true true
 * ```
 */
export function covariance(options: CovarianceOptions = {}): LearningRule {
  checkOptions("covariance", options, "activity");
  const { activity: given } = options;
  if (given !== undefined) checkActivity(given);
  return {
    name: "covariance",
    options: { activity: given },
    learn(patterns, previous) {
      const [count, neurons] = patterns.shape;
      const activity = given ?? checkActivity(activityOf(patterns.data), "the patterns' activity");
      const known = given === undefined ? undefined : previous;
      const weights = known ? known.weights().slice() : new Float64Array(neurons * neurons);
      const mean = 2 * activity - 1;
      for (let mu = known?.patterns ?? 0; mu < count; mu++) {
        const deviations = Float64Array.from(row(patterns, mu), (spin) => spin - mean);
        addOuter(weights, deviations, 1 / (neurons * (1 - mean * mean)));
      }
      withoutDiagonal(weights, neurons);
      return { patterns: count, weights: () => weights, report: { activity } };
    },
  };
}

/** Share of +1. */
function activityOf(spins: Int8Array): number {
  return spins.reduce((active, spin) => active + (spin > 0 ? 1 : 0), 0) / spins.length;
}

/** Returns a, strictly between 0 and 1. */
export function checkActivity(activity: number, what = "activity"): number {
  checkNumber(what, activity, { above: 0 });
  if (activity < 1) return activity;
  throw new ArgumentError(`${what} is ${activity}, expected a number above 0 and below 1`);
}
