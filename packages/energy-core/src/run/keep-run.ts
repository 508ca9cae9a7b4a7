import { ArgumentError, BasinError, checkNumber } from "../errors.ts";
import { checkSameRun, type Fingerprint } from "./fingerprint.ts";
import { now } from "./platform.ts";
import type { Checkpoint, CheckpointStore } from "./store.ts";

/** How a run that can be resumed is kept. */
export interface CheckpointOptions {
  /**
   * Where the run is saved, so that the same call resumes after an interruption and gives the same bits as without one.
   * Saved every `checkpointEvery`, and when the run is stopped or ends. Default: not saved.
   */
  checkpoint?: CheckpointStore;
  /** Milliseconds between saves. Default 30 000. */
  checkpointEvery?: number;
}

/** Which run it is. */
export interface RunIdentity {
  /** The call that runs, such as "sample". */
  readonly format: string;
  /** Of the state it keeps. */
  readonly version: number;
  /** Returns what a resumed run must share; called if there is a checkpoint. */
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
  /**
   * Saves a state, which must not change until then. A newer state replaces one that waits for a slow disk.
   *
   * @throws {BasinError} when that fails; without an await, the error comes at the end of the run.
   */
  save(state: S): Promise<void>;
}

/**
 * Runs `run` with exclusive use of the checkpoint in the options, and resolves to its result once all is saved.
 *
 * @throws {ArgumentError} when the checkpoint is in use, damaged, of another version or of another run, naming the
 * first difference.
 * @throws {BasinError} when a save fails.
 *
 * @example
 * ```ts
 * import { type CheckpointOptions, keepRun, memoryCheckpoint } from "@basin/energy-core/run";
 *
 * const countTo = (to: number, options: CheckpointOptions) =>
 *   keepRun<number, number>(options, { format: "countTo", version: 1, fingerprint: () => ({ to }) }, async (keeper) => {
 *     let count = keeper.found ?? 0;
 *     for (; count < to; count++) if (keeper.due) await keeper.save(count);
 *     await keeper.save(count);
 *     return count;
 *   });
 * console.log(await countTo(1000, { checkpoint: memoryCheckpoint() })); // 1000
 * ```
 */
export async function keepRun<S, R>(
  options: CheckpointOptions,
  identity: RunIdentity,
  run: (keeper: RunKeeper<S>) => Promise<R>,
): Promise<R> {
  const every = checkNumber("checkpointEvery", options.checkpointEvery ?? 30_000, { min: 0 });
  const { checkpoint } = options;
  if (checkpoint === undefined) return run(NOT_KEPT);
  const release = await checkpoint.lock();
  try {
    const { format, version } = identity;
    const facts = { format, version, run: identity.fingerprint() };
    const found = (await loadState(checkpoint, facts)) as S | undefined;
    const keeper = new Keeper<S>((state) => checkpoint.save({ ...facts, state }), found, every);
    try {
      const result = await run(keeper);
      await keeper.end();
      return result;
    } catch (error) {
      await keeper.end().catch(() => {});
      throw error;
    }
  } finally {
    await release();
  }
}

const NOT_KEPT: RunKeeper<never> = { isKept: false, found: undefined, due: false, save: async () => {} };

async function loadState(store: CheckpointStore, { format, version, run }: Omit<Checkpoint, "state">) {
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

class Keeper<S> implements RunKeeper<S> {
  readonly isKept = true;
  readonly found: S | undefined;
  readonly #write: (state: S) => Promise<void>;
  readonly #every: number;
  #saved = now();
  #waiting: { readonly state: S } | undefined;
  #running: Promise<void> | undefined;
  #failure: BasinError | undefined;

  constructor(write: (state: S) => Promise<void>, found: S | undefined, every: number) {
    this.#write = write;
    this.found = found;
    this.#every = every;
  }

  get due(): boolean {
    return now() - this.#saved >= this.#every;
  }

  save(state: S): Promise<void> {
    this.#waiting = { state };
    const done = this.#running ?? this.#drain();
    this.#running = done;
    done.catch(() => {});
    return done;
  }

  async end(): Promise<void> {
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting !== undefined) {
        const { state } = this.#waiting;
        this.#waiting = undefined;
        await this.#write(state);
        this.#saved = now();
      }
    } catch (cause) {
      const why = (cause as Error).message;
      const message = `the checkpoint could not be saved (${why}); the one before it is untouched`;
      this.#failure = new BasinError(message, { cause });
      throw this.#failure;
    } finally {
      this.#running = undefined;
    }
  }
}
