import { totalmem } from "node:os";
import { InvalidArgumentError } from "commander";
import { significant } from "../output.ts";

const BYTES = 8;

/**
 * @throws {InvalidArgumentError} where so many numbers, which a run keeps to its end, are more than this machine can
 * hold.
 */
export function checkMemory(numbers: number, what: string, remedy: string): void {
  const has = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const needed = BYTES * numbers;
  if (needed <= has) return;
  const inGigabytes = (bytes: number) => `${significant(bytes / 1e9, 3)} GB`;
  throw new InvalidArgumentError(
    `${what} would keep at least ${inGigabytes(needed)}, but this machine has ${inGigabytes(has)}; ${remedy}`,
  );
}
