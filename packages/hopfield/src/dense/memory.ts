import {
  ArgumentError,
  type Can,
  type Cursor,
  type Energy,
  type Matrix,
  type MatrixLike,
  spins,
  type VectorLike,
} from "@basin/energy-core";
import { checkOptions, seedOf } from "@basin/energy-core/internal";
import { oneByOne } from "../classical/engine.ts";
import { type SettlingMemory, settled } from "../classical/recalls.ts";
import { append, remove } from "../pattern-list.ts";
import { overlaps, toSpins, toState, transpose } from "../patterns.ts";
import { registerPlain } from "../plain.ts";
import { checkRecall, type RecallOptions, recallWith, type Settling } from "../recall.ts";
import { resolveThresholds } from "../thresholds.ts";
import {
  type BoundInteraction,
  exponentialInteraction,
  type Interaction,
  polynomialInteraction,
} from "./interaction.ts";

/** Options of {@link denseMemory}. */
export interface DenseMemoryOptions {
  /** {@link polynomialInteraction} or {@link exponentialInteraction}. Default `exponential()`. */
  interaction?: Interaction;
  /** θ, one finite number for each neuron: Σ_i θ_i S_i is added to the energy. Default all 0. */
  thresholds?: VectorLike;
}

/** A dense associative memory: a spin energy whose patterns attract more sharply than a quadratic form allows. */
export interface DenseMemory extends Energy<Int8Array, Can<Int8Array, "moves"> & SettlingMemory> {
  /** The stored patterns [P, N]. */
  readonly patterns: Matrix<Int8Array>;
  readonly interaction: Interaction;
  /** θ. */
  readonly thresholds: Float64Array;
  /** Returns the state that recall reaches from `probe`. See {@link settle}. */
  recall(probe: VectorLike, options?: RecallOptions): Settling;
  /** Returns the overlaps m^μ = (1/N) Σ_i ξ_i^μ S_i with every stored pattern, each in [−1, 1]. */
  overlap(state: VectorLike): Float64Array;
  /** Returns a memory of these patterns as well; this one stays as it is. */
  store(patterns: MatrixLike): DenseMemory;
  /** Returns a memory without the patterns at these indices; this one does not change. */
  forget(...indices: number[]): DenseMemory;
}

/** What a dense memory is made of again in another thread. */
export interface PlainDense {
  readonly kind: "dense";
  readonly patterns: Matrix<Int8Array>;
  readonly parameter: NonNullable<Interaction["parameter"]>;
  readonly thresholds: Float64Array;
}

/** Returns an interaction made again from its parameter. */
export function restoreInteraction(parameter: NonNullable<Interaction["parameter"]>): Interaction {
  return "order" in parameter
    ? polynomialInteraction(parameter.order)
    : exponentialInteraction(parameter.sharpness);
}

/** Returns the memory again. */
export function restoreDense({ patterns, parameter, thresholds }: PlainDense): DenseMemory {
  return denseMemory(patterns, { interaction: restoreInteraction(parameter), thresholds });
}

/**
 * Returns a dense associative memory of `patterns` (Krotov & Hopfield 2016; Demircigil et al. 2017): E(S) = −Σ_μ F(Σ_i
 * ξ_i^μ S_i) + Σ_i θ_i S_i, or the logarithm of such a sum. Recall sets S_i to the value of lower energy; a tie gives
 * +1. A difference and a flip cost O(P). Memory is O(P N), without weights.
 *
 * @param patterns [P, N] of −1 and +1; axes after the first are flattened. P ≥ 1.
 * @throws {DimensionError} for ragged or missing patterns and thresholds of another length than N; {ArgumentError} for
 * entries other than ±1.
 *
 * @example
 * ```ts
 * import { corrupt, denseMemory, polynomialInteraction, randomPatterns } from "@basin/hopfield";
 *
 * const patterns = randomPatterns(200, 60, { seed: 2 }); // more than three patterns a neuron
 * const memory = denseMemory(patterns, { interaction: polynomialInteraction(4) });
 * const probe = corrupt(patterns.data.subarray(0, 60), 0.1, { seed: 1 });
 * console.log(memory.overlap(memory.recall(probe).state)[0]); // 1
 * ```
 */
