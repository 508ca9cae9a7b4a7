import { type PoolOptions, runJobs } from "./jobs.ts";
import { NOT_KEPT, type RunKeeper } from "./keep-run.ts";
import { pacer, type RunOptions } from "./pace.ts";
import { checkWorkers, type ThreadOptions } from "./pool.ts";

/** A part of a piece of work: how to do it here, and how in another thread. */
export interface Part<A, R, V = never> {
  /** URL of the module whose function threads call as `(argument, report) => result`, and the function's name. */
  readonly module: string;
  readonly function: string;
  /** Does part `k` here. */
  readonly here: (k: number, report: (value: V) => void) => R | Promise<R>;
  /** Returns the argument of part `k`, which must survive cloning. Not called with one worker. */
  readonly argument: (k: number) => A;
}

/** Options of {@link spread}. */
export interface SpreadOptions<R, V = never> extends ThreadOptions, RunOptions {
  /** Receives what a part reports while it runs. */
  onReport?: (part: number, value: V) => void;
  /** Receives each result as it comes. */
  onResult?: (part: number, result: R) => void;
  /** Keeps the results of finished parts, which are then not done again; closed at the end. Default: nothing does. */
  keeper?: RunKeeper<readonly (R | undefined)[]>;
}

/**
 * Does `count` parts, here or in threads, and resolves to their results in order. Which it is changes nothing: give each part its own stream of
 * the seed. `onProgress` counts parts.
 *
 * @throws {PoolError} for a part that fails in a thread. @throws what a part throws here.
 *
 * @example
 * ```ts
 * import { spread } from "@basin/energy-core/run";
 *
 * const module = "data:text/javascript,export const square = (x) => x * x;";
 * const part = { module, function: "square", here: (k: number) => k * k, argument: (k: number) => k };
 * console.log(await spread(4, part, { workers: 2 })); // [0, 1, 4, 9]
 * ```
 */
export async function spread<A, R, V = never>(
  count: number,
  part: Part<A, R, V>,
  options: SpreadOptions<R, V> = {},
): Promise<R[]> {
  const workers = checkWorkers(options);
  const { keeper = NOT_KEPT, onProgress, onReport, signal, createWorker } = options;
  const results: (R | undefined)[] = Array.from({ length: count }, (_, k) => keeper.found?.[k]);
  let done = results.filter((result) => result !== undefined).length;
  const onResult = (k: number, result: R) => {
    results[k] = result;
    options.onResult?.(k, result);
    onProgress?.({ done: ++done, total: count });
    if (keeper.due) void keeper.save([...results]);
  };
  try {
    if (workers === 1) await doHere(results, part, { signal, onReport, onResult });
    else {
      await runJobs<R>(
        results.map((known, k) => ({
          module: part.module,
          function: part.function,
          argument: known === undefined ? part.argument(k) : undefined,
        })),
        {
          ...{ workers, createWorker, signal, onResult, known: [...results] },
          onReport: (k, value) => onReport?.(k, value as V),
        },
      );
    }
  } finally {
    await keeper.save(results).finally(() => keeper.close());
  }
  return results as R[];
}

async function doHere<A, R, V>(
  results: readonly (R | undefined)[],
  part: Part<A, R, V>,
  { signal, onReport, onResult }: SpreadOptions<R, V> & Pick<Required<PoolOptions<R>>, "onResult">,
): Promise<void> {
  const pace = pacer({ signal });
  for (const [k, known] of results.entries()) {
    if (known !== undefined) continue;
    const result = await part.here(k, (value) => onReport?.(k, value));
    onResult(k, result);
    if (pace.due) await pace.breathe(() => ({ done: k, total: results.length }));
  }
}

/**
 * Returns the bounds [from, to) of `parts` nearly equal shares of `total`.
 *
 * @example
 * ```ts
 * import { shareOut } from "@basin/energy-core/run";
 *
 * console.log(shareOut(5, 2)); // [[0, 2], [2, 5]]
 * ```
 */
export function shareOut(total: number, parts: number): (readonly [number, number])[] {
  const count = Math.max(1, Math.min(total, parts));
  return Array.from({ length: count }, (_, k) => [
    Math.floor((k * total) / count),
    Math.floor(((k + 1) * total) / count),
  ]);
}
