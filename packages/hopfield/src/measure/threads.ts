import { checkNumber } from "@basin/energy-core";
import { type PoolOptions, runJobs } from "@basin/samplers";

/** Where a measurement runs. */
export interface ThreadOptions {
  /** Threads. Default 1: the calling one. The results do not depend on it, to the bit. */
  workers?: number;
  /** Makes a thread, as in `runJobs` of @basin/samplers. Default: a thread of Node's. */
  createWorker?: PoolOptions<unknown>["createWorker"];
  /** Stops the measurement: it rejects with the signal's reason. */
  signal?: PoolOptions<unknown>["signal"];
  /** Called after each part with the share of the work done, in (0, 1]. */
  onProgress?: (done: number) => void;
}

/** One part of a measurement: how to do it here, and how in another thread. */
export interface Part<A, R> {
  /** URL of the module whose function threads call, and the function's name. */
  readonly module: string;
  readonly function: string;
  /** Does part k here. */
  readonly here: (k: number) => R;
  /** Returns the argument of part k, which must survive cloning. Not called with one worker. */
  readonly argument: (k: number) => A;
}

/** Does `count` parts, here or in threads, and resolves to their results in order. */
export async function spread<A, R>(count: number, part: Part<A, R>, options: ThreadOptions): Promise<R[]> {
  const { workers = 1, createWorker, signal, onProgress } = options;
  checkNumber("workers", workers, { min: 1, max: 1024, integer: true });
  let done = 0;
  const onResult = () => onProgress?.(++done / count);
  if (workers > 1) {
    const jobs = Array.from({ length: count }, (_, k) => ({
      module: part.module,
      function: part.function,
      argument: part.argument(k),
    }));
    return runJobs<R>(jobs, { workers, createWorker, signal, onResult });
  }
  const results: R[] = [];
  for (let k = 0; k < count; k++) {
    if (signal?.aborted) throw signal.reason;
    results.push(part.here(k));
    onResult();
    // Once a part, so that signals and progress bars get their turn.
    if (signal || onProgress) await undefined;
  }
  return results;
}

/** Returns the bounds [from, to) of `parts` nearly equal shares of `total`. */
export function shareOut(total: number, parts: number): (readonly [number, number])[] {
  const count = Math.max(1, Math.min(total, parts));
  return Array.from({ length: count }, (_, k) => [
    Math.floor((k * total) / count),
    Math.floor(((k + 1) * total) / count),
  ]);
}

/** Parts that a measurement is cut into for `workers` threads: several a thread even out their speeds. */
export function partsFor(workers = 1): number {
  return workers > 1 ? 4 * workers : 32;
}
