import { checkLength } from "@basin/energy-core";
import { type BinaryForm, statedBinaryForm } from "./binary-form.ts";
import { roundedSum } from "./rounded-sum.ts";
import type { PlainProblem, SpinProblem } from "./spin-problem.ts";

/**
 * Returns how far a plain sum of the terms of E(σ), in any order, can lie from E(σ): (m + 1) 2⁻⁵³ Σ|term| over the m terms, those over bits where
 * the problem was stated so (Higham 2002, §4.2). Two sums of the same terms differ by at most twice this.
 *
 * @example
 * ```ts
 * import { qubo, roundingBound } from "@basin/ising";
 *
 * const pair = qubo({ variables: 2, linear: [-0.2, -0.325], quadratic: [[0, 1, 1e6]] });
 * console.log(roundingBound(pair, [-1, 1])); // about 10⁻¹⁶: only −0.325 counts
 * ```
 */
export function roundingBound(problem: SpinProblem, state: ArrayLike<number>): number {
  checkLength("state", state.length, problem.variables);
  const { count, term } = energyTerms(problem, statedBinaryForm(problem), state);
  let total = 0;
  let terms = 1;
  for (let t = 0; t < count; t++) {
    const size = Math.abs(term(t));
    total += size;
    if (size > 0) terms++;
  }
  return terms * 2 ** -53 * total;
}

/** Returns E(a) − E(b), rounded once: neither an offset nor what the states have in common hides the difference. */
export function energyDifference(problem: SpinProblem, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const stated = statedBinaryForm(problem);
  const [first, second] = [energyTerms(problem, stated, a), energyTerms(problem, stated, b)];
  const { count } = first;
  return roundedSum(2 * count, (t) => (t < count ? first.term(t) : -second.term(t - count)));
}

interface Terms {
  readonly count: number;
  readonly term: (t: number) => number;
}

/** The terms that E(σ) is the sum of: the offset, one for each variable and one for each pair. */
export function energyTerms(
  problem: PlainProblem,
  stated: BinaryForm | undefined,
  x: ArrayLike<number>,
): Terms {
  const n = problem.variables;
  if (stated !== undefined) {
    const { linear, offset, quadratic } = stated;
    const { sources, targets, weights } = quadratic;
    const term = (t: number) => {
      if (t === 0) return offset;
      if (t <= n) return x[t - 1] > 0 ? linear[t - 1] : 0;
      const e = t - n - 1;
      return x[sources[e]] > 0 && x[targets[e]] > 0 ? weights[e] : 0;
    };
    return { count: 1 + n + weights.length, term };
  }
  const { fields, offset } = problem;
  const { sources, targets, values } = problem.couplings;
  const term = (t: number) => {
    if (t === 0) return offset;
    if (t <= n) return -fields[t - 1] * x[t - 1];
    const e = t - n - 1;
    return -values[e] * x[sources[e]] * x[targets[e]];
  };
  return { count: 1 + n + values.length, term };
}
