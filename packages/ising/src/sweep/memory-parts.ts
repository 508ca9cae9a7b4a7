import { ArgumentError } from "@basin/energy-core";
import type { WalkersState } from "@basin/samplers/internal";

/** Returns copies of parts of a kernel's memory. */
export function saveParts(
  buffer: ArrayBuffer,
  parts: readonly (readonly [start: number, length: number])[],
): Uint8Array[] {
  return parts.map(([start, length]) => new Uint8Array(buffer, start, length).slice());
}

/** Writes the copies of {@link saveParts} back. */
export function restoreParts(
  buffer: ArrayBuffer,
  parts: readonly (readonly [start: number, length: number])[],
  { bytes }: WalkersState,
): void {
  if (bytes.length !== parts.length || bytes.some((part, k) => part.length !== parts[k][1]))
    throw new ArgumentError("the saved state is of another model or algorithm");
  for (const [k, [start, length]] of parts.entries()) new Uint8Array(buffer, start, length).set(bytes[k]);
}
