import type { Rng } from "@basin/energy-core/random";
import { localFields, type SpinProblem } from "../problem/spin-problem.ts";
import { coldestForLanes } from "./lanes/layout.ts";
import { descend } from "./scalar.ts";
import { defaultInverseTemperatures, threeDigits } from "./schedule.ts";

/**
 * Number of states brought down to examine their local fields. Large problems need fewer because they have enough
 * spins.
 */
const STATES = 8;
const MOST_TERMS = 4e6;
/** Gaps below this share of the local fields of random states belong to another scale. */
const APART = 0.25;
/** In units of the gap, the coldest β that still distinguishes costs. */
const SHORT = 1;

/**
 * Returns the range of inverse temperatures for a problem of two scales, or `undefined` if the default range serves.
 * The default range rests on random states. In problems with penalties, states that no flip improves have far smaller
 * local fields than random ones.
 *
 * Let s be the median of those smaller fields, and w the distance from s down to their lowest tenth, which reflects the
 * costs beside a penalty. The range goes from 0.65/s, where penalties are met, to 8/min(s, w), where costs are
 * distinguished. It ends earlier if 32-bit floats would round.
 */
export function rangeOfTwoScales(
  problem: SpinProblem,
  rng: Rng,
): readonly [hot: number, cold: number] | undefined {
  const [, cold] = defaultInverseTemperatures(problem);
  const sizes = localFieldsOfMinima(problem, rng);
  const median = sizes[sizes.length >> 1];
  const width = median - sizes[Math.floor(sizes.length / 10)];
  const gap = width > 1e-9 * median ? Math.min(median, width) : median;
  if (!(gap > 0 && gap < (APART * 8) / cold)) return undefined;
  // Three digits may round up. If floats would stop far short of the costs, doubles take over.
  const most = 0.99 * coldestForLanes(problem);
  const coldest = Math.max(cold, most < SHORT / gap ? 8 / gap : Math.min(8 / gap, most));
  return [threeDigits(Math.min(0.65 / median, coldest)), threeDigits(coldest)];
}

/** Returns the sizes of the local fields of some states that no flip improves, ascending. */
function localFieldsOfMinima(problem: SpinProblem, rng: Rng): Float64Array {
  const { variables, couplings } = problem;
  const states = Math.max(1, Math.min(STATES, Math.floor(MOST_TERMS / (couplings.values.length + 1))));
  const sizes = new Float64Array(states * variables);
  for (let s = 0; s < states; s++) {
    const state = Int8Array.from({ length: variables }, () => (rng.bernoulli(0.5) ? 1 : -1));
    descend(problem, state);
    sizes.set(localFields(problem, state).map(Math.abs), s * variables);
  }
  return sizes.sort();
}
