import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { Draws, StateArray } from "@basin/samplers";
import { writeFolderWhole, writeWhole } from "../output.ts";

const KINDS = [".csv", ".json", ".zarr"];

/** @throws {ArgumentError} for a name of no known kind, and where writing would replace a folder that is no Zarr hierarchy. */
export function checkOut(out: string | undefined): void {
  if (out === undefined) return;
  if (!KINDS.includes(extname(out))) {
    throw new ArgumentError(`--out is ${out}, expected a name that ends in .csv, .json or .zarr`);
  }
  if (!existsSync(out)) return;
  const folder = statSync(out).isDirectory();
  if (extname(out) !== ".zarr" && folder) throw new ArgumentError(`--out is ${out}, which is a folder`);
  if (extname(out) === ".zarr" && !(folder && isZarr(out))) {
    throw new ArgumentError(
      `--out is ${out}, which is there already and is no Zarr hierarchy; remove it first`,
    );
  }
}

function isZarr(folder: string): boolean {
  return existsSync(join(folder, ".zgroup")) || existsSync(join(folder, "zarr.json"));
}

/** Writes draws in the format that the name asks for, whole or not at all. */
export async function writeDraws(out: string, draws: Draws<StateArray>): Promise<void> {
  const { writeArvizJson, writeArvizZarr, writeCsv } = await import("@basin/samplers/formats");
  if (out.endsWith(".csv")) return writeWhole(out, writeCsv(draws));
  if (out.endsWith(".json")) return writeWhole(out, writeArvizJson(draws));
  const files = new Map<string, Uint8Array>();
  await writeArvizZarr(draws, files);
  writeFolderWhole(out, files);
}

/** Reads draws from CSV files of a chain each, or from one file or folder that holds all chains. */
export async function readDraws(files: readonly string[]): Promise<Draws> {
  const { readArvizJson, readArvizZarr, readCsv } = await import("@basin/samplers/formats");
  const [first] = files;
  if (files.length > 1 && files.some((file) => !isCsv(file))) {
    throw new ArgumentError(
      "give one JSON file or Zarr folder, which holds all chains, or CSV files of one chain each",
    );
  }
  return naming(files, () => {
    if (statSync(first).isDirectory() && !isZarr(first)) {
      throw new ArgumentError("this is a folder and no Zarr hierarchy: it has neither .zgroup nor zarr.json");
    }
    if (statSync(first).isDirectory()) return readArvizZarr(filesBelow(first));
    if (first.endsWith(".json")) return readArvizJson(readFileSync(first, "utf8"));
    return readCsv(files.map((file) => readFileSync(file, "utf8")));
  });
}

function isCsv(file: string): boolean {
  return !file.endsWith(".json") && !statSync(file).isDirectory();
}

/** Puts the names of the files before a refusal of their contents. */
async function naming<T>(files: readonly string[], read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new ArgumentError(`${files.length === 1 ? files[0] : files.join(", ")}: ${error.message}`, {
      cause: error,
    });
  }
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
