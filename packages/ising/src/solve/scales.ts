import type { Rng } from "@basin/energy-core/random";
import { localFields, type SpinProblem } from "../problem/spin-problem.ts";
import { coldestForLanes } from "./lanes/layout.ts";
import { descend } from "./scalar.ts";
import { defaultInverseTemperatures, threeDigits } from "./schedule.ts";

/** States that are brought down to look at their local fields; fewer for large problems, which have spins enough. */
const STATES = 8;
const MOST_TERMS = 4e6;
/** Below this share of the local fields of random states, gaps are of another scale. */
const APART = 0.25;
/** In units of the gap, the coldest β that still tells costs apart. */
const SHORT = 1;

/**
 * Returns the range of inverse temperatures for a problem of two scales, `undefined` for one whose default range
 * serves: among states that no flip improves, the local fields of problems with penalties are far smaller than among
 * random states, on which the default range rests.
 *
 * With s their median and w how far the tenth of them that is smallest lies below it (the costs beside a penalty), the
 * ladder goes from 0.65/s, where penalties are paid, to 8/min(s, w), where costs are told apart, or to where floats of
 * 32 bits would round.
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
  // Three digits may round up. Where floats would stop far short of the costs, doubles take over.
  const most = 0.99 * coldestForLanes(problem);
  const coldest = Math.max(cold, most < SHORT / gap ? 8 / gap : Math.min(8 / gap, most));
  return [threeDigits(Math.min(0.65 / median, coldest)), threeDigits(coldest)];
}

/** Sizes of the local fields of some states that no flip improves, ascending. */
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
