import { checkOptions } from "../check-options.ts";
import { ArgumentError, checkKind } from "../errors.ts";
import { decodeText } from "../internal/text.ts";
import { type NdArray, ndarrayOf } from "./array.ts";
import { channelsOf, simplified, withChannels } from "./channels.ts";
import { type CsvOptions, parseCsv, type Table } from "./csv.ts";
import { checkBytes, DataError } from "./error.ts";
import { parseIdx } from "./idx.ts";
import { parseNpy } from "./npy.ts";
import { parseImage } from "./parse-image.ts";

// The library is compiled without DOM or Node types: these are the parts that both have and that are used here.
declare const Blob: new (parts: Uint8Array[]) => { stream(): { pipeThrough(through: object): object } };
declare const DecompressionStream: new (format: "gzip") => object;
declare const Response: new (stream: object) => { arrayBuffer(): Promise<ArrayBuffer> };

const FORMATS =
  "IDX (.idx, -ubyte), NPY (.npy), CSV (.csv, .tsv), PNG (.png), PGM (.pgm), JPEG (.jpg, .jpeg), each also with .gz";

/** The images of a folder, one a row of the first axis. */
export interface ImageSet extends NdArray<Uint8Array | Uint16Array> {
  /** File of each image, relative to the folder, in the order of the rows. */
  readonly files: readonly string[];
  /** Class of each image, the index of its subfolder in `classes`; absent without subfolders. */
  readonly labels?: Uint32Array;
  /** Names of the sub-folders that hold images. */
  readonly classes?: readonly string[];
  /** How many images have other channels than their files, where some do. */
  readonly readAs?: string;
}

/**
 * Resolves to the array in a file, its format taken from the name: IDX, NPY, CSV or TSV, PNG, PGM or JPEG, gzipped or
 * not. Needs a file system (Node); in a browser fetch the bytes and use the parsers.
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { readArray } from "@basin/energy-core/data";
 *
 * await writeFile("points.csv", "1,2\n3,4\n");
 * console.log((await readArray("points.csv")).shape); // [2, 2]
 * ```
 *
 * @throws {DataError} naming the file, the offset and what was expected there.
 * @throws {ArgumentError} for a name of no known format, listing the known ones.
 */
