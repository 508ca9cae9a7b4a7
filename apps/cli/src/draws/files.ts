import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { Draws, StateArray } from "@basin/samplers";
import type { FileDraws, ReadDrawsOptions } from "@basin/samplers/formats";
import type { Place } from "../command.ts";
import type { Context } from "../context.ts";

const KINDS = [".csv", ".json", ".zarr"];

/**
 * Returns the places that draws are written to.
 *
 * @throws {ArgumentError} for a name of unknown kind, and if a folder that is not a Zarr hierarchy would be replaced.
 */
export function drawPlaces(out: string, chains: number): Place[] {
  const kind = extname(out);
  if (!KINDS.includes(kind))
    throw new ArgumentError(`--out is ${out}, expected a name that ends in .csv, .json or .zarr`);
  if (kind === ".zarr") {
    if (existsSync(out) && !isZarr(out))
      throw new ArgumentError(
        `--out is ${out}, which is there already and is no Zarr hierarchy; remove it first`,
      );
    return [{ path: out, kind: "tree" }];
  }
  if (kind === ".csv" && existsSync(numbered(out, chains + 1)))
    throw new ArgumentError(
      `--out is ${out}, and ${numbered(out, chains + 1)} is there from a run of more chains; remove it first`,
    );
  return outFiles(out, chains).map((path) => ({ path, kind: "file" }));
}

function isZarr(folder: string): boolean {
  return existsSync(join(folder, ".zgroup")) || existsSync(join(folder, "zarr.json"));
}

/** Returns the names of the files of `--out`. For CSV there is one per chain, named as CmdStan does. */
function outFiles(out: string, chains: number): string[] {
  if (extname(out) !== ".csv" || chains === 1) return [out];
  return Array.from({ length: chains }, (_, k) => numbered(out, k + 1));
}

function numbered(out: string, number: number): string {
  return `${out.slice(0, -".csv".length)}_${number}.csv`;
}

/** Writes draws in the format of the extension, each file completely or not at all. */
export async function writeDraws(
  out: string,
  draws: Draws<StateArray>,
  { outputs, signal }: Context,
): Promise<void> {
  const { writeArvizJson, writeArvizZarr, writeCsv } = await import("@basin/samplers/formats");
  if (out.endsWith(".csv")) {
    for (const [chain, file] of outFiles(out, draws.chains.length).entries())
      await outputs.write(file, writeCsv(draws, { chain }), signal);
  } else if (out.endsWith(".json")) await outputs.write(out, writeArvizJson(draws), signal);
  else {
    const parts = new Map<string, Uint8Array>();
    await writeArvizZarr(draws, parts);
    await outputs.writeTree(out, parts);
  }
}

/** Reads draws from files of any format, with one or more chains each. */
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
