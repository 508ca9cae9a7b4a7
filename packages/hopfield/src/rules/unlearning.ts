import { checkNumber, denseQuadratic, matrix } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { addOuter, withoutDiagonal } from "../linear.ts";
import { randomState } from "../patterns.ts";
import { settle } from "../recall.ts";
import { hebbian } from "./hebbian.ts";
import type { LearningRule } from "./rule.ts";

/** Options of {@link unlearning}. */
export interface UnlearningOptions {
  /** Number of attractors that are unlearned, at least 0. Default 100. */
  dreams?: number;
  /** ε: each attractor is subtracted with the weight ε/N, ε above 0. Default 0.01. */
  rate?: number;
  /** Seed of the random starts. Required. */
  seed: number;
}

/**
 * Returns Hebb's rule followed by unlearning (Hopfield, Feinstein & Palmer 1983): from random states the network
 * relaxes to attractors S, most of them spurious, and each is weakened, w_ij ← w_ij − (ε/N) S_i S_j. Too many dreams
 * destroy the memories as well.
 *
 * @example
 * ```ts
 * import { hopfield, unlearning } from "@basin/hopfield";
 *
 * const memory = hopfield([[1, 1, -1, -1], [1, -1, 1, -1]], { rule: unlearning({ dreams: 20, seed: 0 }) });
 * console.log(memory.weights.data, memory.report);
 * ```
 */
export function unlearning(options: UnlearningOptions): LearningRule {
  checkOptions("unlearning", options, "dreams rate seed");
  const dreams = checkNumber("dreams", options.dreams ?? 100, { min: 0, integer: true });
  const rate = checkNumber("rate", options.rate ?? 0.01, { above: 0 });
  const seed = checkNumber("seed", options.seed, { min: 0, integer: true });
  return {
    name: "unlearning",
    options: { dreams, rate, seed },
    learn(patterns) {
      const [count, neurons] = patterns.shape;
      const rng = createRng(seed);
      const weights = hebbian().learn(patterns).weights();
      for (let dream = 0; dream < dreams; dream++) {
        const energy = denseQuadratic(matrix(weights, neurons, neurons));
        const { state } = settle(energy, randomState(rng, neurons), { seed: rng.uint32() });
        addOuter(weights, state, -rate / neurons);
        withoutDiagonal(weights, neurons);
      }
      return { patterns: count, weights: () => weights, report: { dreams } };
    },
  };
}
