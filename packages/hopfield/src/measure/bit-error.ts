import { checkNumber, type Matrix, row, type SpinEnergy } from "@basin/energy-core";
import { createRng, permutation } from "@basin/energy-core/random";
import { hopfield } from "../classical/memory.ts";
import { wantsFlip } from "../dynamics.ts";
import { randomPatterns } from "../patterns.ts";
import { type Estimate, estimate } from "./mean.ts";

/** Options of {@link bitError}. */
export interface BitErrorOptions {
  /** N, at least 2. */
  neurons: number;
  /** P, at least 1. */
  patterns: number;
  /** Networks of fresh random patterns, at least 1. Default 50. */
  networks?: number;
  /** Stored patterns looked at in each network. Default 20, all where there are fewer. */
  probes?: number;
  /** Makes the memory of some patterns. Default Hebb's. */
  memory?: (patterns: Matrix<Int8Array>) => SpinEnergy;
  /** Seed of the patterns. Default 0. */
  seed?: number;
}

/**
 * Returns the share of the bits of stored random patterns that one update would turn, with the standard error between networks
 * (bits of one network are correlated, so an error from their number alone would be too small).
 */
export function bitError(options: BitErrorOptions): Estimate {
  const { neurons, patterns, networks = 50, probes = 20, seed = 0 } = options;
  checkNumber("neurons", neurons, { min: 2, integer: true });
  checkNumber("patterns", patterns, { min: 1, integer: true });
  checkNumber("networks", networks, { min: 1, integer: true });
  checkNumber("probes", probes, { min: 1, integer: true });
  const make = options.memory ?? ((stored) => hopfield(stored));
  const rng = createRng(seed);
  const shares = Array.from({ length: networks }, (_, k) => {
    const stream = rng.split(k);
    const stored = randomPatterns(patterns, neurons, { seed: stream.uint32() });
    const memory = make(stored);
    const chosen = permutation(stream, patterns).subarray(0, probes);
    let wrong = 0;
    for (const mu of chosen) {
      const cursor = memory.attach(row(stored, mu));
      for (let i = 0; i < neurons; i++) if (wantsFlip(cursor, i)) wrong++;
    }
    return wrong / (chosen.length * neurons);
  });
  return estimate(shares);
}
