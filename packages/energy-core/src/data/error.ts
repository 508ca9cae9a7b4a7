import { BasinError, checkKind } from "../errors.ts";

/** A file that is not what it should be. */
export class DataError extends BasinError {
  static override readonly basinName: string = "DataError";
  /** The file, as it was named by the caller. */
  readonly file: string;
  /** Byte offset of what was found, or −1 where there is no one place. */
  readonly offset: number;

  constructor(file: string, offset: number, problem: string) {
    super(offset >= 0 ? `${file}, byte ${offset}: ${problem}` : `${file}: ${problem}`);
    this.file = file;
    this.offset = offset;
  }
}

/** The option of every parser. */
export interface ParseOptions {
  /** The name that errors give the data. Default "data". */
  file?: string;
}

/** @throws {ArgumentError} unless `bytes` are the bytes of a file, as Node's `readFile` gives them. */
export function checkBytes(bytes: Uint8Array): void {
  const tag = (bytes as { [Symbol.toStringTag]?: string } | undefined)?.[Symbol.toStringTag];
  checkKind("bytes", bytes, tag === "Uint8Array", "the bytes of a file as a Uint8Array");
}

/** @throws {DataError} unless exactly `expected` bytes follow `offset`. */
export function checkSize(file: string, bytes: Uint8Array, offset: number, expected: number): void {
  const found = bytes.length - offset;
  if (found === expected) return;
  const at = found < expected ? bytes.length : offset + expected;
  throw new DataError(file, at, `${found} bytes of elements, expected ${expected}`);
}
