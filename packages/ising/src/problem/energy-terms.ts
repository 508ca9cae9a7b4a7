import { checkLength } from "@basin/energy-core/internal";
import { type BinaryForm, statedBinaryForm } from "./binary-form.ts";
import type { PlainProblem } from "./plain-problem.ts";
import { roundedSum } from "./rounded-sum.ts";

/**
 * Returns how far a plain sum of the terms of E(σ), in any order, can lie from E(σ): (m + 1) 2⁻⁵³ Σ|term| over the m
 * terms, those over bits where the problem was stated so (Higham 2002, §4.2). Two sums of the same terms differ by at
 * most twice this.
 *
 * @example
 * ```ts
 * import { qubo, roundingBound } from "@basin/ising";
 *
 * const pair = qubo({ variables: 2, linear: [-0.2, -0.325], quadratic: [[0, 1, 1e6]] });
 * console.log(roundingBound(pair, [-1, 1])); // about 10⁻¹⁶: only −0.325 counts
 * ```
 */
export function roundingBound(problem: PlainProblem, state: ArrayLike<number>): number {
  checkLength("state", state.length, problem.variables);
  const values = scratch(termCount(problem));
  const count = writeTerms(values, 0, problem, statedBinaryForm(problem), state);
  let total = 0;
  let terms = 1;
  for (let t = 0; t < count; t++) {
    total += Math.abs(values[t]);
    if (values[t] !== 0) terms++;
  }
  return terms * 2 ** -53 * total;
}

/** Returns E(σ), rounded once; over the terms `stated`, where there are any. */
export function roundedEnergy(
  problem: PlainProblem,
  stated: BinaryForm | undefined,
  x: ArrayLike<number>,
): number {
  const values = scratch(termCount(problem));
  return roundedSum(values, writeTerms(values, 0, problem, stated, x));
}

/** Returns E(a) − E(b), rounded once: neither an offset nor what the states have in common hides the difference. */
export function energyDifference(problem: PlainProblem, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const stated = statedBinaryForm(problem);
  const values = scratch(2 * termCount(problem));
  const count = writeTerms(values, 0, problem, stated, b);
  for (let t = 0; t < count; t++) values[t] = -values[t];
  return roundedSum(values, writeTerms(values, count, problem, stated, a));
}

let buffer = new Float64Array(0);

/** Room for terms, used anew with each sum. */
function scratch(length: number): Float64Array {
  if (buffer.length < length) buffer = new Float64Array(2 * length);
  return buffer;
}

function termCount({ variables, couplings }: PlainProblem): number {
  return 1 + variables + couplings.values.length;
}

/**
 * Writes the terms that E(σ) is the sum of from `at` on: the offset, one for each variable and one for each pair;
 * returns where they end.
 */
function writeTerms(
  out: Float64Array,
  at: number,
  problem: PlainProblem,
  stated: BinaryForm | undefined,
  x: ArrayLike<number>,
): number {
  let end = at;
  const n = problem.variables;
  if (stated !== undefined) {
    const { linear, offset, quadratic } = stated;
    const { sources, targets, weights } = quadratic;
    out[end++] = offset;
    for (let i = 0; i < n; i++) out[end++] = x[i] > 0 ? linear[i] : 0;
    for (let e = 0; e < weights.length; e++)
      out[end++] = x[sources[e]] > 0 && x[targets[e]] > 0 ? weights[e] : 0;
    return end;
  }
  const { fields, offset } = problem;
  const { sources, targets, values } = problem.couplings;
  out[end++] = offset;
  for (let i = 0; i < n; i++) out[end++] = -fields[i] * x[i];
  for (let e = 0; e < values.length; e++) out[end++] = -values[e] * x[sources[e]] * x[targets[e]];
  return end;
}
