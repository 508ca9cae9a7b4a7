import { ArgumentError, BasinError, checkNumber } from "../errors.ts";
import { checkSameRun, type Fingerprint } from "./fingerprint.ts";
import type { Saving } from "./pace.ts";
import { now } from "./platform.ts";
import type { CheckpointStore } from "./store.ts";

/** How a run that can be resumed is kept. */
export interface CheckpointOptions {
  /**
   * Where the run is kept, so that the same call goes on after an interruption and gives the same bits as if there had been none. Saved every
   * `checkpointSeconds`, and when the run is stopped or ends. Default: nowhere.
   */
  checkpoint?: CheckpointStore;
  /** Seconds between saves. Default 30. */
  checkpointSeconds?: number;
}

/** Which run it is. */
export interface RunIdentity {
  /** The call that runs, such as "sample". */
  readonly format: string;
  /** Of the state it keeps. */
  readonly version: number;
  /** Returns what a run that goes on must share; called where there is a checkpoint. */
  fingerprint(): Fingerprint;
}

/** A run that is kept, or not. */
export interface RunKeeper<S> {
  /** Whether the run is kept at all. */
  readonly isKept: boolean;
  /** Where the run stood. */
  readonly found: S | undefined;
  /** Whether the time between saves has passed. */
  readonly due: boolean;
  /** Returns what a pacer saves on the way by `save`; nothing where nothing is kept. */
  saving(save: () => Promise<void>): Saving | undefined;
  /** Saves a state, which must not change until then; states that wait for a slow disk give way to newer ones. @throws {BasinError} when that fails. */
  save(state: S): Promise<void>;
  /** Resolves when all is saved and the place is given back. @throws {BasinError} when a save has failed that nobody waited for. */
  close(): Promise<void>;
}

/**
 * Claims the checkpoint of a run and loads it.
 *
 * @throws {ArgumentError} when it is in use, damaged, of another version or of another run, naming the first difference.
 *
 * @example
 * ```ts
 * import { keepRun, memoryCheckpoint } from "@basin/energy-core/run";
 *
 * const options = { checkpoint: memoryCheckpoint(), checkpointSeconds: 0 };
 * const identity = { format: "count", version: 1, fingerprint: () => ({ to: 10 }) };
 * const first = await keepRun<number>(options, identity);
 * await first.save(4);
 * await first.close();
 * console.log((await keepRun<number>(options, identity)).found); // 4
 * ```
 */
export async function keepRun<S>(options: CheckpointOptions, identity: RunIdentity): Promise<RunKeeper<S>> {
  const every = 1000 * checkNumber("checkpointSeconds", options.checkpointSeconds ?? 30, { min: 0 });
  const { checkpoint } = options;
  if (checkpoint === undefined) return NOT_KEPT;
  const release = await checkpoint.lock();
  try {
    const run = identity.fingerprint();
    const found = (await loadState(checkpoint, identity, run)) as S | undefined;
    return keeper(checkpoint, { ...identity, run, found, every, release });
  } catch (error) {
    await release();
    throw error;
  }
}

/** The keeper of a run without a checkpoint. */
export const NOT_KEPT: RunKeeper<never> = {
  isKept: false,
  found: undefined,
  due: false,
  saving: () => undefined,
  save: async () => {},
  close: async () => {},
};

async function loadState(store: CheckpointStore, { format, version }: RunIdentity, run: Fingerprint) {
  const found = await store.load();
  if (found === undefined) return undefined;
  if (found.format !== format) {
    throw new ArgumentError(`the checkpoint is of "${found.format}", expected one of "${format}"`);
  }
  if (found.version !== version) {
    throw new ArgumentError(
      `the checkpoint of "${format}" has version ${found.version}, expected ${version}: another version of Basin wrote it; remove it to start over`,
    );
  }
  checkSameRun(found.run, run);
  return found.state;
}

interface Kept<S> {
  readonly format: string;
  readonly version: number;
  readonly run: Fingerprint;
  readonly found: S | undefined;
  readonly every: number;
  release(): Promise<void>;
}

function keeper<S>(store: CheckpointStore, { found, every, release, ...identity }: Kept<S>): RunKeeper<S> {
  const { format, version, run } = identity;
  let saved = now();
  let waiting: { readonly state: S } | undefined;
  let running: Promise<void> | undefined;
  let failure: BasinError | undefined;
  const isDue = () => now() - saved >= every;
  const drain = async () => {
    try {
      while (waiting !== undefined) {
        const { state } = waiting;
        waiting = undefined;
        await store.save({ format, version, run, state });
        saved = now();
      }
    } catch (cause) {
      const why = (cause as Error).message;
      failure = new BasinError(`the checkpoint could not be saved (${why}); the one before it is untouched`, {
        cause,
      });
      throw failure;
    } finally {
      running = undefined;
    }
  };
  return {
    isKept: true,
    found,
    get due() {
      return isDue();
    },
    saving: (save) => ({
      get due() {
        return isDue();
      },
      save,
    }),
    save(state) {
      waiting = { state };
      const done = running ?? drain();
      running = done;
      // Whoever does not wait for it learns of a failure from `close`.
      done.catch(() => {});
      return done;
    },
    async close() {
      try {
        await running;
        if (failure !== undefined) throw failure;
      } finally {
        await release();
      }
    },
  };
}
