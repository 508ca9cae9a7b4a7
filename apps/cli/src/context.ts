import { setImmediate } from "node:timers/promises";
import type { CheckpointOptions, Progress } from "@basin/energy-core/run";
import type { Outputs } from "./files/outputs.ts";
import { type Bar, startProgress } from "./progress.ts";
import type { Commands } from "./setting.ts";

/** Shows how far a job is, with a note beside it. */
export type Update = (progress: Progress, note?: string) => void;

/** What a command works with beside its options. */
export class Context {
  /** Fires when the run is to stop at a clean point. */
  readonly signal: AbortSignal;
  /** Whether an option was given rather than left at its default. */
  readonly isGiven: (name: string) => boolean;
  /** Prints while the run goes on, unless JSON is asked for. */
  readonly say: (text: string) => void;
  /** Where and how often the run is kept, if anywhere. */
  kept: CheckpointOptions = {};
  /** The seed that is reported; a kept run goes on with its own. */
  seed: number | undefined;
  readonly warnings: string[] = [];
  readonly outputs: Outputs;
  /** All commands. */
  readonly commands: Commands;
  /** Whether no progress is shown. */
  readonly quiet: boolean;
  /** Whether the result is printed as JSON. */
  readonly json: boolean;
  readonly #stop = () => this.close();
  #bar: Bar | undefined;

  constructor(
    given: Pick<Context, "signal" | "isGiven" | "say" | "outputs" | "quiet" | "json" | "commands">,
  ) {
    this.signal = given.signal;
    this.isGiven = given.isGiven;
    this.say = given.say;
    this.outputs = given.outputs;
    this.quiet = given.quiet;
    this.json = given.json;
    this.commands = given.commands;
    // The terminal has its cursor back before whatever still has to be saved.
    this.signal.addEventListener("abort", this.#stop);
  }

  /** Shows progress on stderr under a title, in place of what was shown before. */
  progress(title: string): Update {
    this.#bar?.stop();
    if (this.signal.aborted || this.quiet) return () => {};
    const bar = startProgress(title);
    this.#bar = bar;
    return (progress, note) => {
      if (!this.signal.aborted) bar.update(progress, note);
    };
  }

  /** Adds to the warnings of the run. */
  warn(...warnings: readonly string[]): void {
    this.warnings.push(...warnings);
  }

  /** Says that a run which should go on has nothing to go on from. */
  begunAnew(place: string): void {
    const warning = `nothing is kept in ${place} yet: the run begins anew`;
    this.warn(warning);
    process.stderr.write(`basin: ${warning}\n`);
  }

  /** Writes a file whole or not at all, and says so at the end; nothing where no path was given. */
  async write(path: string | undefined, content: string | Uint8Array): Promise<void> {
    if (path !== undefined) await this.outputs.write(path, content, this.signal);
  }

  /** Writes a chart, drawn where one is asked for, as SVG or as the pixels of it, by the ending of the name. */
  async plot(path: string | undefined, draw: () => string | Promise<string>): Promise<void> {
    if (path === undefined) return;
    const svg = await draw();
    const { rasterize } = await import("./charts/raster.ts");
    await this.write(path, /\.png$/i.test(path) ? await rasterize(svg) : `${svg}\n`);
  }

  /** Lets signals through between slices of work. @throws {Interruption} once one has come. */
  async breathe(): Promise<void> {
    await setImmediate();
    this.signal.throwIfAborted();
  }

  /** Removes what is shown. */
  close(): void {
    this.#bar?.stop();
    this.signal.removeEventListener("abort", this.#stop);
  }
}
