import { ArgumentError } from "@basin/energy-core";
import type { AbortSignal } from "@basin/energy-core/internal";
import { type CheckpointOptions, keepRun, type RunKeeper, type ThreadOptions } from "@basin/energy-core/run";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import { describeProblem } from "../../simulate/fingerprint.ts";
import { anneal } from "../anneal.ts";
import type { ScheduleName } from "../schedule.ts";
import { runSearch, type SearchMethod } from "./portfolio.ts";
import { type KeptSearch, Search, type SearchLimits } from "./search.ts";
import { searchInThreads } from "./spread.ts";

/** The options of a search beside its limits. */
interface SearchOptions extends ThreadOptions, CheckpointOptions {
  readonly method?: string;
  readonly timeLimit?: number;
  readonly reads?: number;
  readonly sweeps?: number;
  readonly seed: number;
  readonly schedule?: ScheduleName;
  readonly kernel?: SearchLimits["kernel"];
  readonly signal?: AbortSignal;
}

/** More than the number of streams that the threads of one run use. */
const STREAMS = 2 ** 20;

/**
 * Searches for a state of low energy and resolves to the finished search.
 *
 * @throws {ArgumentError} for a checkpoint of a search that cannot be kept.
 */
export async function searchFor(
  problem: SpinProblem,
  limits: SearchLimits,
  method: SearchMethod,
  options: SearchOptions,
  onNews: (search: Search) => void,
): Promise<Search> {
  const { timeLimit, signal, seed, checkpoint, checkpointEvery } = options;
  if (timeLimit === undefined) {
    const search = new Search(problem, limits, seed, 0, signal, onNews);
    if (method === "anneal") return annealOnce(search, options);
    if (checkpoint !== undefined)
      throw new ArgumentError(
        `a checkpoint keeps annealing, and every method within a limit of time; the method is ${method} without one`,
      );
    // Without a time limit a search is a fixed amount of work. It stays on one thread so that its bits do not depend on
    // the number of threads.
    await runSearch(search, method, isRace(options));
    return search;
  }
  const fingerprint = () => ({ problem: describeProblem(problem), method, seed });
  const identity = { format: "solve", version: 2, fingerprint };
  return keepRun({ checkpoint, checkpointEvery }, identity, (keeper: RunKeeper<KeptSearch>) =>
    searchWithin(problem, limits, method, options, onNews, keeper),
  );
}

const isRace = ({ method = "auto" }: SearchOptions) => method === "auto";

/** Searches for what is left of a time limit. */
async function searchWithin(
  problem: SpinProblem,
  limits: SearchLimits,
  method: SearchMethod,
  options: SearchOptions,
  onNews: (search: Search) => void,
  keeper: RunKeeper<KeptSearch>,
): Promise<Search> {
  const { workers = 1, signal, seed } = options;
  const { found } = keeper;
  const runs = found === undefined ? 0 : found.runs + 1;
  const firstStream = runs * STREAMS;
  const stateOf = ({ best, ends, tally, seconds }: Search) => ({
    ...{ best, ends: ends.samples, tally: { ...tally }, seconds, runs },
  });
  const search = new Search(problem, limits, seed, firstStream, signal, (news) => {
    if (keeper.due) void keeper.save(stateOf(news));
    onNews(news);
  });
  if (found !== undefined) search.resume(found);
  const race = isRace(options);
  if (!search.over)
    await (workers === 1
      ? runSearch(search, method, race)
      : searchInThreads(search, { method, race, seed, firstStream }, options, signal));
  await keeper.save(stateOf(search));
  return search;
}

/** Runs one round with a fixed number of reads. The bits do not depend on the number of threads. */
async function annealOnce(search: Search, options: SearchOptions): Promise<Search> {
  const { reads = 128, sweeps = 1000, signal, kernel, schedule, seed } = options;
  const { workers, createWorker, checkpoint, checkpointEvery } = options;
  const { inverseTemperatures } = search.limits;
  try {
    const result = await anneal(search.problem, {
      ...{ reads, sweeps, seed, kernel, schedule, inverseTemperatures, workers, createWorker, signal },
      ...{ checkpoint, checkpointEvery },
      onProgress: ({ done, state, energy }) => {
        search.tally.reads = done;
        search.tally.sweeps = sweeps;
        if (state === undefined || !search.offer(state, energy)) search.news();
      },
    });
    search.tally.reads = 0;
    search.tally.range = result.inverseTemperatures;
    search.count(reads, sweeps);
    search.ends.addSet(result);
    search.offer(result.lowest.state, result.lowest.energy);
  } catch (error) {
    if (!signal?.aborted || search.best === undefined) throw error;
  }
  return search;
}
