import {
  ArgumentError,
  type Can,
  checkNumber,
  type Energy,
  type Matrix,
  type MatrixLike,
  matrix,
  toMatrix,
  type VectorLike,
} from "@basin/energy-core";
import { checkLength, checkOptions, type KernelOption, toVector } from "@basin/energy-core/internal";
import { log } from "@basin/energy-core/random";
import { type HopfieldMemory, hopfield } from "../classical/memory.ts";
import { append, remove } from "../pattern-list.ts";
import { plainMemory, registerPlain } from "../plain.ts";
import type { RecallOptions, Settling } from "../recall.ts";
import { checkActivity, covariance } from "../rules/covariance.ts";

/** Options of {@link sparseMemory}. */
export interface SparseMemoryOptions {
  /**
   * a, the expected share of active neurons in a pattern, strictly between 0 and 1. Default: the share in the patterns
   * given.
   */
  activity?: number;
  /**
   * Θ, which the field Σ_j J_ij η_j of an active neuron has to reach. Default ½ − a + σ² ln((1 − a)/a), at most ¾ − a:
   * midway between the signals 1 − a and −a, shifted to minimize the flipped bits of a pattern when the other patterns
   * add Gaussian noise of variance σ² = a P/N.
   */
  threshold?: number;
  /** Which implementation recalls. Both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/** The outcome of a recall of a {@link SparseMemory}. */
export interface SparseRecall extends Settling {
  /** The state reached in 0/1 coding: 1 where a neuron is active. `state` holds the same as −1 and +1. */
  readonly active: Uint8Array;
}

/** A memory of sparse 0/1 patterns. As an energy its states are spins, −1 for silent and +1 for active. */
export interface SparseMemory extends Energy<Int8Array, Can<Int8Array, "moves" | "quadratic">> {
  /** The stored patterns [P, N] as spins. */
  readonly patterns: Matrix<Int8Array>;
  /** J [N, N], symmetric with a zero diagonal. */
  readonly weights: Matrix;
  /** a. */
  readonly activity: number;
  /** Θ. */
  readonly threshold: number;
  /** Returns the state that recall reaches from a probe of 0 and 1 (or of −1 and +1). See {@link settle}. */
  recall(probe: VectorLike, options?: RecallOptions): SparseRecall;
  /**
   * Returns the overlaps m^μ = (1/(N a (1 − a))) Σ_i (η_i^μ − a) η_i with a state of 0 and 1 (or of −1 and +1), about 1
   * at a pattern and 0 elsewhere.
   */
  overlap(state: VectorLike): Float64Array;
  /**
   * Returns a memory with these 0/1 patterns added, with the same activity, and the same threshold if it was given.
   * This one does not change.
   */
  store(patterns: MatrixLike): SparseMemory;
  /** Returns a memory without the patterns at these indices; this one does not change. */
  forget(...indices: number[]): SparseMemory;
}

/**
 * Returns an associative memory of sparse patterns in 0/1 coding (Tsodyks & Feigel'man 1988): η_i ← 1 if Σ_j J_ij η_j ≥
 * Θ, else 0, with the covariance rule J_ij = (1/(N a (1 − a))) Σ_μ (η_i^μ − a)(η_j^μ − a). At small activity a it
 * stores of the order N/(2 a |ln a|) patterns, many more than N.
 *
 * The energy is that of the spins S = 2η − 1 with w = J and θ_i = 2Θ − Σ_j J_ij: four times −½ Σ_ij J_ij η_i η_j + Θ
 * Σ_i η_i, up to a constant. So every task and sampler works on it.
 *
 * @param patterns [P, N] of 0 and 1; axes after the first are flattened. P ≥ 1.
 * @throws {DimensionError} for ragged or missing patterns; {ArgumentError} for entries other than 0 and 1, patterns
 * that are all silent or all active unless `activity` is given, and numbers out of range.
 *
 * @example
 * ```ts
 * import { sparseMemory } from "@basin/hopfield";
 *
 * const memory = sparseMemory([
 *   [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
 *   [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0],
 * ]);
 * console.log(memory.recall([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).active); // the first pattern
 * ```
 */
export function sparseMemory(patterns: MatrixLike, options: SparseMemoryOptions = {}): SparseMemory {
  checkOptions("sparseMemory", options, "activity threshold kernel");
  const spins = fromBits(patterns);
  const activity = checkActivity(options.activity ?? shareOfActive(spins));
  if (options.threshold !== undefined) checkNumber("threshold", options.threshold);
  return wrap(spins, { ...options, activity });
}

interface Plan extends SparseMemoryOptions {
  readonly activity: number;
}

function bestThreshold([count, neurons]: readonly [number, number], a: number): number {
  return Math.min(0.75, 0.5 + ((a * count) / neurons) * log((1 - a) / a)) - a;
}

function wrap(patterns: Matrix<Int8Array>, plan: Plan): SparseMemory {
  const { activity, threshold = bestThreshold(patterns.shape, activity), kernel } = plan;
  const neurons = patterns.shape[1];
  const rule = covariance({ activity });
  const { weights } = hopfield(patterns, { rule, normalization: "neurons" });
  const thresholds = Float64Array.from({ length: neurons }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < neurons; j++) sum += weights.data[i * neurons + j];
    return 2 * threshold - sum;
  });
  const network: HopfieldMemory = hopfield(patterns, { rule, normalization: "neurons", thresholds, kernel });
  const memory: SparseMemory = {
    space: network.space,
    patterns,
    weights,
    activity,
    threshold,
    energy: network.energy,
    can: network.can,
    recall(probe, options) {
      const recalled = network.recall(toSpinState(probe, neurons, "probe", options?.known), options);
      return { ...recalled, active: Uint8Array.from(recalled.state, (spin) => (spin > 0 ? 1 : 0)) };
    },
    overlap: (state) => sparseOverlaps(patterns, toSpinState(state, neurons, "state"), activity),
    store: (more) => wrap(append(patterns, fromBits(more)), plan),
    forget: (...indices) => wrap(remove(patterns, indices), plan),
  };
  registerPlain(memory, () => plainMemory(network));
  return memory;
}

