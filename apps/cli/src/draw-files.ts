import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { Draws, StateArray } from "@basin/samplers";
import type { FileDraws, ReadDrawsOptions } from "@basin/samplers/formats";
import { writeFolderWhole, writeWhole } from "./output.ts";

const KINDS = [".csv", ".json", ".zarr"];

/** @throws {ArgumentError} for a name of no known kind, and where writing would replace a folder that is no Zarr hierarchy. */
export function checkOut(out: string | undefined, chains: number): void {
  if (out === undefined) return;
  if (!KINDS.includes(extname(out))) {
    throw new ArgumentError(`--out is ${out}, expected a name that ends in .csv, .json or .zarr`);
  }
  if (extname(out) === ".csv") checkTables(out, chains);
  else checkOne(out);
}

function checkOne(out: string): void {
  if (!existsSync(out)) return;
  const folder = statSync(out).isDirectory();
  if (extname(out) !== ".zarr" && folder) throw new ArgumentError(`--out is ${out}, which is a folder`);
  if (extname(out) === ".zarr" && !(folder && isZarr(out))) {
    throw new ArgumentError(
      `--out is ${out}, which is there already and is no Zarr hierarchy; remove it first`,
    );
  }
}

/** A chain more that another run left would be read as one of this run. */
function checkTables(out: string, chains: number): void {
  for (const file of outFiles(out, chains)) {
    if (existsSync(file) && statSync(file).isDirectory())
      throw new ArgumentError(`--out is ${file}, which is a folder`);
  }
  const next = numbered(out, chains + 1);
  if (!existsSync(next)) return;
  throw new ArgumentError(`--out is ${out}, and ${next} is there from a run of more chains; remove it first`);
}

function isZarr(folder: string): boolean {
  return existsSync(join(folder, ".zgroup")) || existsSync(join(folder, "zarr.json"));
}

/** Returns the names of the files that `--out` becomes: for CSV one a chain, as CmdStan names them. */
export function outFiles(out: string, chains: number): string[] {
  if (extname(out) !== ".csv" || chains === 1) return [out];
  return Array.from({ length: chains }, (_, k) => numbered(out, k + 1));
}

function numbered(out: string, number: number): string {
  return `${out.slice(0, -".csv".length)}_${number}.csv`;
}

/** Writes draws in the format that the name asks for, each file whole or not at all, and returns their names. */
export async function writeDraws(out: string, draws: Draws<StateArray>): Promise<string[]> {
  const { writeArvizJson, writeArvizZarr, writeCsv } = await import("@basin/samplers/formats");
  const files = outFiles(out, draws.chains.length);
  if (out.endsWith(".csv")) {
    for (const [chain, file] of files.entries()) writeWhole(file, writeCsv(draws, { chain }));
  } else if (out.endsWith(".json")) writeWhole(out, writeArvizJson(draws));
  else {
    const parts = new Map<string, Uint8Array>();
    await writeArvizZarr(draws, parts);
    writeFolderWhole(out, parts);
  }
  return files;
}

/** Reads draws from files of a chain or several each, of any format. */
export async function readFiles(files: readonly string[], options: ReadDrawsOptions): Promise<FileDraws> {
  const { readDraws } = await import("@basin/samplers/formats");
  return readDraws(
    files.map((name) => ({ name, content: contentOf(name) })),
    options,
  );
}

function contentOf(file: string): Uint8Array | Map<string, Uint8Array> {
  if (!existsSync(file) && existsSync(numbered(file, 1))) {
    throw new ArgumentError(
      `there is no ${file}, but ${numbered(file, 1)}: its chains are in a file each; give all of them`,
    );
  }
  if (!statSync(file).isDirectory()) return readFileSync(file);
  if (isZarr(file)) return filesBelow(file);
  throw new ArgumentError(
    `${file}: this is a folder and no Zarr hierarchy: it has neither .zgroup nor zarr.json`,
  );
}

function filesBelow(folder: string): Map<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [`/${relative(folder, file).replaceAll(sep, "/")}`, readFileSync(file)];
    }),
  );
}
