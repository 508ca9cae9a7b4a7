import { checkNumber, type Matrix, type SpinEnergy, type VectorLike } from "@basin/energy-core";
import { checkOptions, seedOf, shareOut, spread } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { type IdentifyOptions, identify, type StateKind } from "./identify.ts";
import { type MeasureOptions, memoryFacts, partsFor } from "./measure/measure.ts";
import { randomState } from "./patterns.ts";
import { type PlainMemory, plainMemory } from "./plain.ts";
import { type RecallOptions, type Settling, settle } from "./recall.ts";
import { restoreMemory } from "./restore.ts";

/** The parts of a memory that {@link census} needs; it uses the memory's recall if there is one. */
export interface PatternMemory extends SpinEnergy {
  readonly patterns: Matrix<Int8Array>;
  recall?(probe: VectorLike, options?: RecallOptions): Settling;
}

type Dynamics = Pick<RecallOptions, "dynamics" | "order" | "maxSweeps" | "temperature">;

/** Options of {@link census}. */
export interface CensusOptions extends IdentifyOptions, Dynamics, MeasureOptions {
  /** Number of random starts, at least 1. Default 1000. */
  starts?: number;
  /** Seed of the starts and of the recalls. Default: drawn, and reported in the result. */
  seed?: number;
}

/** The outcome of {@link census}. */
export interface Census {
  readonly starts: number;
  readonly seed: number;
  /** Share of the starts that ended in each kind of state, with its binomial standard error. */
  readonly shares: Readonly<Record<StateKind, { readonly mean: number; readonly standardError: number }>>;
  /** Share of the starts that had not settled when the sweeps ran out. */
  readonly unsettled: number;
  /** The distinct states reached, most visited first. */
  readonly attractors: readonly Attractor[];
}

/** A state that random starts ended in. */
export interface Attractor {
  readonly state: Int8Array;
  readonly energy: number;
  /** Number of starts that ended here. */
  readonly visits: number;
  readonly kind: StateKind;
  /** Index of the stored pattern nearest to it or to its negative. */
  readonly pattern: number;
  /** The overlap with that pattern. */
  readonly overlap: number;
}

/**
 * Resolves to the final states of a memory from random starts: the memory as a generative model, with a census of its
 * spurious states. Each start is an unbiased random state, followed by recall.
 *
 * @throws {ArgumentError} for several workers and a memory that `hopfield` or `denseMemory` did not make.
 *
 * @example
 * ```ts
 * import { census, hopfield, randomPatterns } from "@basin/hopfield";
 *
 * const memory = hopfield(randomPatterns(5, 100, { seed: 1 }));
 * const { shares, attractors } = await census(memory, { starts: 200, seed: 1 });
 * console.log(shares.stored.mean, "±", shares.stored.standardError, attractors[0].kind);
 * ```
 */
export async function census(memory: PatternMemory, options: CensusOptions = {}): Promise<Census> {
  checkOptions(
    "census",
    options,
    "starts seed tolerance dynamics order maxSweeps temperature workers createWorker checkpoint",
    "checkpointEvery signal onProgress",
  );
  const { starts = 1000, tolerance, workers = 1 } = options;
  const seed = seedOf(options);
  checkNumber("starts", starts, { min: 1, integer: true });
  const { dynamics, order, maxSweeps, temperature } = options;
  const plan = { seed, dynamics: { dynamics, order, maxSweeps, temperature } };
  const bounds = shareOut(starts, partsFor(workers));
  const plain = workers > 1 ? plainMemory(memory) : undefined;
  const parts = await spread<CensusJob, CensusPart>(
    bounds.length,
    {
      here: (k) => settleStarts(memory, plan, bounds[k]),
      there: {
        module: { name: "@basin/hopfield/worker", url: import.meta.url },
        function: "runCensusJob",
        argument: (k) => ({ ...plan, memory: plain as PlainMemory, bounds: bounds[k] }),
      },
    },
    {
      ...options,
      identity: {
        format: "census",
        version: 1,
        fingerprint: () => ({
          ...memoryFacts(memory),
          starts,
          seed,
          dynamics: JSON.stringify(plan.dynamics),
        }),
      },
    },
  );
  const attractors = merge(parts)
    .map((entry) => ({ ...entry, ...identify(memory.patterns, entry.state, { tolerance }) }))
    .sort((a, b) => b.visits - a.visits || a.energy - b.energy);
  const unsettled = parts.reduce((sum, part) => sum + part.unsettled, 0) / starts;
  return { starts, seed, shares: shares(attractors, starts), unsettled, attractors };
}

interface CensusPlan {
  readonly seed: number;
  readonly dynamics: Dynamics;
}

interface CensusJob extends CensusPlan {
  readonly memory: PlainMemory;
  readonly bounds: readonly [number, number];
}

interface Found {
  readonly state: Int8Array;
  readonly energy: number;
  visits: number;
}

interface CensusPart {
  readonly found: readonly Found[];
  readonly unsettled: number;
}

/** Settles the starts of one part. The function that threads call. */
export function runCensusJob({ memory, bounds, ...plan }: CensusJob): CensusPart {
  return settleStarts(restoreMemory(memory), plan, bounds);
}

function settleStarts(
  memory: PatternMemory,
  { seed, dynamics }: CensusPlan,
  [from, to]: readonly [number, number],
): CensusPart {
  const rng = createRng(seed);
  const found = new Map<string, Found>();
  let unsettled = 0;
  for (let k = from; k < to; k++) {
    const stream = rng.split(k);
    const probe = randomState(stream, memory.space.dimension);
    const settings = { ...dynamics, seed: stream.uint32() };
    const { state, energy, converged } = memory.recall
      ? memory.recall(probe, settings)
      : settle(memory, probe, settings);
    if (!converged) unsettled++;
    count(found, { state, energy, visits: 1 });
  }
  return { found: [...found.values()], unsettled };
}

function merge(parts: readonly CensusPart[]): Found[] {
  const all = new Map<string, Found>();
  for (const { found } of parts) for (const entry of found) count(all, entry);
  return [...all.values()];
}

function count(found: Map<string, Found>, entry: Found): void {
  const key = bitString(entry.state);
  const known = found.get(key);
  if (known) known.visits += entry.visits;
  else found.set(key, { ...entry });
}

function shares(attractors: readonly Attractor[], starts: number): Census["shares"] {
  const share = (kind: StateKind) => {
    const visits = attractors.reduce((sum, a) => sum + (a.kind === kind ? a.visits : 0), 0);
    const mean = visits / starts;
    return { mean, standardError: Math.sqrt((mean * (1 - mean)) / starts) };
  };
  return {
    stored: share("stored"),
    inverse: share("inverse"),
    mixture: share("mixture"),
    spurious: share("spurious"),
  };
}

function bitString(state: Int8Array): string {
  let text = "";
  for (let i = 0; i < state.length; i += 15) {
    let code = 0;
    for (let k = i; k < Math.min(i + 15, state.length); k++) code = 2 * code + (state[k] > 0 ? 1 : 0);
    text += String.fromCharCode(code);
  }
  return text;
}
