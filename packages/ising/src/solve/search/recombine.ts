import { row } from "@basin/energy-core";
import { anneal } from "../anneal.ts";
import { chooseAnnealer } from "../annealers.ts";
import { aggregate } from "../sample-set.ts";
import { descend } from "../scalar.ts";
import { resolveRange } from "../schedule.ts";
import { contract } from "./contraction.ts";
import type { Elite } from "./elite.ts";
import type { Search } from "./search.ts";

const MOST_PARENTS = 16;
const SWEEPS = 500;
/** Fewer groups than this hide nothing that their parents have not shown. */
const FEWEST_GROUPS = 8;
/** After this many draws in a row of parents too much alike or too different, there is nothing to gain. */
const MOST_MISSES = 4;
/** Parents that differ in more groups per spin have little in common, and a round would take as long as annealing. */
const MOST_GROUPS = 0.15;
/** Number of states that a round returns. */
const CHILDREN = 2;
/** Labels of streams, beyond those of the annealing rounds and of the tabu searches that polish them. */
const STREAM = 2 ** 33;

/**
 * Anneals, again and again for `seconds`, the spins in which a few good states differ. Each round draws parents and
 * joins the spins on which they agree into groups. Returns the number of the next round; `first` is the number of the
 * first.
 */
export async function recombineRounds(
  search: Search,
  elite: Elite,
  seconds: number,
  first: number,
): Promise<number> {
  const { problem, limits } = search;
  const { kernel } = limits;
  const { kept } = elite;
  const end = search.seconds + seconds;
  const inverseTemperatures = resolveRange(problem, limits.inverseTemperatures);
  let round = first;
  let misses = 0;
  for (; kept.length > 1 && search.seconds < end && !search.over; round++) {
    const rng = search.rng.split(STREAM + round);
    const parents = 2 + rng.index(Math.min(MOST_PARENTS, kept.length) - 1);
    const chosen = Array.from({ length: parents }, () => kept[rng.index(kept.length)].state);
    const { problem: smaller, restore } = contract(problem, chosen);
    // Breathing is needed even if nothing is annealed, so that parents that are all alike do not block timers.
    await search.breathe();
    const groups = smaller.variables;
    if (groups < FEWEST_GROUPS || groups > MOST_GROUPS * problem.variables) {
      if (++misses === MOST_MISSES) break;
      continue;
    }
    misses = 0;
    const { name, group } = chooseAnnealer(smaller, "auto", inverseTemperatures[1]);
    const reads = name === "scalar" ? 4 : Math.max(16, group);
    const run = await anneal(smaller, {
      ...{ reads, sweeps: SWEEPS, seed: rng.uint32(), inverseTemperatures, kernel },
    });
    const { states } = aggregate(run);
    for (let r = 0; r < Math.min(CHILDREN, states.shape[0]); r++) {
      const state = restore(row(states, r));
      const energy = descend(problem, state);
      search.end(state, energy);
      elite.offer(state, energy);
    }
  }
  return round;
}
