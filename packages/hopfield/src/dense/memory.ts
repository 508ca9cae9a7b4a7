import type { Matrix, MatrixLike, SpinCursor, SpinEnergy, SpinSpace } from "@basin/energy-core";
import { overlaps, toSpins, toState, transpose } from "../patterns.ts";
import { type Recall, type RecallOptions, recallWith } from "../recall.ts";
import { type BoundInteraction, exponential, type Interaction } from "./interaction.ts";

/** Options of {@link denseMemory}. */
export interface DenseMemoryOptions {
  /** {@link polynomial} or {@link exponential}. Default `exponential()`. */
  interaction?: Interaction;
}

/** A dense associative memory: a spin energy whose patterns attract more sharply than a quadratic form allows. */
export interface DenseMemory extends SpinEnergy {
  /** The stored patterns [P, N]. */
  readonly patterns: Matrix<Int8Array>;
  readonly interaction: Interaction;
  /** Returns the state that the memory settles in from `probe`. See {@link recall}. */
  recall(probe: ArrayLike<number>, options?: RecallOptions): Recall;
  /** Returns the overlaps m^μ = (1/N) Σ_i ξ_i^μ S_i with every stored pattern, each in [−1, 1]. */
  overlap(state: ArrayLike<number>): Float64Array;
}

/**
 * Returns a dense associative memory of `patterns` (Krotov & Hopfield 2016; Demircigil et al. 2017): E(S) = −Σ_μ F(Σ_i ξ_i^μ S_i), or
 * the logarithm of such a sum. Recall sets S_i to whichever value has the lower energy, a tie giving +1. A difference and
 * a flip cost O(P); memory is O(P N), no weights exist.
 *
 * @param patterns [P, N] of −1 and +1; axes after the first are flattened. P ≥ 1.
 * @throws {DimensionError} for ragged or missing patterns; {ArgumentError} for entries other than ±1.
 */
export function denseMemory(patterns: MatrixLike, options: DenseMemoryOptions = {}): DenseMemory {
  const { interaction = exponential() } = options;
  const spins = toSpins(patterns);
  const [count, neurons] = spins.shape;
  const columns = transpose(spins.data, neurons);
  const space: SpinSpace = { kind: "spins", dimension: neurons };
  const attach = (state: ArrayLike<number>) =>
    new DenseCursor(columns, interaction.bind(neurons, count), toState(state, neurons));
  const memory: DenseMemory = {
    space,
    patterns: spins,
    interaction,
    attach,
    energy: (state) => attach(state).energy,
    overlap: (state) => overlaps(spins, toState(state, neurons)),
    recall: (probe, options) =>
      recallWith(memory, probe, options, {
        complete: (known, free) => completeOnce(interaction.bind(neurons, count), columns, known, free),
      }),
  };
  return memory;
}

/**
 * Returns `known` with each free entry set to what the known ones alone prefer: the entry counts as 0 before, so that the
 * two values it may take are compared from the overlaps of the known part.
 *
 * @param known ±1 where known, 0 where free.
 */
function completeOnce(
  bound: BoundInteraction,
  columns: Int8Array,
  known: Int8Array,
  free: Uint32Array,
): Int8Array {
  const count = columns.length / known.length;
  const state = known.slice();
  const partial = overlapsOf(columns, known);
  const raised = new Int32Array(count);
  for (const i of free) {
    for (let mu = 0; mu < count; mu++) raised[mu] = partial[mu] + columns[i * count + mu];
    bound.refresh(raised);
    state[i] = bound.delta(columns, i * count, 1) >= 0 ? 1 : -1;
  }
  return state;
}

function overlapsOf(columns: Int8Array, state: Int8Array): Int32Array {
  const sums = new Int32Array(columns.length / state.length);
  for (let i = 0, at = 0; i < state.length; i++) {
    for (let mu = 0; mu < sums.length; mu++, at++) sums[mu] += columns[at] * state[i];
  }
  return sums;
}

class DenseCursor implements SpinCursor {
  readonly state: Int8Array;
  energy: number;
  readonly #columns: Int8Array;
  readonly #bound: BoundInteraction;
  readonly #overlaps: Int32Array;

  constructor(columns: Int8Array, bound: BoundInteraction, state: Int8Array) {
    this.state = state;
    this.#columns = columns;
    this.#bound = bound;
    this.#overlaps = overlapsOf(columns, state);
    this.energy = bound.refresh(this.#overlaps);
  }

  delta(i: number): number {
    return this.#bound.delta(this.#columns, i * this.#overlaps.length, this.state[i]);
  }

  deltas(out: Float64Array): Float64Array {
    for (let i = 0; i < this.state.length; i++) out[i] = this.delta(i);
    return out;
  }

  flip(i: number): void {
    const overlaps = this.#overlaps;
    const columns = this.#columns;
    const change = -2 * this.state[i];
    for (let mu = 0, at = i * overlaps.length; mu < overlaps.length; mu++, at++) {
      overlaps[mu] += change * columns[at];
    }
    this.state[i] = -this.state[i];
    this.energy = this.#bound.refresh(overlaps);
  }
}
