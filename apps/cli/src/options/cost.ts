import { totalmem } from "node:os";
import { InvalidArgumentError } from "commander";
import { significant } from "../output.ts";

/** The memory of a run at its end. */
interface Held {
  /** The contents, as the beginning of a sentence: "4 chains of 1000 draws". */
  readonly what: string;
  /** Numbers of 8 bytes. */
  readonly numbers: number;
  /** Further bytes. */
  readonly bytes?: number;
  /** Which option to change: "lower --draws". */
  readonly remedy: string;
}

/** @throws {InvalidArgumentError} if this machine does not have the memory of a run at its end. */
export function checkMemory({ what, numbers, bytes = 0, remedy }: Held): void {
  const has = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const needed = Float64Array.BYTES_PER_ELEMENT * numbers + bytes;
  if (needed <= has) return;
  const inGigabytes = (count: number) => `${significant(count / 1e9, 3)} GB`;
  throw new InvalidArgumentError(
    `${what} would take at least ${inGigabytes(needed)}, but this machine has ${inGigabytes(has)}; ${remedy}`,
  );
}
