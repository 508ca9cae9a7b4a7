import { ArgumentError } from "@basin/energy-core";
import { decodeText } from "@basin/energy-core/internal";
import { samplerNames } from "../names.ts";
import { arvizPart, isObject } from "./arviz-json.ts";
import { zarrPart } from "./arviz-zarr.ts";
import { readCsvPart } from "./csv.ts";
import type { FilePart, ReadOptions } from "./file-draws.ts";
import { parseJson } from "./json-text.ts";
import { netcdfPart } from "./netcdf.ts";
import { npyPart } from "./npy.ts";
import { isPosteriordb, posteriordbPart } from "./posteriordb.ts";
import type { ZarrStore } from "./zarr-store.ts";

/** What a file holds: bytes, or the files of a folder. */
export type FileContent = Uint8Array | ZarrStore;

/** A format that draws are read from. */
export interface DrawFormat {
  /** What it is, for help and documentation. */
  readonly description: string;
  /** Whether content is of this format, by its structure. */
  readonly recognize: (content: FileContent) => boolean;
  readonly read: (content: FileContent, options: ReadOptions) => FilePart | Promise<FilePart>;
}

/** The formats of draws, by name. A file has the first format that recognizes it. */
export const drawFormats = {
  zarr: {
    description: samplerNames.format.zarr,
    recognize: (content) => !(content instanceof Uint8Array),
    read: (content) => zarrPart(folderOf(content)),
  },
  netcdf: {
    description: samplerNames.format.netcdf,
    recognize: (content) => content instanceof Uint8Array && beginsWith(content, 0x89, 0x48, 0x44, 0x46),
    read: (content) => netcdfPart(bytesOf(content)),
  },
  npy: {
    description: samplerNames.format.npy,
    recognize: (content) => content instanceof Uint8Array && beginsWith(content, 0x93),
    read: (content, options) => npyPart(bytesOf(content), options),
  },
  "arviz-json": {
    description: samplerNames.format["arviz-json"],
    recognize: (content) => {
      const value = jsonOf(content);
      return isObject(value) && "posterior" in value;
    },
    read: (content) => {
      const value = parseJson(textOf(content));
      return arvizPart(isObject(value) && !("posterior" in value) ? { posterior: value } : value);
    },
  },
  posteriordb: {
    description: samplerNames.format.posteriordb,
    recognize: (content) => isPosteriordb(jsonOf(content)),
    read: (content) => posteriordbPart(parseJson(textOf(content))),
  },
  csv: {
    description: samplerNames.format.csv,
    recognize: (content) => content instanceof Uint8Array && !looksLikeJson(textOf(content)),
    read: (content, options) => readCsvPart(textOf(content), options),
  },
} satisfies Record<string, DrawFormat>;

/** A name of {@link drawFormats}. */
export type DrawFormatName = keyof typeof drawFormats;

/** The names of the formats that draws are read from. */
export const drawFormatNames = Object.keys(drawFormats) as DrawFormatName[];

function folderOf(content: FileContent): ZarrStore {
  if (!(content instanceof Uint8Array)) return content;
  throw new ArgumentError("this is a file, and a Zarr hierarchy is a folder");
}

function bytesOf(content: FileContent): Uint8Array {
  if (content instanceof Uint8Array) return content;
  throw new ArgumentError("this is a folder, expected a file");
}

function textOf(content: FileContent): string {
  return decodeText(bytesOf(content));
}

function beginsWith(bytes: Uint8Array, ...signature: number[]): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

function looksLikeJson(text: string): boolean {
  return /^\uFEFF?\s*[[{]/.test(text);
}

/** Returns the value of a file that looks like JSON; undefined for others. */
function jsonOf(content: FileContent): unknown {
  if (!(content instanceof Uint8Array)) return undefined;
  const text = textOf(content);
  return looksLikeJson(text) ? parseJson(text) : undefined;
}
