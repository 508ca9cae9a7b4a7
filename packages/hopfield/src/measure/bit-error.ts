import { ArgumentError, checkNumber, type Matrix, row, type SpinEnergy } from "@basin/energy-core";
import { checkOptions, seedOf, spread } from "@basin/energy-core/internal";
import { createRng, permutation } from "@basin/energy-core/random";
import { type Estimate, estimateIndependent } from "@basin/samplers";
import { wantsFlip } from "../dynamics.ts";
import {
  type MemorySource,
  memoryOf,
  type PlainSource,
  plainSource,
  resolveSource,
  restoreSource,
} from "../named.ts";
import { randomPatterns } from "../patterns.ts";
import type { MeasureOptions } from "./measure.ts";

/** Options of {@link bitError}. */
export interface BitErrorOptions extends MeasureOptions {
  /** N, at least 2. */
  neurons: number;
  /** P, at least 1. */
  patterns: number;
  /** Networks of fresh random patterns, at least 1. Default 50. */
  networks?: number;
  /** Number of stored patterns tested in each network. Default 20, or all if there are fewer. */
  probes?: number;
  /**
   * A rule or interaction, or its name, or a function that makes a memory of patterns (with one worker only). Default
   * "hebbian".
   */
  memory?: MemorySource | ((patterns: Matrix<Int8Array>) => SpinEnergy);
  /** Seed of the patterns. Default: drawn, and reported in the result. */
  seed?: number;
}

/**
 * Resolves to the share of the bits of stored random patterns that one update would flip, with the standard error
 * between networks (bits of one network are correlated, so their number alone would give too small an error).
 *
 * @throws {ArgumentError} for numbers out of range, unknown names, and several workers with a user-made memory.
 *
 * @example
 * ```ts
 * import { bitError, hebbianBitError } from "@basin/hopfield";
 *
 * const { mean, standardError } = await bitError({ neurons: 200, patterns: 40, networks: 10, seed: 1 });
 * console.log(mean, "±", standardError, "theory", hebbianBitError(200, 40));
 * ```
 */
export async function bitError(options: BitErrorOptions): Promise<Estimate & { readonly seed: number }> {
  checkOptions(
    "bitError",
    options,
    "neurons patterns networks probes memory seed workers createWorker checkpoint",
    "checkpointEvery signal onProgress",
  );
  const { neurons, patterns, networks = 50, probes = 20, memory = "hebbian" } = options;
  const seed = seedOf(options);
  checkNumber("neurons", neurons, { min: 2, integer: true });
  checkNumber("patterns", patterns, { min: 1, integer: true });
  checkNumber("networks", networks, { min: 1, integer: true });
  checkNumber("probes", probes, { min: 1, integer: true });
  const source = typeof memory === "function" ? undefined : resolveSource(memory);
  const make =
    typeof memory === "function"
      ? memory
      : (stored: Matrix<Int8Array>) => memoryOf(stored, source as MemorySource);
  const plan = { neurons, patterns, probes, seed };
  const shares = await spread<BitErrorJob, number>(
    networks,
    {
      here: (network) => wrongShare({ ...plan, network }, make),
      there: {
        module: { name: "@basin/hopfield/worker", url: import.meta.url },
        function: "runBitErrorJob",
        argument: (network) => ({ ...plan, network, source: cloneable(source) }),
      },
    },
    {
      ...options,
      identity: {
        format: "bitError",
        version: 1,
        fingerprint: () => ({ ...plan, memory: JSON.stringify(cloneable(source)) }),
      },
    },
  );
  return { ...estimateIndependent(shares), seed };
}

function cloneable(source: Parameters<typeof plainSource>[0] | undefined): PlainSource {
  if (source) return plainSource(source);
  throw new ArgumentError(
    "memory is a function, which cannot be sent to a thread or distinguished from another; name a rule, or use workers 1 and no checkpoint",
  );
}

interface BitErrorPlan {
  readonly neurons: number;
  readonly patterns: number;
  readonly probes: number;
  readonly seed: number;
  readonly network: number;
}

interface BitErrorJob extends BitErrorPlan {
  readonly source: PlainSource;
}

/** Measures one network. The function that threads call. */
export function runBitErrorJob({ source, ...plan }: BitErrorJob): number {
  const restored = restoreSource(source);
  return wrongShare(plan, (stored) => memoryOf(stored, restored));
}

function wrongShare(
  { neurons, patterns, probes, seed, network }: BitErrorPlan,
  make: (stored: Matrix<Int8Array>) => SpinEnergy,
): number {
  const stream = createRng(seed).split(network);
  const stored = randomPatterns(patterns, neurons, { seed: stream.uint32() });
  const memory = make(stored);
  const chosen = permutation(stream, patterns).subarray(0, probes);
  let wrong = 0;
  for (const mu of chosen) {
    const cursor = memory.can.moves(row(stored, mu));
    for (let i = 0; i < neurons; i++) if (wantsFlip(cursor, i)) wrong++;
  }
  return wrong / (chosen.length * neurons);
}
