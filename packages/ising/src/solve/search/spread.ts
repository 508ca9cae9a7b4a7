import { type AbortSignal, followSignal, runJobs } from "@basin/energy-core/internal";
import type { ThreadOptions } from "@basin/energy-core/run";
import { type PlainProblem, plainProblem, restoreProblem } from "../../problem/spin-problem.ts";
import type { Sample } from "../sample-set.ts";
import { runSearch, type SearchMethod } from "./portfolio.ts";
import { type Find, Search, type SearchLimits, type Tally } from "./search.ts";

/** One of several searches of the same problem; all of it can be cloned. */
export interface SearchJob {
  readonly problem: PlainProblem;
  readonly method: SearchMethod;
  /** As in {@link runSearch}. */
  readonly race: boolean;
  readonly limits: SearchLimits;
  readonly seed: number;
  readonly stream: number;
}

/** What a search in a thread has found and done. The state is present only if it is new. */
export interface SearchNews {
  readonly tally: Tally;
  readonly best?: Find;
  /** The states in which its reads ended, once it has ended. */
  readonly ends?: readonly Sample[];
}

/** Runs one search and reports on it. Threads call this function. */
export async function runSearchJob(job: SearchJob, report: (news: SearchNews) => void): Promise<SearchNews> {
  let told: Find | undefined;
  const search = new Search(
    restoreProblem(job.problem),
    job.limits,
    job.seed,
    job.stream,
    undefined,
    ({ best, tally }) => {
      report(best === told ? { tally } : { tally, best });
      told = best;
    },
  );
  await runSearch(search, job.method, job.race);
  return { tally: search.tally, best: search.best, ends: search.ends.samples };
}

/**
 * Searches in several threads at once, each with its own stream, and passes what they find to `search`. The first that
 * reaches the target ends the others.
 */
export async function searchInThreads(
  search: Search,
  { firstStream, ...plan }: Pick<SearchJob, "method" | "race" | "seed"> & { readonly firstStream: number },
  { workers = 1, createWorker }: ThreadOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const problem = plainProblem(search.problem);
  const limits = { ...search.limits, timeLimit: 1000 * search.secondsLeft };
  const before = { ...search.tally };
  const jobs = Array.from({ length: workers }, (_, stream) => ({
    module: { name: "@basin/ising/worker", url: import.meta.url },
    function: "runSearchJob",
    argument: { problem, ...plan, limits, stream: firstStream + stream } satisfies SearchJob,
  }));
  const tallies: Tally[] = jobs.map(() => ({ reads: 0, sweeps: 0, visits: 0 }));
  const stop = followSignal(signal);
  const take = (job: number, { tally, best, ends = [] }: SearchNews) => {
    search.ends.addAll(ends);
    tallies[job] = tally;
    Object.assign(search.tally, {
      reads: tallies.reduce((sum, { reads }) => sum + reads, before.reads),
      visits: tallies.reduce((sum, { visits }) => sum + visits, before.visits),
      sweeps: Math.max(before.sweeps, ...tallies.map(({ sweeps }) => sweeps)),
      range: tallies.find(({ range }) => range !== undefined)?.range,
    });
    if (best === undefined || !search.offer(best.state, best.energy)) search.news();
    if (search.reached) stop.abort();
  };
  try {
    await runJobs<SearchNews>(jobs, {
      workers,
      createWorker,
      signal: stop.signal,
      onReport: (job, value) => take(job, value as SearchNews),
      onResult: take,
    });
  } catch (error) {
    if (error !== stop.signal.reason || search.best === undefined) throw error;
  } finally {
    stop.release();
  }
}
