import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { InvalidArgumentError } from "commander";
import { flagOf } from "../options/resolve.ts";
import type { Place, Settings } from "../setting.ts";
import type { Stdout } from "../stdout.ts";
import { fileErrorText, isFileError, named } from "./errors.ts";
import { makeFolder } from "./folder.ts";
import { sweepBeside } from "./leftovers.ts";
import { type Target, targetOf, writeStream } from "./target.ts";

/** The outputs of a run. */
export class Outputs {
  /** The places that were written. */
  readonly written: string[] = [];
  /** Whether a result goes to standard output, which then takes no other text. */
  readonly toStdout: boolean;
  readonly #stdout: Pick<Stdout, "write">;
  readonly #made: string[] = [];
  readonly #taken = new Map<string, string>();

  /**
   * Checks every place that the options name, before any work: makes its folder and tries to write there.
   *
   * @throws {InvalidArgumentError} for a place that cannot be written, a place that two options name, and a place that
   * is an input.
   */
  constructor(
    settings: Settings,
    values: Readonly<Record<string, unknown>>,
    json: boolean,
    stdout: Pick<Stdout, "write">,
  ) {
    this.#stdout = stdout;
    try {
      for (const [name, { hint, writes }] of Object.entries(settings)) {
        const path = values[name];
        if (writes === undefined || typeof path !== "string") continue;
        for (const place of writes(path, values)) this.#take(flagOf(name, hint).split(" ")[0], place);
      }
      this.toStdout = this.#taken.has("-");
      if (this.toStdout && json)
        throw new InvalidArgumentError(
          `${this.#taken.get("-")} and --json both write to standard output; name a file for one of them`,
        );
      this.#spareInputs(settings, values);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Writes a file completely or not at all. Devices, FIFOs and standard output are written directly. */
  async write(path: string, content: string | Uint8Array, signal: AbortSignal): Promise<void> {
    const { encodeText, writeWhole } = await import("@basin/energy-core/internal");
    const bytes = typeof content === "string" ? encodeText(content) : content;
    this.#makeFolder(dirname(path));
    const target = targetOf(path);
    if (target.kind === "stdout") await this.#stdout.write(content);
    else if (target.kind === "stream") await writeStream(target.path, bytes, signal);
    else await writeWhole(target.path, bytes).catch((error) => Promise.reject(named(error, path)));
    if (!this.written.includes(path) && target.kind !== "stdout") this.written.push(path);
  }

  /** Writes a folder of files, by path below it, completely or not at all. It replaces an existing folder. */
  async writeTree(path: string, files: Iterable<readonly [string, Uint8Array]>): Promise<void> {
    const { path: real } = targetOf(path);
    const [partial, old] = ["partial", "old"].map((what) => `${real}.${process.pid}-basin.${what}`);
    try {
      const { writeWhole } = await import("@basin/energy-core/internal");
      for (const [name, content] of files) {
        const file = join(partial, name);
        mkdirSync(dirname(file), { recursive: true });
        await writeWhole(file, content);
      }
      if (existsSync(real)) renameSync(real, old);
      renameSync(partial, real);
    } catch (error) {
      throw named(error, path);
    } finally {
      rmSync(partial, { recursive: true, force: true });
      if (existsSync(real)) rmSync(old, { recursive: true, force: true });
    }
    this.written.push(path);
  }

  /** Removes the folders that were made and are empty. */
  close(): void {
    for (const folder of this.#made.splice(0).reverse())
      try {
        rmdirSync(folder);
      } catch {
        // The folder is not empty, or another process removed it.
      }
  }

  #makeFolder(path: string): void {
    makeFolder(path, (folder) => this.#made.push(folder));
  }

  #take(flag: string, place: Place): void {
    const { path, kind } = place;
    const refuse = (why: string) => new InvalidArgumentError(`${flag} is ${path}, ${why}`);
    try {
      if (/[/\\]$/.test(path) && kind !== "folder" && kind !== "tree")
        throw refuse("which names a folder; name a file");
      if (path !== "-") this.#makeFolder(kind === "folder" ? path : dirname(path));
      const target = targetOf(path);
      const wrong = WRONG[kind](target);
      if (wrong !== undefined) throw refuse(wrong);
      const other = target.kind === "stream" ? undefined : this.#taken.get(target.id ?? target.path);
      if (other !== undefined && other !== flag) throw refuse(`which ${other} names too; give each its own`);
      for (const key of [target.path, target.id]) if (key !== undefined) this.#taken.set(key, flag);
      tryToWrite(target);
      if (kind !== "folder" && target.kind !== "stdout" && target.kind !== "stream") sweepBeside(target.path);
    } catch (error) {
      throw isFileError(error) ? refuse(`which cannot be written: ${fileErrorText(error)}`) : error;
    }
  }

  /** Words and texts may name files to read. */
  #spareInputs(settings: Settings, values: Readonly<Record<string, unknown>>): void {
    for (const [name, { writes, choices, hint, positional }] of Object.entries(settings)) {
      if (writes !== undefined || choices !== undefined) continue;
      for (const text of [values[name]].flat()) {
        if (typeof text !== "string" || text === "") continue;
        const flag = this.#taken.get(idOf(text) ?? "");
        const input = positional ? hint : flagOf(name, hint).split(" ")[0];
        if (flag !== undefined)
          throw new InvalidArgumentError(
            `${flag} would write over the input ${input} ${text}; name another file`,
          );
      }
    }
  }
}

/** Returns the identity of a file; undefined if a text names none. */
function idOf(text: string): string | undefined {
  try {
    return targetOf(text).id;
  } catch {
    return undefined;
  }
}

/** Returns why a target does not fit an option. */
const WRONG: Readonly<Record<Place["kind"], (target: Target) => string | undefined>> = {
  file: ({ kind }) => (kind === "folder" ? "which is a folder; name a file" : undefined),
  folder: ({ kind }) =>
    kind === "folder" || kind === "nothing" ? undefined : "which is no folder; name another",
  tree: ({ kind }) =>
    kind === "folder" || kind === "nothing" ? undefined : "which is there already; remove it first",
  run: ({ kind }) => (kind === "file" || kind === "nothing" ? undefined : "expected a file on a disk"),
};

function tryToWrite({ kind, path }: Target): void {
  if (kind === "stdout") return;
  if (kind === "file" || kind === "stream") accessSync(path, constants.W_OK);
  if (kind === "stream") return;
  const trial = kind === "folder" ? join(path, `.${process.pid}.partial`) : `${path}.${process.pid}.partial`;
  closeSync(openSync(trial, "wx"));
  rmSync(trial, { force: true });
}
