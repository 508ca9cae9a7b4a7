import { checkNumber } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import type { PatternMemory } from "../census.ts";
import { corrupt, rows } from "../patterns.ts";
import { type Recall, type RecallOptions, recall } from "../recall.ts";
import { type Estimate, estimate } from "./mean.ts";

/** Options of {@link basins}. */
export interface BasinOptions {
  /** Shares of flipped bits to try, ascending, each in [0, 1]. Default 0, 0.05, …, 0.5. */
  noises?: readonly number[];
  /** Probes of each pattern at each noise, at least 1. Default 20. */
  trials?: number;
  /** Overlap with the pattern from which on it counts as recalled, in (0, 1]. Default 1. */
  overlap?: number;
  /** Seed of the probes. Default 0. */
  seed?: number;
}

/** The outcome of {@link basins}. */
export interface Basins {
  /** Share of the probes that come back to their pattern, with the standard error between patterns. */
  readonly curve: readonly { readonly noise: number; readonly recalled: Estimate }[];
  /** For each pattern the noise at which half of its probes come back: the radius of its basin as a share of N. */
  readonly radii: Float64Array;
  readonly seed: number;
}

/** A memory as far as {@link basins} needs it. */
export interface RecallingMemory extends PatternMemory {
  recall?(probe: ArrayLike<number>, options?: RecallOptions): Recall;
}

/** Returns how far from each stored pattern its basin of attraction reaches, by recall from probes with more and more flips. */
export function basins(memory: RecallingMemory, options: BasinOptions = {}): Basins {
  const {
    noises = Array.from({ length: 11 }, (_, k) => k / 20),
    trials = 20,
    overlap = 1,
    seed = 0,
  } = options;
  for (const noise of noises) checkNumber("noise", noise, { min: 0, max: 1 });
  checkNumber("trials", trials, { min: 1, integer: true });
  checkNumber("overlap", overlap, { above: 0, max: 1 });
  const rng = createRng(seed);
  const patterns = rows(memory.patterns);
  const shares = patterns.map((pattern, mu) =>
    noises.map((noise, n) => share(memory, pattern, noise, rng.split(mu).split(n).uint32(), trials, overlap)),
  );
  return {
    curve: noises.map((noise, n) => ({ noise, recalled: estimate(shares.map((values) => values[n])) })),
    radii: Float64Array.from(shares, (values) => radius(noises, values)),
    seed,
  };
}

function share(
  memory: RecallingMemory,
  pattern: Int8Array,
  noise: number,
  seed: number,
  trials: number,
  overlap: number,
): number {
  let back = 0;
  for (let t = 0; t < trials; t++) {
    const probe = corrupt(pattern, noise, { seed: seed + t });
    const options = { seed: seed + t };
    const { state } = memory.recall ? memory.recall(probe, options) : recall(memory, probe, options);
    let agreement = 0;
    for (let i = 0; i < pattern.length; i++) agreement += pattern[i] * state[i];
    if (agreement >= overlap * pattern.length) back++;
  }
  return back / trials;
}

/** Where the share first falls below a half, by linear interpolation; the last noise where it never does. */
function radius(noises: readonly number[], shares: readonly number[]): number {
  for (const [n, value] of shares.entries()) {
    if (value >= 0.5) continue;
    if (n === 0) return 0;
    const before = shares[n - 1];
    return noises[n - 1] + ((before - 0.5) / (before - value)) * (noises[n] - noises[n - 1]);
  }
  return noises[noises.length - 1];
}
