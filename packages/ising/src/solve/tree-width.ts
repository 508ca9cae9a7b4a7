import { BasinError, CostError, couplings, eliminate, sparseQuadratic } from "@basin/energy-core";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { descend } from "./scalar.ts";

const MOST_ENTRIES = 2 ** 24;

/**
 * The largest tree-width attempted for the given number of spins; it keeps all tables together below some hundred MB.
 */
function workableWidth(variables: number): number {
  return Math.max(1, Math.min(20, Math.floor(Math.log2(MOST_ENTRIES / Math.max(1, variables))) - 1));
}

/**
 * Returns a ground state by eliminating variables one after another, or `undefined` if the tables would be too large.
 * The proof is exact. For weights that are not multiples of one unit it holds up to the rounding of their sums.
 *
 * @throws {CostError} for `force` if the tables would be too large.
 */
export function groundStateByElimination(
  problem: SpinProblem,
  force = false,
): { state: Int8Array; width: number } | undefined {
  const { variables, couplings: pairs, fields } = problem;
  if (variables === 0) return { state: new Int8Array(0), width: 0 };
  let scale = 0;
  for (const value of pairs.values) scale = Math.max(scale, Math.abs(value));
  for (const value of fields) scale = Math.max(scale, Math.abs(value));
  if (scale === 0) return { state: new Int8Array(variables).fill(1), width: 0 };
  // The temperature only affects log Z, which is not used but must not overflow.
  const options = { inverseTemperature: 1 / scale, maxWidth: workableWidth(variables) };
  try {
    const energy = sparseQuadratic(
      couplings(
        variables,
        Array.from(pairs.values, (value, e) => [pairs.sources[e], pairs.targets[e], value] as const),
      ),
      fields.map((h) => 0 - h),
    );
    const { minimizer: state, width } = eliminate(energy, options);
    descend(problem, state);
    return { state, width };
  } catch (error) {
    if (!(error instanceof BasinError) || (force && error instanceof CostError)) throw error;
    return undefined;
  }
}
