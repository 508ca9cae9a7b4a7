import { ArgumentError, checkNumber } from "../errors.ts";

// Node, browsers and workers all have it, but no one library of types covers them.
declare const crypto: { getRandomValues(words: Uint32Array): Uint32Array };

/**
 * Returns the seed of a run that reports it in its result: the given one, or 32 bits of the system's entropy, which are
 * short enough to copy.
 *
 * @throws {ArgumentError} for a seed that is no integer from 0 on, and for a run with a checkpoint and no seed: another
 * call could not go on with it.
 */
export function seedOf({ seed, checkpoint }: { seed?: number; checkpoint?: unknown }): number {
  if (seed !== undefined) return checkNumber("seed", seed, { min: 0, integer: true });
  if (checkpoint !== undefined)
    throw new ArgumentError(
      "checkpoint was given without seed, expected both: a resumed run needs the same seed",
    );
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
