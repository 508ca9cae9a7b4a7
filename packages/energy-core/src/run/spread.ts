import { ArgumentError } from "../errors.ts";
import { type PoolOptions, runJobs } from "./jobs.ts";
import { type CheckpointOptions, keepRun, type RunIdentity, type RunKeeper } from "./keep-run.ts";
import { pacer, type RunOptions } from "./pace.ts";
import { checkWorkers, type Job, type ThreadOptions } from "./pool.ts";

/** A piece of work in parts: how to do one here, and how in another thread. */
export interface Parts<A, R, V = never> {
  /** Does part `k` here. */
  readonly here: (k: number, report: (value: V) => void) => R | Promise<R>;
  /** How threads do it. Absent for work that stays here. */
  readonly there?: {
    /** The module whose function threads call as `(argument, report) => result`, and the function's name. */
    readonly module: Job["module"];
    readonly function: string;
    /** Returns the argument of part `k`, which must survive cloning. Not called with one worker. */
    readonly argument: (k: number) => A;
  };
}

/** Options of {@link spread}. */
export interface SpreadOptions<R, V = never> extends ThreadOptions, RunOptions, CheckpointOptions {
  /**
   * The identity of the run. With a `checkpoint`, the results of finished parts are saved under it, and those parts do
   * not run again.
   */
  identity?: RunIdentity;
  /** Receives what a part reports while it runs. */
  onReport?: (part: number, value: V) => void;
  /** Receives each result as it comes, those that were kept first. */
  onResult?: (part: number, result: R) => void;
}

/**
 * Runs `count` parts in this thread or in others, and resolves to their results in order. The results do not depend on
 * the threads, if each part has a separate stream of the seed. `onProgress` counts parts.
 *
 * @throws {PoolError} for a part that fails in a thread.
 * @throws what a part throws here.
 * @throws {ArgumentError} for a checkpoint without an identity, and several workers for work that stays here.
 */
export async function spread<A, R, V = never>(
  count: number,
  parts: Parts<A, R, V>,
  options: SpreadOptions<R, V> = {},
): Promise<R[]> {
  checkWorkers(options);
  const { identity, ...own } = options;
  if (identity === undefined) {
    if (own.checkpoint === undefined) return doRest([], count, parts, options);
    throw new ArgumentError("a checkpoint was given without the identity of the run");
  }
  const fingerprint = () => ({ ...identity.fingerprint(), parts: count });
  return keepRun<readonly (R | undefined)[], R[]>(own, { ...identity, fingerprint }, (keeper) =>
    doRest(keeper.found ?? [], count, parts, options, keeper),
  );
}

/** Does the parts that have no result yet. */
async function doRest<A, R, V>(
  found: readonly (R | undefined)[],
  count: number,
  parts: Parts<A, R, V>,
  options: SpreadOptions<R, V>,
  keeper?: RunKeeper<readonly (R | undefined)[]>,
): Promise<R[]> {
  const results = Array.from({ length: count }, (_, k) => found[k]);
  let done = 0;
  for (const [k, result] of results.entries()) {
    if (result === undefined) continue;
    options.onResult?.(k, result);
    done++;
  }
  const onResult = (k: number, result: R) => {
    results[k] = result;
    options.onResult?.(k, result);
    options.onProgress?.({ done: ++done, total: count });
    if (keeper?.due) void keeper.save([...results]);
  };
  try {
    await doAll(results, parts, { ...options, onResult });
  } finally {
    await keeper?.save(results);
  }
  return results as R[];
}

async function doAll<A, R, V>(
  results: readonly (R | undefined)[],
  { here, there }: Parts<A, R, V>,
  {
    workers = 1,
    createWorker,
    signal,
    onReport,
    onResult,
  }: SpreadOptions<R, V> & Pick<PoolOptions<R>, "onResult">,
): Promise<void> {
  if (workers > 1) {
    if (there === undefined)
      throw new ArgumentError(`workers is ${workers}, expected 1: this work stays in its thread`);
    const jobs = results.map((known, k) => ({
      module: there.module,
      function: there.function,
      argument: known === undefined ? there.argument(k) : undefined,
    }));
    const report = (k: number, value: unknown) => onReport?.(k, value as V);
    await runJobs<R>(jobs, {
      workers,
      createWorker,
      signal,
      onResult,
      known: [...results],
      onReport: report,
    });
    return;
  }
  const pace = pacer({ signal });
  for (const [k, known] of results.entries()) {
    if (known !== undefined) continue;
    onResult?.(k, await here(k, (value) => onReport?.(k, value)));
    if (pace.due) await pace.breathe();
  }
}

/**
 * Returns the bounds [from, to) of `parts` nearly equal shares of `total`.
 */
export function shareOut(total: number, parts: number): (readonly [number, number])[] {
  const count = Math.max(1, Math.min(total, parts));
  return Array.from({ length: count }, (_, k) => [
    Math.floor((k * total) / count),
    Math.floor(((k + 1) * total) / count),
  ]);
}
