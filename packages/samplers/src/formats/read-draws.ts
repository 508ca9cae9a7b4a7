import { ArgumentError, checkNumber } from "@basin/energy-core";
import { gunzip } from "@basin/energy-core/data";
import { checkKind, checkName, checkOptions, encodeText } from "@basin/energy-core/internal";
import {
  type DrawFormat,
  type DrawFormatName,
  drawFormatNames,
  drawFormats,
  type FileContent,
} from "./draw-formats.ts";
import { type FileDraws, joinParts, type NamedPart, named, type ReadOptions } from "./file-draws.ts";
import { unreadFormat } from "./unread.ts";
import type { ZarrStore } from "./zarr-store.ts";

/** A file of draws: its name and its bytes or text, or the files of a folder. */
export interface DrawFile {
  readonly name: string;
  readonly content: Uint8Array | string | ZarrStore;
}

/** Options of {@link readDraws}. */
export interface ReadDrawsOptions extends ReadOptions {
  /** The format of all files. Default: recognized by the contents of each file, never by its name. */
  format?: DrawFormatName;
}

/**
 * Returns the draws of files with one or more chains each, in any format of {@link drawFormatNames}, gzipped or not.
 * The format is recognized by the structure of the file, and `readAs` states it. Quantities are matched by name, so
 * files may order them differently.
 *
 * @throws {ArgumentError} naming the file: for contents of no known format, with advice if there is some; for contents
 * with two readings, with the option that decides; and for files that are equal or do not belong together.
 *
 * @example
 * ```ts
 * import { readDraws } from "@basin/samplers/formats";
 *
 * const content = ".chain,mu\n1,0.1\n1,0.3\n2,0.2\n2,0.1\n";
 * const draws = await readDraws([{ name: "draws.csv", content }]);
 * console.log(draws.chains.length, draws.readAs); // 2, a table of draws, chains by the column ".chain"
 * ```
 */
export async function readDraws(
  files: readonly DrawFile[],
  options: ReadDrawsOptions = {},
): Promise<FileDraws> {
  checkOptions("readDraws", options, "chainColumn format header iterationColumn chains axes");
  checkFiles(files);
  checkReadOptions(options);
  const { format, ...rest } = options;
  if (format !== undefined) checkName("format", format, drawFormatNames);
  const parts: NamedPart[] = [];
  for (const { name, content: given } of files) {
    try {
      const content = typeof given === "string" ? encodeText(given) : given;
      const whole = content instanceof Uint8Array ? await gunzip(content, name) : content;
      parts.push({ file: name, part: await formatOf(whole, format).read(whole, rest) });
    } catch (error) {
      throw named(name, error);
    }
  }
  return joinParts(parts);
}

/** @throws {ArgumentError} for what is no list of files with their names. */
function checkFiles(files: readonly DrawFile[]): void {
  checkKind("files", files, Array.isArray(files), "a list of files { name, content }");
  for (const [k, file] of files.entries()) {
    const { name, content } = (file ?? {}) as Partial<DrawFile>;
    checkKind(`files[${k}]`, file, typeof name === "string" && content !== undefined, "{ name, content }");
    const isContent =
      typeof content === "string" || content instanceof Uint8Array || typeof content?.get === "function";
    checkKind(`the content of ${name}`, content, isContent, "text, a Uint8Array, or the store of a folder");
  }
}

function checkReadOptions(options: ReadDrawsOptions): void {
  const { chains, header, axes } = options;
  if (chains !== undefined) checkNumber("chains", chains, { min: 1, integer: true });
  checkKind("header", header, typeof (header ?? true) === "boolean", "true or false");
  checkKind(
    "axes",
    axes,
    axes === undefined || Array.isArray(axes),
    'a list of names, such as ["chain", "draw"]',
  );
  for (const name of ["chainColumn", "iterationColumn"] as const)
    checkKind(name, options[name], typeof (options[name] ?? "") === "string", "the name of a column");
}

function formatOf(content: FileContent, given: DrawFormatName | undefined): DrawFormat {
  if (given !== undefined) return drawFormats[given];
  const unread = content instanceof Uint8Array ? unreadFormat(content) : undefined;
  if (unread !== undefined) throw new ArgumentError(unread);
  const found = Object.values<DrawFormat>(drawFormats).find(({ recognize }) => recognize(content));
  if (found !== undefined) return found;
  throw new ArgumentError(
    'this JSON holds no draws: expected an object with a group "posterior" (ArviZ), or a list of chains with a list of draws for each quantity (posteriordb)',
  );
}
