import { checkNumber } from "@basin/energy-core";
import type { AbortSignal } from "@basin/energy-core/internal";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import { betasOf } from "../anneal.ts";
import { descend } from "../scalar.ts";
import { FIRST_ROUND, nextRound } from "../search/rounds.ts";
import { Search, type SearchLimits } from "../search/search.ts";
import { type Annealed, annealOn } from "./anneal.ts";
import type { GraphEngine } from "./engine.ts";
import type { GraphPlan } from "./plan.ts";

const READS = 4096;
const SWEEPS = 1000;
/** Words annealed at once: enough for any device, with no more spins than every device can bind. */
const MOST_WORDS = 1024;
const MOST_SPIN_WORDS = 2 ** 24;

/** How a search on a device begins. */
export type DeviceSearch = (
  limits: SearchLimits,
  options: { readonly seed: number; readonly signal?: AbortSignal },
  onNews: (search: Search) => void,
) => Promise<Search>;

/**
 * Returns a function that searches on a device for states of a problem and resolves to the finished search. `make`
 * builds an engine of the problem's plan for the given number of words of 32 replicas.
 */
export function searchOn(
  problem: SpinProblem,
  plan: GraphPlan,
  make: (words: number) => Promise<GraphEngine>,
): DeviceSearch {
  return async (limits, { seed, signal }, onNews) => {
    const reads = checkNumber("reads", limits.reads ?? READS, { min: 1, max: 1e7, integer: true });
    const search = new Search(problem, { ...limits, reads }, seed, 0, signal, onNews);
    const most = Math.floor(MOST_SPIN_WORDS / (plan.problem.variables + 1));
    const engine = await make(Math.max(1, Math.min(Math.ceil(reads / 32), MOST_WORDS, most)));
    try {
      await annealRounds(search, engine, plan, reads);
    } finally {
      engine.dispose();
    }
    return search;
  };
}

/** Anneals once; with a time limit, anneals in rounds of doubling length until the time is up. */
async function annealRounds(
  search: Search,
  engine: GraphEngine,
  plan: GraphPlan,
  reads: number,
): Promise<void> {
  const { timeLimit, sweeps: asked } = search.limits;
  let sweeps = asked ?? (timeLimit === undefined ? SWEEPS : FIRST_ROUND);
  checkNumber("sweeps", sweeps, { min: 1, max: 1e9, integer: true });
  for (let round = 0; !search.over; round++) {
    const begun = search.seconds;
    await annealRound(search, engine, plan, { round, reads, sweeps });
    if (timeLimit === undefined) return;
    const next = nextRound(sweeps, search.seconds - begun, search.secondsLeft);
    if (next === undefined) return;
    sweeps = next;
  }
}

/**
 * Anneals the given number of reads, as many at once as the engine holds. If the search ends early, the reads still
 * descend.
 */
async function annealRound(
  search: Search,
  engine: GraphEngine,
  plan: GraphPlan,
  { round, reads, sweeps }: { readonly round: number; readonly reads: number; readonly sweeps: number },
): Promise<void> {
  const { limits, rng, tally } = search;
  const own = rng.split(round);
  const betas = await betasOf(plan.problem, limits, sweeps, own);
  tally.range = [betas[0], betas[sweeps - 1]];
  for (let first = 0; first < reads && !search.over; first += 32 * engine.words) {
    const count = Math.min(reads - first, 32 * engine.words);
    const before = tally.reads;
    const goOn = async (share: number) => {
      tally.reads = before + Math.floor(share * count);
      await search.breathe();
      return !search.over && search.secondsLeft > 0;
    };
    const found = await annealOn(engine, plan, betas, { rng: own, first: first / 32, count }, goOn);
    tally.reads = before;
    search.count(count, found.sweeps);
    keepBest(search, plan, found);
  }
}

/**
 * Keeps the best states of the reads. Of an energy it keeps all states or none. If the device annealed rounded weights,
 * every read that may be the best goes down to a state that no flip improves by the weights themselves.
 */
function keepBest(search: Search, { error }: GraphPlan, { energies, state }: Annealed): void {
  const { problem, ends, limits } = search;
  const order = Array.from(energies, (_, r) => r).sort((a, b) => energies[a] - energies[b] || a - b);
  for (const [k, read] of order.entries()) {
    const isWorse = k > 0 && energies[read] > energies[order[error > 0 ? 0 : k - 1]] + 2 * error;
    if (isWorse && ends.samples.length >= limits.states) return;
    const own = state(read);
    search.end(own, error > 0 ? descend(problem, own) : problem.energy(own));
  }
}
