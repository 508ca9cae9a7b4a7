import { ArgumentError } from "../errors.ts";
import { encodeText } from "../internal/text.ts";
import { crc32 } from "./crc32.ts";

/** What a checkpoint must share with the run that resumes from it: names and plain values. */
export type Fingerprint = Readonly<Record<string, string | number | boolean>>;

/**
 * Returns the CRC-32 of a text or an array of numbers, as eight hexadecimal digits.
 */
export function checksum(values: string | ArrayBufferView): string {
  const view = typeof values === "string" ? encodeText(values) : values;
  return hex(crc32(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)));
}

/** Returns a checksum as eight hexadecimal digits. */
export function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/**
 * @throws {ArgumentError} naming the first difference between a saved run and this one.
 */
export function checkSameRun(kept: Fingerprint, run: Fingerprint): void {
  for (const name of new Set([...Object.keys(run), ...Object.keys(kept)])) {
    if (Object.is(kept[name], run[name])) continue;
    throw new ArgumentError(
      `the checkpoint is of another run: its ${name} is ${kept[name]}, this one's is ${run[name]}; remove it to start over`,
    );
  }
}
