import { totalmem } from "node:os";
import { InvalidArgumentError } from "commander";
import { significant } from "../output.ts";

/** What a run holds in memory at its end. */
interface Held {
  /** What is counted, as a sentence begins: "4 chains of 1000 draws". */
  readonly what: string;
  /** Numbers of 8 bytes. */
  readonly numbers: number;
  /** Bytes beside them. */
  readonly bytes?: number;
  /** Which option to change: "lower --draws". */
  readonly remedy: string;
}

/** @throws {InvalidArgumentError} where this machine cannot hold what a run holds at its end. */
export function checkMemory({ what, numbers, bytes = 0, remedy }: Held): void {
  const has = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const needed = Float64Array.BYTES_PER_ELEMENT * numbers + bytes;
  if (needed <= has) return;
  const inGigabytes = (count: number) => `${significant(count / 1e9, 3)} GB`;
  throw new InvalidArgumentError(
    `${what} would take at least ${inGigabytes(needed)}, but this machine has ${inGigabytes(has)}; ${remedy}`,
  );
}
