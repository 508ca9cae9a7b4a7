import { Ladder } from "@basin/samplers/internal";
import { geometricSchedule } from "@basin/samplers/temper";
import { chooseAnnealer } from "../annealers.ts";
import { descend } from "../scalar.ts";
import { resolveRange } from "../schedule.ts";
import type { Search } from "../search/search.ts";

/** Sweeps between two exchanges, and rounds between two descents from the coldest level. */
const SWEEPS = 2;
const DESCENTS_EVERY = 16;
/** Rounds between two new spacings of a young ladder. */
const SPACING_EVERY = 32;
const YOUNG = 512;

/**
 * Runs parallel tempering (Hukushima & Nemoto 1996) with isoenergetic cluster moves at the colder half of the levels
 * (Houdayer 2001; Zhu, Ochoa & Katzgraber 2015). Many ladders run side by side. Replicas exchange within a ladder and
 * make cluster moves in pairs. The levels of a young ladder are moved until all exchanges are refused equally often
 * (Syed et al. 2022).
 *
 * @param enough asked between rounds whether to stop before the search ends.
 */
export async function temperingRounds(search: Search, enough: () => boolean = () => false): Promise<void> {
  const { problem, limits, rng } = search;
  const [hot, cold] = resolveRange(problem, limits.inverseTemperatures);
  // A ladder over several scales needs more levels than one over the spread of a lattice's energies.
  const wanted = Math.max(12, 0.75 * Math.sqrt(problem.variables), 4 * Math.log(cold / hot));
  const groups = Math.round(Math.min(64, wanted));
  const annealer = chooseAnnealer(problem, "auto", cold, { clusters: true, kernel: limits.kernel });
  const walkers = await annealer.walkers(problem, {
    groups,
    streams: (level) => rng.split(1 + level),
  });
  const inverseTemperatures = geometricSchedule(hot, cold, groups);
  search.tally.range = [hot, cold];
  const ladder = new Ladder(walkers, { inverseTemperatures, rng: rng.split(0), steps: SWEEPS });
  await searchLadder(search, ladder, enough);
}

async function searchLadder(search: Search, ladder: Ladder<Int8Array>, enough: () => boolean): Promise<void> {
  const { timeLimit, sweeps } = search.limits;
  const { walkers, energies } = ladder;
  const { group } = walkers;
  const levels = walkers.count / group;
  const rounds =
    timeLimit === undefined || sweeps !== undefined ? Math.ceil((sweeps ?? 1000) / SWEEPS) : Infinity;
  const state = new Int8Array(search.problem.variables);
  const lowest = (level: number) => {
    let best = level * group;
    for (let w = best + 1; w < (level + 1) * group; w++) if (energies[w] < energies[best]) best = w;
    return best;
  };
  const offer = (walker: number) => {
    walkers.read(walker, state);
    search.end(state, descend(search.problem, state));
  };
  const visit = (from: number, to: number) => {
    for (let level = from; level < to; level++) {
      const w = lowest(level);
      if (energies[w] < (search.best?.energy ?? Number.POSITIVE_INFINITY)) offer(w);
    }
    return search.breathe();
  };
  search.tally.reads = walkers.count;
  for (let round = 0; round < rounds && !search.over && !enough(); round++) {
    await ladder.pausingRound(visit);
    if (round % DESCENTS_EVERY === 0 || round + 1 === rounds)
      for (let k = Math.max(0, levels - 3); k < levels; k++) offer(lowest(k));
    if (round < YOUNG && round % SPACING_EVERY === SPACING_EVERY - 1) ladder.space();
    search.tally.visits += walkers.count * SWEEPS * search.problem.variables;
    search.tally.sweeps = SWEEPS * (round + 1);
  }
}
