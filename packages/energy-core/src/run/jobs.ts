import { BasinError } from "../errors.ts";
import {
  checkWorkers,
  type Job,
  type OpenPoolOptions,
  openPool,
  WorkerError,
  type WorkerPool,
} from "./pool.ts";
import { throwIfAborted } from "./signal.ts";

/** Options of {@link runJobs}. */
export interface PoolOptions<R> extends OpenPoolOptions {
  /** A pool to run on, which stays open. Default: a pool of `workers` threads for this call. */
  pool?: WorkerPool;
  /** Results that are known already, by job: those jobs are not run. */
  known?: readonly (R | undefined)[];
  /** What errors call a job. Default "job". */
  what?: string;
  /** Receives what a job reports while it runs. */
  onReport?: (job: number, value: unknown) => void;
  /** Receives each result as it comes. */
  onResult?: (job: number, result: R) => void;
}

/** A job that failed or whose thread died, with the results of finished jobs. */
export class PoolError<R = unknown> extends BasinError {
  static override readonly basinName: string = "PoolError";
  /** Index of the job. */
  readonly job: number;
  /** Results by job; undefined for those that were not done. */
  readonly results: readonly (R | undefined)[];

  constructor(message: string, job: number, results: readonly (R | undefined)[], options?: ErrorOptions) {
    super(message, options);
    this.job = job;
    this.results = results;
  }
}

/**
 * Runs `jobs` on a pool of threads and resolves to their results in order. The results do not depend on which thread
 * runs a job or in which order jobs end, if each job has a separate stream of the seed.
 *
 * @throws {PoolError} when a job throws or a thread dies; no further job starts, the threads stop unless `pool` was
 * given, and the error holds the finished results.
 */
export async function runJobs<R>(jobs: readonly Job[], options: PoolOptions<R> = {}): Promise<R[]> {
  const workers = checkWorkers(options);
  throwIfAborted(options.signal);
  const results = jobs.map((_, job) => options.known?.[job]);
  const open = jobs.flatMap((_, job) => (results[job] === undefined ? [job] : []));
  if (open.length === 0) return results as R[];
  const pool = options.pool ?? openPool({ ...options, workers: Math.min(open.length, workers) });
  let next = 0;
  const drain = async (worker: number) => {
    while (next < open.length) {
      const job = open[next++];
      try {
        const result = await pool.call<R>(worker, jobs[job], (value) => options.onReport?.(job, value));
        results[job] = result;
        options.onResult?.(job, result);
      } catch (error) {
        next = open.length;
        if (!(error instanceof WorkerError)) throw error;
        const place = `${options.what ?? "job"} ${job}`;
        const message = error.message.startsWith(place) ? error.message : `${place}: ${error.message}`;
        throw new PoolError(message, job, results, { cause: error.cause ?? error });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(pool.size, open.length) }, (_, w) => drain(w)));
    return results as R[];
  } finally {
    if (options.pool === undefined) pool.close();
  }
}