export async function readArray(path: string, options: CsvOptions = {}): Promise<NdArray | Table> {
  checkOptions("readArray", options, "delimiter header file");
  checkKind("path", path, typeof path === "string", "the name of a file");
  const parse = parserOf(path);
  if (parse === undefined) throw new ArgumentError(`${path}: unknown format; known: ${FORMATS}`);
  const { readFile } = await fileSystem();
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new DataError(
      path,
      -1,
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return parse(await gunzip(bytes, path), { file: path, ...options });
}

/**
 * Resolves to all PNG, PGM and JPEG images of a folder and of its sub-folders, which name classes, in the order of
 * their names. Images get the fewest channels that lose nothing ({@link simplified}), and `readAs` reports what that
 * changed. Every image must have the height, width and depth of the first.
 *
 * @throws {DataError} naming the file that differs, cannot be read, or the folder without images.
 */
export async function readImageFolder(folder: string): Promise<ImageSet> {
  const entries = await list(folder);
  const classes: string[] = [];
  const labels: number[] = [];
  const files: string[] = entries
    .filter((entry) => !entry.isDirectory() && isImage(entry.name))
    .map(({ name }) => name);
  const loose = files.length;
  files.sort();
  for (const { name } of entries
    .filter((entry) => entry.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = (await list(`${folder}/${name}`)).map((entry) => entry.name);
    const images = inside.filter(isImage).sort();
    if (images.length === 0) continue;
    labels.push(...images.map(() => classes.length));
    classes.push(name);
    files.push(...images.map((image) => `${name}/${image}`));
  }
  if (files.length === 0)
    throw new DataError(folder, -1, "no .png, .pgm or .jpg files, expected at least one");
  if (loose > 0 && classes.length > 0) {
    throw new DataError(folder, -1, "images both beside and inside sub-folders; expected one or the other");
  }
  const set = { ...(await stack(folder, files)), files };
  return classes.length > 0 ? { ...set, labels: Uint32Array.from(labels), classes } : set;
}

/**
 * Returns what is in a folder, without the hidden files and folders that file managers, notebooks and archives leave.
 * @throws {DataError} for an image that cannot be read, which would be missing from the set.
 */
async function list(folder: string) {
  const { readdir } = await fileSystem();
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => !name.startsWith("."),
  );
  const other = entries.find((entry) => !entry.isDirectory() && OTHER_IMAGE.test(entry.name));
  if (other !== undefined)
    throw new DataError(
      `${folder}/${other.name}`,
      -1,
      "an image of this kind is not read: convert it to PNG or JPEG, or move it out of the folder",
    );
  return entries;
}

const OTHER_IMAGE = /\.(gif|webp|bmp|tiff?|heic|heif|avif|jfif|jp2|ppm|pbm|pnm)$/i;

type Image = NdArray<Uint8Array | Uint16Array>;

async function stack(
  folder: string,
  files: readonly string[],
): Promise<Pick<ImageSet, keyof Image | "readAs">> {
  const stored: Image[] = [];
  for (const name of files) stored.push((await readArray(`${folder}/${name}`)) as Image);
  const simple = stored.map(simplified);
  const counts = simple.map(channelsOf);
  const colors = counts.some((count) => count > 2) ? 3 : 1;
  const channels = colors + (counts.some((count) => count % 2 === 0) ? 1 : 0);
  const images = simple.map((image) => withChannels(image, channels));
  const [{ shape, data: first }] = images;
  const pixels =
    first instanceof Uint16Array
      ? new Uint16Array(first.length * files.length)
      : new Uint8Array(first.length * files.length);
  for (const [i, image] of images.entries()) {
    if (String(image.shape) !== String(shape) || image.data.constructor !== first.constructor) {
      const [found, expected] = [stored[i], stored[0]].map(
        (own) => `[${own.shape.join(", ")}] of ${own.data.BYTES_PER_ELEMENT * 8} bits`,
      );
      throw new DataError(
        `${folder}/${files[i]}`,
        -1,
        `the image is ${found}, expected ${expected} as in ${files[0]}`,
      );
    }
    pixels.set(image.data, i * image.data.length);
  }
  const changed = stored.filter((image) => channelsOf(image) !== channels).length;
  const kind = ["gray", "gray with alpha", "colors", "colors with alpha"][channels - 1];
  return {
    ...ndarrayOf(pixels, [files.length, ...shape]),
    ...(changed > 0 && {
      readAs: `${changed} of ${files.length} images, stored with other channels, as ${kind}`,
    }),
  };
}

/**
 * Resolves to the decompressed `bytes` when they are gzipped, and to themselves when they are not.
 *
 * @example
 * ```ts
 * import { gunzip } from "@basin/energy-core/data";
 *
 * console.log(await gunzip(Uint8Array.of(1, 2, 3))); // not gzipped: the same bytes
 * ```
 *
 * @throws {DataError} for a damaged or truncated archive.
 */
export async function gunzip(bytes: Uint8Array, file = "data"): Promise<Uint8Array> {
  checkBytes(bytes);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new DataError(file, -1, `damaged gzip data: ${(error as Error).message || "it ends too early"}`);
  }
}

interface FileSystem {
  readFile(path: string): Promise<Uint8Array>;
  readdir(
    path: string,
    options: { withFileTypes: true },
  ): Promise<{ name: string; isDirectory(): boolean }[]>;
  stat(path: string): Promise<{ isDirectory(): boolean }>;
}

/** Resolves to the file system of Node. */
export function fileSystem(): Promise<FileSystem> {
  // A name that bundlers cannot see keeps the parsers usable in browsers.
  const name = "node:fs/promises";
  return import(/* @vite-ignore */ name);
}

type Parser = (bytes: Uint8Array, options: CsvOptions) => NdArray | Table;

function parserOf(path: string): Parser | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, "");
  if (/(\.idx|[-.]idx\d-\w+|-ubyte)$/.test(name)) return parseIdx;
  if (name.endsWith(".npy")) return parseNpy;
  if (isImage(name)) return (bytes, { file }) => parseImage(bytes, { file });
  if (name.endsWith(".csv")) return (bytes, options) => parseCsv(decodeText(bytes), options);
  if (name.endsWith(".tsv"))
    return (bytes, options) => parseCsv(decodeText(bytes), { delimiter: "\t", ...options });
  return undefined;
}

/** Whether a name is that of an image file. */
export function isImage(name: string): boolean {
  return /\.(png|pgm|jpe?g)(\.gz)?$/i.test(name);
}
