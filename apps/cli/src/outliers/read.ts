import { readFile } from "node:fs/promises";
import type { LogitMeaning, OutlierData, RowsLike } from "@basin/jem/outliers";
import { InvalidArgumentError } from "commander";
import { choice, text } from "../options/settings.ts";

const rows = (what: string) => text("<file>", `${what}: .npy, .csv, .tsv or .json`);

/** Options for the outputs of a classifier, one file each. */
export const dataOptions = {
  logits: rows("logits, a row an input"),
  features: rows("features, a row an input"),
};

/** Options of fitting only. */
export const fitOptions = {
  labels: rows("the class of each input, from 0 on; without it that of the largest logit"),
  weights: rows("W of the last layer f(x) = W x + b, a row a class"),
  bias: rows("b of the last layer, a number a class; 0 without it"),
};

/** `--of`: the meaning of the logits, if it is in doubt. */
export const of = choice("kind of the numbers given as logits, if that is ambiguous", [
  "logits",
  "probabilities",
]);

/** Files of the parts of data; the meaning of logits. */
export type DataFiles = { readonly [K in keyof (typeof dataOptions & typeof fitOptions)]?: string } & {
  readonly of?: LogitMeaning;
};

/** Returns the rows of a file. */
async function readRows(path: string): Promise<RowsLike> {
  if (!/\.json(\.gz)?$/i.test(path)) {
    const { readArray } = await import("@basin/energy-core/data");
    return readArray(path);
  }
  const { gunzip } = await import("@basin/energy-core/data");
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new InvalidArgumentError(`${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(new TextDecoder().decode(await gunzip(bytes, path)));
  } catch (error) {
    throw new InvalidArgumentError(`${path} is no JSON: ${(error as Error).message}`);
  }
}

/** Returns the data of the files. */
export async function readData({ of, ...files }: DataFiles): Promise<OutlierData> {
  const read: Record<string, unknown> = { of };
  for (const [name, path] of Object.entries(files)) {
    if (path === undefined) continue;
    const found = await readRows(path);
    read[name] = name === "labels" || name === "bias" ? listOf(found, path) : found;
  }
  return read as OutlierData;
}

/** Returns the numbers of a list, or of a table of one row or column. */
function listOf(found: RowsLike, path: string): ArrayLike<number> {
  if (!("data" in found)) return found as ArrayLike<number>;
  const shape = "shape" in found ? found.shape : found.dims;
  if (shape.filter((length) => length !== 1).length > 1)
    throw new InvalidArgumentError(`${path} has shape [${shape.join(", ")}], expected a list of numbers`);
  return found.data as ArrayLike<number>;
}
