import { ArgumentError, checkNumber, DimensionError, row } from "@basin/energy-core";
import { checkOptions, seedOf, shareOut, spread } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { type Estimate, estimateIndependent } from "@basin/samplers";
import type { PatternMemory } from "../census.ts";
import { corrupt } from "../patterns.ts";
import { type PlainMemory, plainMemory } from "../plain.ts";
import { settle } from "../recall.ts";
import { restoreMemory } from "../restore.ts";
import { type MeasureOptions, memoryFacts, partsFor } from "./measure.ts";
import { hebbianBasin } from "./theory.ts";

/** Options of {@link basins}. */
export interface BasinOptions extends MeasureOptions {
  /** Shares of flipped bits to try, ascending, each in [0, 1]. Default 0, 0.05, …, 0.5. */
  noises?: readonly number[];
  /** Probes of each pattern at each noise, at least 1. Default 20. */
  trials?: number;
  /** Minimum overlap at which a pattern counts as recalled, in (0, 1]. Default 1. */
  overlap?: number;
  /** Seed of the probes. Default: drawn, and reported in the result. */
  seed?: number;
}

/** The outcome of {@link basins}. */
export interface Basins {
  /** Share of the probes that recall their pattern, with the standard error between patterns. */
  readonly curve: readonly { readonly noise: number; readonly recalled: Estimate }[];
  /** For each pattern the noise at which half of its probes recall it: the radius of its basin as a share of N. */
  readonly radii: Float64Array;
  /** The mean radius, with the standard error between patterns. */
  readonly radius: Estimate;
  /**
   * The radius in a large Hebbian network of random patterns at this load, {@link hebbianBasin}; absent for other
   * memories and for θ ≠ 0.
   */
  readonly theory?: number;
  readonly seed: number;
}

/** A memory as far as {@link basins} needs it. */
export interface RecallingMemory extends PatternMemory {
  readonly rule?: string;
  readonly thresholds?: Float64Array;
}

/**
 * Resolves to the radius of the basin of attraction of each stored pattern, by recall from probes with more and more
 * flips.
 *
 * @throws {ArgumentError} for noises that are not ascending, and for several workers and a memory that `hopfield` or
 * `denseMemory` did not make.
 *
 * @example
 * ```ts
 * import { basins, hopfield, randomPatterns } from "@basin/hopfield";
 *
 * const { radius, theory } = await basins(hopfield(randomPatterns(5, 200, { seed: 1 })), { trials: 5 });
 * console.log(radius.mean, "±", radius.standardError, "theory", theory);
 * ```
 */
export async function basins(memory: RecallingMemory, options: BasinOptions = {}): Promise<Basins> {
  checkOptions(
    "basins",
    options,
    "noises trials overlap seed workers createWorker checkpoint checkpointEvery signal",
    "onProgress",
  );
  const { noises = Array.from({ length: 11 }, (_, k) => k / 20), workers = 1 } = options;
  const { trials = 20, overlap = 1 } = options;
  const seed = seedOf(options);
  checkNoises(noises);
  checkNumber("trials", trials, { min: 1, integer: true });
  checkNumber("overlap", overlap, { above: 0, max: 1 });
  const plan = { noises: [...noises], trials, overlap, seed };
  const [count, neurons] = memory.patterns.shape;
  const bounds = shareOut(count, partsFor(workers));
  const plain = workers > 1 ? plainMemory(memory) : undefined;
  const parts = await spread<BasinJob, number[][]>(
    bounds.length,
    {
      here: (k) => probeBasins(memory, plan, bounds[k]),
      there: {
        module: { name: "@basin/hopfield/worker", url: import.meta.url },
        function: "runBasinJob",
        argument: (k) => ({ ...plan, memory: plain as PlainMemory, bounds: bounds[k] }),
      },
    },
    {
      ...options,
      identity: {
        format: "basins",
        version: 1,
        fingerprint: () => ({ ...memoryFacts(memory), ...plan, noises: noises.join(", ") }),
      },
    },
  );
  const shares = parts.flat();
  const radii = Float64Array.from(shares, (values) => radius(noises, values));
  const hebbian = memory.rule === "hebbian" && memory.thresholds?.every((threshold) => threshold === 0);
  return {
    curve: noises.map((noise, n) => ({
      noise,
      recalled: estimateIndependent(shares.map((values) => values[n])),
    })),
    radii,
    radius: estimateIndependent(Array.from(radii)),
    ...(hebbian ? { theory: hebbianBasin(count / neurons) } : {}),
    seed,
  };
}

function checkNoises(noises: readonly number[]): void {
  if (noises.length === 0) throw new DimensionError("noises is empty, expected at least one noise");
  for (const [n, noise] of noises.entries()) {
    checkNumber(`noises[${n}]`, noise, { min: 0, max: 1 });
    if (n > 0 && !(noise > noises[n - 1])) {
      throw new ArgumentError(`noises[${n}] is ${noise}, expected ascending noises, above ${noises[n - 1]}`);
    }
  }
}

interface BasinPlan {
  readonly noises: readonly number[];
  readonly trials: number;
  readonly overlap: number;
  readonly seed: number;
}

interface BasinJob extends BasinPlan {
  readonly memory: PlainMemory;
  readonly bounds: readonly [number, number];
}

/** Probes the basins of some patterns. The function that threads call. */
export function runBasinJob({ memory, bounds, ...plan }: BasinJob): number[][] {
  return probeBasins(restoreMemory(memory), plan, bounds);
}

/** Returns for each pattern from `from` to before `to` the share of the probes that come back, by noise. */
function probeBasins(
  memory: RecallingMemory,
  { noises, trials, overlap, seed }: BasinPlan,
  [from, to]: readonly [number, number],
): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: to - from }, (_, k) => {
    const pattern = row(memory.patterns, from + k);
    const stream = rng.split(from + k);
    return noises.map((noise, n) => share(memory, pattern, noise, stream.split(n).uint32(), trials, overlap));
  });
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
    const { state } = memory.recall ? memory.recall(probe, options) : settle(memory, probe, options);
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
