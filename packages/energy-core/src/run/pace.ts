import type { RunKeeper } from "./keep-run.ts";
import { now, yieldToEvents } from "./platform.ts";
import { type AbortSignal, throwIfAborted } from "./signal.ts";

/** What every `onProgress` is told, with a family's own figures beside. */
export interface Progress {
  /** Finished parts of the work, out of `total`, in the unit that the call documents. */
  readonly done: number;
  readonly total: number;
}

/** What every call of more than a second takes. */
export interface RunOptions<P extends Progress = Progress> {
  /** Stops the run: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called about twenty times a second during the run, and at its end. */
  onProgress?: (progress: P) => void;
}

/** What a pacer saves on the way: the state of a run that is kept. */
export interface Saving<S> {
  readonly keeper: Pick<RunKeeper<S>, "isKept" | "due" | "save">;
  /** Returns the state as it stands, at once unless it lies on another device. */
  state(): S | Promise<S>;
}

/** Keeps a loop's caller, page and clock informed. */
export interface Pacer<P extends Progress = Progress> {
  /** Milliseconds since the run began. */
  readonly elapsed: number;
  /**
   * Whether the loop should pause. This only reads the clock, so it is cheap enough for every iteration of a loop that
   * takes microseconds.
   */
  readonly due: boolean;
  /**
   * Reports progress, lets timers, messages and rendering run, and saves if a save is due or the run is stopped.
   *
   * @throws the signal's reason.
   */
  breathe(progress?: () => P): Promise<void>;
  /** Reports without a breath, as at the end of a run. */
  report(progress: () => P): void;
}

/** Milliseconds of work between two pauses: short enough for a smooth page, long enough that pauses cost nothing. */
const SLICE_MS = 40;

/**
 * Returns the pacer of a run that begins now.
 *
 * @throws the reason of the signal, if it is already aborted.
 *
 * @example
 * ```ts
 * import { pacer, type RunOptions } from "@basin/energy-core/run";
 *
 * async function sumTo(total: number, options: RunOptions = {}) {
 *   const pace = pacer(options);
 *   let sum = 0;
 *   for (let done = 0; done < total; done++) {
 *     sum += done;
 *     if (pace.due) await pace.breathe(() => ({ done, total }));
 *   }
 *   return sum;
 * }
 * console.log(await sumTo(1000)); // 499500
 * ```
 */
export function pacer<P extends Progress, S = never>(options: RunOptions<P>, saving?: Saving<S>): Pacer<P> {
  const { signal, onProgress } = options;
  throwIfAborted(signal);
  const start = now();
  let last = start;
  return {
    get elapsed() {
      return now() - start;
    },
    get due() {
      return signal?.aborted === true || now() - last >= SLICE_MS;
    },
    async breathe(progress) {
      if (progress !== undefined) onProgress?.(progress());
      await yieldToEvents();
      const { keeper, state } = saving ?? {};
      if (state !== undefined && keeper?.isKept && (keeper.due || signal?.aborted))
        await keeper.save(await state());
      throwIfAborted(signal);
      last = now();
    },
    report(progress) {
      onProgress?.(progress());
    },
  };
}