export function denseMemory(patterns: MatrixLike, options: DenseMemoryOptions = {}): DenseMemory {
  checkOptions("denseMemory", options, "interaction thresholds");
  const { interaction = exponentialInteraction() } = options;
  const stored = toSpins(patterns);
  const [count, neurons] = stored.shape;
  const thresholds = resolveThresholds(options.thresholds, neurons);
  const columns = transpose(stored.data, neurons);
  const attach = (state: ArrayLike<number>) =>
    new DenseCursor(columns, interaction.bind(neurons, count), thresholds, toState(state, neurons));
  const parts = {
    complete: (known: Int8Array, free: Uint32Array) =>
      completeOnce(interaction.bind(neurons, count), columns, thresholds, known, free),
  };
  const memory: DenseMemory = {
    space: spins(neurons),
    patterns: stored,
    interaction,
    thresholds,
    can: {
      moves: attach,
      recall(cues, given = {}) {
        checkRecall("recall", given);
        const recallOptions = { ...given, seed: seedOf(given) };
        return oneByOne({ energy: memory, parts }, cues, recallOptions).map((end) =>
          settled(end, recallOptions.seed),
        );
      },
    },
    energy: (state) => attach(state).energy,
    overlap: (state) => overlaps(stored, toState(state, neurons)),
    recall(probe, recallOptions) {
      checkRecall("recall", recallOptions);
      return recallWith(memory, probe, recallOptions, parts);
    },
    store: (more) => denseMemory(append(stored, toSpins(more)), { interaction, thresholds }),
    forget: (...indices) => denseMemory(remove(stored, indices), { interaction, thresholds }),
  };
  registerPlain(memory, (): PlainDense => {
    const { parameter } = interaction;
    if (parameter) return { kind: "dense", patterns: stored, parameter, thresholds };
    throw new ArgumentError(
      `the interaction "${interaction.name}" cannot be sent to a thread; measure with workers 1`,
    );
  });
  return memory;
}

/**
 * Returns `known` with each free entry set to what the known ones alone prefer: the entry counts as 0 before, so that
 * the two values it may take are compared from the overlaps of the known part.
 *
 * @param known ±1 where known, 0 where free.
 */
function completeOnce(
  bound: BoundInteraction,
  columns: Int8Array,
  thresholds: Float64Array,
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
    state[i] = bound.delta(columns, i * count, 1) - 2 * thresholds[i] >= 0 ? 1 : -1;
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

class DenseCursor implements Cursor<Int8Array> {
  readonly state: Int8Array;
  readonly #columns: Int8Array;
  readonly #bound: BoundInteraction;
  readonly #thresholds: Float64Array;
  readonly #overlaps: Int32Array;
  #attraction: number;

  constructor(columns: Int8Array, bound: BoundInteraction, thresholds: Float64Array, state: Int8Array) {
    this.state = state;
    this.#columns = columns;
    this.#bound = bound;
    this.#thresholds = thresholds;
    this.#overlaps = overlapsOf(columns, state);
    this.#attraction = bound.refresh(this.#overlaps);
  }

  get energy(): number {
    let tilt = 0;
    for (let i = 0; i < this.state.length; i++) tilt += this.#thresholds[i] * this.state[i];
    return this.#attraction + tilt;
  }

  delta(i: number): number {
    const spin = this.state[i];
    const attraction = this.#bound.delta(this.#columns, i * this.#overlaps.length, spin);
    return attraction - 2 * spin * this.#thresholds[i];
  }

  deltas(out: Float64Array): Float64Array {
    for (let i = 0; i < this.state.length; i++) out[i] = this.delta(i);
    return out;
  }

  apply(i: number): void {
    const overlaps = this.#overlaps;
    const columns = this.#columns;
    const change = -2 * this.state[i];
    for (let mu = 0, at = i * overlaps.length; mu < overlaps.length; mu++, at++) {
      overlaps[mu] += change * columns[at];
    }
    this.state[i] = -this.state[i];
    this.#attraction = this.#bound.refresh(overlaps);
  }
}
