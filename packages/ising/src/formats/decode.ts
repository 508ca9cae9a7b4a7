import { checkKind, encodingOf } from "@basin/energy-core/internal";
import type { FileSource } from "./format.ts";
import { FormatError } from "./format-error.ts";
import type { TextSource } from "./text-source.ts";

// The library is compiled without DOM or Node types.
declare const TextDecoder: new (
  encoding: string,
) => { decode(bytes?: Uint8Array, options?: { stream: boolean }): string };

/** A file: its text, whole or in pieces that may end anywhere, or its bytes. */
export type ProblemSource = TextSource | Uint8Array;

const PIECE_BYTES = 2 ** 20;

/** Names of compressions that are not undone, by the bytes that they begin with. */
const COMPRESSED: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["zip", [0x50, 0x4b, 3, 4]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
];

/** Returns a source with its bytes unpacked. @throws {FormatError} for a compression that is not gzip. */
export async function decode(source: ProblemSource, file: string): Promise<ProblemSource> {
  if (!(source instanceof Uint8Array)) return source;
  const name = COMPRESSED.find(([, bytes]) => bytes.every((byte, at) => source[at] === byte))?.[0];
  if (name !== undefined)
    throw new FormatError(`the file is compressed with ${name}; unpack it, or pack it with gzip`, 1, 1);
  if (source[0] !== 0x1f || source[1] !== 0x8b) return source;
  const { gunzip } = await import("@basin/energy-core/data");
  try {
    return await gunzip(source, file);
  } catch {
    throw new FormatError("the gzip data is damaged or cut off", 1, 1);
  }
}

/** Returns a file that readers can go through more than once. @throws {ArgumentError} for what is no file. */
export function sourceOf(source: ProblemSource): FileSource {
  if (source instanceof Uint8Array) return { text: new DecodedText(source), bytes: source };
  if (typeof source === "string") return { text: source };
  const isList = typeof (source as Iterable<string> | undefined)?.[Symbol.iterator] === "function";
  checkKind("source", source, isList, "the text of a file, its pieces, or its bytes as a Uint8Array");
  const text = Array.isArray(source) ? (source as string[]) : [...source];
  const odd = text.findIndex((piece) => typeof piece !== "string");
  checkKind(`source[${odd}]`, text[odd], odd < 0, "a piece of text");
  return { text };
}

/** The text of bytes, a megabyte at a time: no string holds a file of some hundred. */
class DecodedText implements Iterable<string> {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  *[Symbol.iterator](): Iterator<string> {
    const bytes = this.#bytes;
    const decoder = new TextDecoder(encodingOf(bytes));
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
    }
    yield decoder.decode();
  }
}
