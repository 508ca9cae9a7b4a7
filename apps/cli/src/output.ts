import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

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
export function withError({ mean, standardError }: { mean: number; standardError: number }): string {
  // Equal numbers leave an error of rounding behind.
  if (!(standardError > 1e-12 * Math.abs(mean))) return significant(mean, 6);
  const places = Math.min(15, Math.max(0, 1 - Math.floor(Math.log10(standardError))));
  return `${mean.toFixed(places)} ± ${standardError.toFixed(places)}`;
}

/** Returns a number to so many digits, without the zeros at its end. */
export function significant(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** Returns an estimate and its autocorrelation time as two cells of a table. */
export function estimateCells(estimate: {
  mean: number;
  standardError: number;
  autocorrelationTime: number;
}): [string, string] {
  return [withError(estimate), `τ = ${estimate.autocorrelationTime.toPrecision(3)}`];
}

/** Returns rows as lines with their columns aligned, below a heading where there is one. */
export function table(rows: readonly (readonly string[])[], head?: readonly string[]): string[] {
  const all = head ? [head, ...rows] : rows;
  const widths = all[0].map((_, k) => Math.max(...all.map((row) => row[k].length)));
  return all.map((row) =>
    row
      .map((cell, k) => cell.padEnd(widths[k]))
      .join("   ")
      .trimEnd(),
  );
}

/** Returns the mean of independent figures and its standard error. */
export function estimateOf(values: readonly number[]): { mean: number; standardError: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: n > 1 ? Math.sqrt(square / (n * (n - 1))) : Number.NaN };
}
