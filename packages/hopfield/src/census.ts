import { checkNumber, type Matrix, type SpinEnergy } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { type IdentifyOptions, identify, type StateKind } from "./identify.ts";
import { randomState } from "./patterns.ts";
import { type RecallOptions, recall } from "./recall.ts";

/** A memory as far as {@link census} needs it. */
export interface PatternMemory extends SpinEnergy {
  readonly patterns: Matrix<Int8Array>;
}

/** Options of {@link census}. */
export interface CensusOptions
  extends IdentifyOptions,
    Pick<RecallOptions, "dynamics" | "order" | "maxSweeps" | "temperature"> {
  /** Number of random starts, at least 1. Default 1000. */
  starts?: number;
  /** Seed of the starts and of the recalls. Default 0. */
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
 * Returns where a memory ends from random states: the memory as a generative model, and a census of its spurious states.
 * Each start is an unbiased random state, followed by recall.
 */
export function census(memory: PatternMemory, options: CensusOptions = {}): Census {
  const { starts = 1000, seed = 0, tolerance, ...dynamics } = options;
  checkNumber("starts", starts, { min: 1, integer: true });
  const rng = createRng(seed);
  const found = new Map<string, { state: Int8Array; energy: number; visits: number }>();
  let unsettled = 0;
  for (let k = 0; k < starts; k++) {
    const stream = rng.split(k);
    const probe = randomState(stream, memory.space.dimension);
    const { state, energy, converged } = recall(memory, probe, { ...dynamics, seed: stream.uint32() });
    if (!converged) unsettled++;
    const key = bitString(state);
    const entry = found.get(key);
    if (entry) entry.visits++;
    else found.set(key, { state, energy, visits: 1 });
  }
  const attractors = [...found.values()]
    .map((entry) => ({ ...entry, ...identify(memory.patterns, entry.state, { tolerance }) }))
    .sort((a, b) => b.visits - a.visits || a.energy - b.energy);
  return { starts, seed, shares: shares(attractors, starts), unsettled: unsettled / starts, attractors };
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
