import { setImmediate } from "node:timers/promises";
import type { CheckpointStore, Progress } from "@basin/energy-core/run";
import { writeWhole } from "./output.ts";
import { type Bar, startProgress } from "./progress.ts";

/** Shows how far a job is, with a note beside it. */
export type Update = (progress: Progress, note?: string) => void;

/** What a command works with beside its options. */
export class Context {
  /** Fires at the first Ctrl-C (SIGINT) or SIGTERM; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Whether an option was given rather than left at its default. */
  readonly isGiven: (name: string) => boolean;
  /** Whether the result is printed as JSON. */
  readonly json: boolean;
  /** Where the run is kept, if anywhere. */
  checkpoint: CheckpointStore | undefined;
  /** The seed that is reported; a kept run goes on with its own. */
  seed: number | undefined;
  readonly warnings: string[] = [];
  readonly written: string[] = [];
  readonly #controller = new AbortController();
  readonly #abort = () => this.#controller.abort();
  #bar: Bar | undefined;

  constructor(json: boolean, isGiven: (name: string) => boolean) {
    this.json = json;
    this.isGiven = isGiven;
    this.signal = this.#controller.signal;
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, this.#abort);
  }

  /** Shows progress on stderr under a title, in place of what was shown before. */
  progress(title: string): Update {
    this.#bar?.stop();
    const bar = startProgress(title);
    this.#bar = bar;
    return bar.update;
  }

  /** Adds to the warnings of the run. */
  warn(...warnings: readonly string[]): void {
    this.warnings.push(...warnings);
  }

  /** Prints while the run goes on, unless JSON is asked for. */
  say(text: string): void {
    if (!this.json) process.stdout.write(`${text}\n`);
  }

  /** Writes a file whole or not at all, and says so at the end; nothing where no path was given. */
  write(path: string | undefined, content: string | Uint8Array): void {
    if (path === undefined) return;
    writeWhole(path, content);
    this.written.push(path);
  }

  /** Lets signals through between slices of work. @throws {DOMException} named AbortError once one has come. */
  async breathe(): Promise<void> {
    await setImmediate();
    this.signal.throwIfAborted();
  }

  /** Removes what is shown, and the handlers of signals. */
  close(): void {
    this.#bar?.stop();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, this.#abort);
  }
}