function fromBits(source: MatrixLike): Matrix<Int8Array> {
  const { data, shape } = toMatrix(source, Float64Array, "patterns");
  const [count, neurons] = shape;
  if (count === 0 || neurons === 0) {
    throw new ArgumentError(`patterns have the shape [${count}, ${neurons}], expected at least [1, 1]`);
  }
  const spins = new Int8Array(data.length);
  for (let k = 0; k < data.length; k++) {
    if (data[k] !== 0 && data[k] !== 1) {
      throw new ArgumentError(
        `patterns[${Math.floor(k / neurons)}][${k % neurons}] is ${data[k]}, expected 0 or 1`,
      );
    }
    spins[k] = 2 * data[k] - 1;
  }
  return matrix(spins, count, neurons);
}

function shareOfActive({ data }: Matrix<Int8Array>): number {
  let active = 0;
  for (const spin of data) if (spin > 0) active++;
  if (active > 0 && active < data.length) return active / data.length;
  throw new ArgumentError(
    `all entries of the patterns are ${active > 0 ? 1 : 0}, so they have no usable activity; give \`activity\``,
  );
}

/** Returns a state of 0/1 or of ±1 as spins; what is not known is not looked at. */
function toSpinState(
  given: VectorLike,
  neurons: number,
  what: string,
  known?: ArrayLike<number | boolean>,
): Int8Array {
  const state = toVector(given, what);
  checkLength(what, state.length, neurons);
  const silent = Array.prototype.includes.call(state, -1) ? -1 : 0;
  return Int8Array.from({ length: neurons }, (_, i) => {
    const value = state[i];
    if (value === 1) return 1;
    if (value === silent || (known && !known[i])) return -1;
    throw new ArgumentError(`${what}[${i}] is ${value}, expected ${silent} or 1`);
  });
}

function sparseOverlaps(patterns: Matrix<Int8Array>, state: Int8Array, activity: number): Float64Array {
  const [count, neurons] = patterns.shape;
  return Float64Array.from({ length: count }, (_, mu) => {
    let sum = 0;
    for (let i = 0; i < neurons; i++) {
      if (state[i] > 0) sum += (patterns.data[mu * neurons + i] > 0 ? 1 : 0) - activity;
    }
    return sum / (neurons * activity * (1 - activity));
  });
}
