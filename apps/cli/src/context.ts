import { setImmediate } from "node:timers/promises";
import type { CheckpointOptions, Progress } from "@basin/energy-core/run";
import type { Outputs } from "./files/outputs.ts";
import { withFlags } from "./options/resolve.ts";
import { type Bar, startProgress } from "./progress.ts";
import type { Commands, Settings } from "./setting.ts";

/** Shows the progress of a job, with a note. */
export type Update = (progress: Progress, note?: string) => void;

/** The parts of a run that a command uses besides its options. */
export class Context {
  /** Fires when the run must stop at a clean point. */
  readonly signal: AbortSignal;
  /** Whether an option was given, not left at its default. */
  readonly isGiven: (name: string) => boolean;
  /** Prints during the run, unless `--json` is given. */
  readonly say: (text: string) => void;
  /** Where and how often checkpoints are saved, if at all. */
  kept: CheckpointOptions = {};
  /** The seed that is reported. A resumed run has the seed of its checkpoint. */
  seed: number | undefined;
  readonly warnings: string[] = [];
  readonly outputs: Outputs;
  /** All commands. */
  readonly commands: Commands;
  /** Whether no progress is shown. */
  readonly quiet: boolean;
  /** Whether the result is printed as JSON. */
  readonly json: boolean;
  readonly #settings: Settings;
  readonly #stop = () => this.close();
  #bar: Bar | undefined;

  constructor(
    given: Pick<Context, "signal" | "isGiven" | "say" | "outputs" | "quiet" | "json" | "commands"> & {
      readonly settings: Settings;
    },
  ) {
    this.#settings = given.settings;
    this.signal = given.signal;
    this.isGiven = given.isGiven;
    this.say = given.say;
    this.outputs = given.outputs;
    this.quiet = given.quiet;
    this.json = given.json;
    this.commands = given.commands;
    // The terminal gets its cursor back before the run saves its state.
    this.signal.addEventListener("abort", this.#stop);
  }

  /** Returns a function that shows progress on stderr under a title. It replaces any progress shown before. */
  progress(title: string): Update {
    this.#bar?.stop();
    if (this.signal.aborted || this.quiet) return () => {};
    const bar = startProgress(title);
    this.#bar = bar;
    return (progress, note) => {
      if (!this.signal.aborted) bar.update(progress, note);
    };
  }

  /** Adds warnings to those of the run. Options have the names of the command line. */
  warn(...warnings: readonly string[]): void {
    this.warnings.push(...warnings.map((warning) => withFlags(warning, this.#settings)));
  }

  /** Warns that there is no checkpoint to resume from. */
  begunAnew(place: string): void {
    const warning = `nothing is kept in ${place} yet: the run begins anew`;
    this.warn(warning);
    process.stderr.write(`basin: ${warning}\n`);
  }

  /** Writes a file completely or not at all, and lists it at the end of the run. Does nothing without a path. */
  async write(path: string | undefined, content: string | Uint8Array): Promise<void> {
    if (path !== undefined) await this.outputs.write(path, content, this.signal);
  }

  /** Writes a chart as SVG or PNG, depending on the extension. `draw` is not called without a path. */
  async plot(path: string | undefined, draw: () => string | Promise<string>): Promise<void> {
    if (path === undefined) return;
    const svg = await draw();
    const { rasterize } = await import("./charts/raster.ts");
    await this.write(path, /\.png$/i.test(path) ? await rasterize(svg) : `${svg}\n`);
  }

  /** Handles signals between slices of work. @throws {Interruption} after a signal. */
  async breathe(): Promise<void> {
    await setImmediate();
    this.signal.throwIfAborted();
  }

  /** Removes the progress bar. */
  close(): void {
    this.#bar?.stop();
    this.signal.removeEventListener("abort", this.#stop);
  }
}
