import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Prints one JSON value on stdout; typed arrays become lists, and numbers that JSON lacks become strings. */
export function printJson(value: unknown): void {
  process.stdout.write(`${toJson(value)}\n`);
}

/** Returns `value` as indented JSON; NaN and ±∞ become the strings "NaN", "Infinity" and "-Infinity". */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, entry) => (ArrayBuffer.isView(entry) ? [...(entry as Float64Array)] : plain(entry)),
    2,
  );
}

function plain(entry: unknown): unknown {
  return typeof entry === "number" && !Number.isFinite(entry) ? String(entry) : entry;
}

/** Makes a folder and those that it lies in. Node's recursive `mkdir` never returns where a parent takes no folders, as in /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}

/** Writes a file whole or not at all: into a neighbor first, then renamed over the target. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(path));
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}

/** Writes a folder of files, by path below it, whole or not at all; one that is there is replaced. */
export function writeFolderWhole(path: string, files: Iterable<readonly [string, Uint8Array]>): void {
  const partial = `${path}.${process.pid}.partial`;
  const old = `${path}.${process.pid}.old`;
  for (const [name, content] of files) {
    const file = join(partial, name);
    makeFolder(dirname(file));
    writeFileSync(file, content);
  }
  if (existsSync(path)) renameSync(path, old);
  renameSync(partial, path);
  rmSync(old, { recursive: true, force: true });
}

/** Returns "mean ± standard error", with the error to two digits and the mean to its last place. */
export function withError(mean: number, standardError: number): string {
  // Equal numbers leave an error of rounding behind.
  if (!(standardError > 1e-12 * Math.abs(mean))) return String(Number(mean.toPrecision(6)));
  const places = Math.max(0, 1 - Math.floor(Math.log10(standardError)));
  return `${mean.toFixed(Math.min(places, 15))} ± ${standardError.toFixed(Math.min(places, 15))}`;
}
