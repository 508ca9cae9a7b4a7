import { matrix } from "@basin/energy-core";
import {
  bitError,
  corrupt,
  type HopfieldMemory,
  hebbianBitError,
  hopfield,
  type ModernMemory,
  modernMemory,
  randomPatterns,
  weightsPicture,
} from "@basin/hopfield";
import { digitSide, loadDigits } from "../shared/digits.ts";
import { planOf, type Settings } from "./settings.ts";

const neurons = digitSide ** 2;
/** Patterns that are shown to pick from. */
const shown = 12;
/** β of the modern memory: with ‖ξ‖² = 784 the nearest of thousands of digits wins, and none by accident. */
const sharpness = 0.1;

type Memory = { kind: "spins"; memory: HopfieldMemory } | { kind: "modern"; memory: ModernMemory };

let stored: Int8Array;
let labels: Uint8Array | undefined;
let current: Memory;

/** What a memory holds, and where recall begins. */
export interface Stored {
  readonly count: number;
  /** The first patterns, [12 or fewer, 784]. */
  readonly patterns: Int8Array;
  readonly labels: Uint8Array;
  readonly start: Recalled;
  /** The weights of the middle pixel as a gray picture, unless the memory has none. */
  readonly weights?: Uint8Array;
}

/** A state on its way. */
export interface Recalled {
  readonly state: Float64Array;
  readonly energy: number;
  /** The stored pattern nearest to it, and their overlap, from −1 to 1. */
  readonly nearest: number;
  readonly overlap: number;
  /** That pattern, and the digit that it shows. */
  readonly pattern: Int8Array;
  readonly label?: number;
  /** Whether another sweep would change nothing. */
  readonly settled: boolean;
}

/** Stores the patterns of the settings and corrupts the one to begin from. */
export async function begin(settings: Settings): Promise<Stored> {
  const { count } = planOf(settings);
  const { rule, seed, pattern } = settings;
  const digits = settings.patterns === "digits" ? await loadDigits(count) : undefined;
  labels = digits?.labels;
  stored = digits?.patterns ?? randomPatterns(count, neurons, { seed }).data;
  const patterns = matrix(stored, count, neurons);
  current =
    rule === "modern"
      ? { kind: "modern", memory: modernMemory(patterns, { sharpness }) }
      : { kind: "spins", memory: hopfield(patterns, { rule, normalization: "neurons" }) };
  const number = Math.min(pattern, count) - 1;
  const picked = stored.subarray(number * neurons, (number + 1) * neurons);
  return {
    count,
    patterns: stored.slice(0, shown * neurons),
    labels: labels?.slice(0, shown) ?? new Uint8Array(),
    start: look(corrupt(picked, settings.noise, { seed })),
    ...(current.kind === "spins" && { weights: middleWeights(current.memory) }),
  };
}

function middleWeights({ weights }: HopfieldMemory): Uint8Array {
  const middle = (digitSide / 2) * digitSide + digitSide / 2;
  return weightsPicture(matrix(weights.data.slice(middle * neurons, (middle + 1) * neurons), 1, neurons))
    .data;
}

/** Returns what the memory says of a state that was drawn. */
export function judge(state: Float64Array): Recalled {
  return look(state);
}

function look(state: ArrayLike<number>, settled = false): Recalled {
  const values = Float64Array.from(state);
  const { kind, memory } = current;
  const overlaps = kind === "spins" ? memory.overlap(Int8Array.from(values)) : memory.overlap(values);
  let nearest = 0;
  for (let k = 1; k < overlaps.length; k++) if (overlaps[k] > overlaps[nearest]) nearest = k;
  const energy = kind === "spins" ? memory.energy(Int8Array.from(values)) : memory.energy(values);
  const pattern = stored.slice(nearest * neurons, (nearest + 1) * neurons);
  return {
    state: values,
    energy,
    nearest,
    overlap: overlaps[nearest],
    pattern,
    label: labels?.[nearest],
    settled,
  };
}

/** One sweep of recall: every neuron once, or one step of attention. */
export function step({
  state,
  temperature,
  seed,
}: {
  state: Float64Array;
  temperature: number;
  seed: number;
}): Recalled {
  if (current.kind === "modern") {
    const { state: next, converged } = current.memory.recall(state, { maxSteps: 1 });
    return look(next, converged || next.every((value, i) => Math.abs(value - state[i]) < 1e-4));
  }
  const dynamics = temperature > 0 ? ({ dynamics: "stochastic", temperature } as const) : {};
  const { state: next, converged } = current.memory.recall(Int8Array.from(state), {
    ...dynamics,
    maxSweeps: 1,
    seed,
  });
  return look(next, converged);
}

/**
 * Resolves to the share of the bits of stored random patterns that one update flips, with its error between networks,
 * and to what theory says of Hebb's rule.
 */
export async function errors({ rule, count, seed }: { rule: Settings["rule"]; count: number; seed: number }) {
  if (rule === "modern") return undefined;
  const size = { networks: 8, probes: 8 };
  const { mean, standardError } = await bitError({ neurons, patterns: count, memory: rule, seed, ...size });
  const theory =
    rule === "hebbian" ? hebbianBitError(neurons, count) : rule === "pseudo-inverse" ? 0 : undefined;
  // Where no bit is wrong by luck, the error is that of the count that theory expects.
  const bits = size.networks * Math.min(count, size.probes) * neurons;
  return { mean, standardError: Math.max(standardError, Math.sqrt((theory ?? 0) / bits)), theory };
}
