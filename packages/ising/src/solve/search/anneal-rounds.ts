import { followSignal } from "@basin/energy-core/internal";
import { anneal } from "../anneal.ts";
import { chooseAnnealer } from "../annealers.ts";
import type { SampleSet } from "../sample-set.ts";
import { resolveRange } from "../schedule.ts";
import { TabuWalk } from "../tabu.ts";
import { Elite } from "./elite.ts";
import { recombineRounds } from "./recombine.ts";
import { FIRST_ROUND, nextRound } from "./rounds.ts";
import type { Search } from "./search.ts";

/** The states of shorter rounds have too little in common to recombine. */
const SECONDS_A_SPIN = 2e-4;

/**
 * Anneals in rounds of doubling length until `until` seconds have passed. A tabu search polishes each round's best
 * state. Short rounds come first because they may suffice. {@link recombineRounds} follows each longer round for the
 * same time.
 */
export async function annealRounds(search: Search, until = Number.POSITIVE_INFINITY): Promise<void> {
  const { limits, problem } = search;
  const [, coldest] = resolveRange(problem, limits.inverseTemperatures);
  const { name, group } = chooseAnnealer(problem, "auto", coldest);
  const reads = limits.reads ?? (name === "scalar" ? 4 : Math.max(16, group));
  let sweeps = limits.sweeps ?? FIRST_ROUND;
  const end = Math.min(until, (limits.timeLimit ?? Number.POSITIVE_INFINITY) / 1000);
  const elite = new Elite();
  let recombined = 0;
  for (let round = 0; !search.over; round++) {
    const started = search.seconds;
    const run = await annealRound(search, round, reads, sweeps);
    if (run === undefined) return;
    const took = search.seconds - started;
    if (took > SECONDS_A_SPIN * problem.variables) {
      elite.take(run);
      recombined = await recombineRounds(search, elite, Math.min(took, end - search.seconds), recombined);
    }
    const next = nextRound(sweeps, search.seconds - started, end - search.seconds);
    if (next === undefined) return;
    sweeps = next;
  }
}

/** Anneals once, and returns `undefined` if it was stopped. */
async function annealRound(
  search: Search,
  round: number,
  reads: number,
  sweeps: number,
): Promise<SampleSet | undefined> {
  const { problem, limits, rng, tally } = search;
  const { schedule, inverseTemperatures, kernel } = limits;
  const before = tally.reads;
  const stop = followSignal(undefined);
  try {
    const run = await anneal(problem, {
      reads,
      sweeps,
      seed: rng.split(round).uint32(),
      schedule,
      inverseTemperatures,
      kernel,
      signal: stop.signal,
      onProgress: ({ done }) => {
        tally.reads = before + done;
        tally.sweeps = Math.max(tally.sweeps, sweeps);
        search.news();
        if (search.over) stop.abort(search.reason);
      },
    });
    tally.reads = before;
    tally.range = run.inverseTemperatures;
    search.count(reads, sweeps);
    search.ends.addSet(run);
    if (!search.offer(run.lowest.state, run.lowest.energy)) return run;
    polish(search, run.lowest.state, round);
    return run;
  } catch (error) {
    tally.reads = before;
    if (!search.over || search.best === undefined) throw error;
    return undefined;
  }
}

/**
 * Runs a tabu search from a state that annealing left. The search is short because annealing is the stronger of the
 * two.
 */
function polish(search: Search, state: Int8Array, round: number): void {
  const { problem, rng } = search;
  const { variables } = problem;
  // A step examines every spin, so this takes at most about 50 ms.
  const flips = Math.min(10 * variables, Math.floor(5e7 / Math.max(1, variables)));
  const walk = new TabuWalk(problem, state, Math.min(20, variables >> 2), rng.split(2 ** 32 + round));
  walk.run(flips);
  if (search.offer(walk.best)) search.ends.add(walk.best, problem.energy(walk.best));
}
