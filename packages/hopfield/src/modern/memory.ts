import {
  ArgumentError,
  checkLength,
  checkName,
  checkNumber,
  type DifferentiableEnergy,
  DimensionError,
  type Matrix,
  type MatrixLike,
  matrix,
  toMatrix,
} from "@basin/energy-core";
import type { KernelName, KernelOption } from "@basin/energy-core/wasm";
import { modernEnergy, SEPARATIONS, type Separation } from "./energy.ts";
import { type Retriever, retriever, type Weighing } from "./retriever.ts";

/** What a probe and a pattern are compared by. */
export const SIMILARITIES = ["distance", "dot"] as const;
export type Similarity = (typeof SIMILARITIES)[number];

/** Options of {@link modernMemory}. */
export interface ModernMemoryOptions {
  /** β of the memory, above 0; no inverse temperature: it says how sharply the nearest pattern wins. Default 1. */
  sharpness?: number;
  /** `"log-sum-exp"` (Ramsauer et al. 2021) or `"log-sum-relu"` (Hoover et al. 2025). Default "log-sum-exp". */
  separation?: Separation;
  /**
   * `"distance"`: patterns count by ξ·x − ½‖ξ‖², that is by −½‖x − ξ‖². `"dot"`: by ξ·x, as in attention, which favours
   * long patterns. The same for patterns of one length. Log-sum-ReLU knows only the distance. Default "distance".
   */
  similarity?: Similarity;
  /** Values [P, dv] that {@link ModernMemory.associate} answers with: a hetero-associative memory. Default: the patterns. */
  values?: MatrixLike;
  /** Which implementation retrieves. Both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/** Options of {@link ModernMemory.retrieve} and {@link ModernMemory.associate}. */
export interface RetrieveOptions {
  /** Which entries of the queries are known, one truth value a dimension; the rest is not looked at. Default: all. */
  known?: ArrayLike<number | boolean>;
}

/** Options of {@link ModernMemory.recall}. */
export interface ModernRecallOptions extends RetrieveOptions {
  /** Steps after which recall stops, at least 1. Default 100. */
  maxSteps?: number;
  /** Recall has converged when no entry moves by more than tolerance · (1 + largest |entry|). Default 1e-5. */
  tolerance?: number;
}

/** The outcome of {@link ModernMemory.recall}. */
export interface ModernRecall {
  readonly state: Float64Array;
  /** E(state). */
  readonly energy: number;
  readonly steps: number;
  readonly converged: boolean;
  /** Index of the pattern nearest to the final state (by the memory's similarity). */
  readonly nearest: number;
}

/** The outcome of {@link ModernMemory.retrieve}. */
export interface Retrieval {
  /** One row a query. */
  readonly states: Matrix<Float32Array>;
  /** Index of the pattern of the largest score, for each query. */
  readonly nearest: Uint32Array;
}

/** A modern Hopfield network: a differentiable energy on ℝᵈ whose minima are patterns, or means of patterns that lie close together. */
export interface ModernMemory extends DifferentiableEnergy {
  /** The stored patterns [P, d], in single precision. */
  readonly patterns: Matrix<Float32Array>;
  readonly sharpness: number;
  readonly separation: Separation;
  readonly similarity: Similarity;
  /** Which implementation retrieves. */
  readonly kernel: KernelName;
  /**
   * Returns the fixed point that x ← Σ_μ p_μ ξ^μ, p = softmax(β (ξ^μ·x + b_μ)), reaches from the probe. Known entries are held; the
   * first step compares them alone with the patterns.
   */
  recall(probe: ArrayLike<number>, options?: ModernRecallOptions): ModernRecall;
  /** Returns one step of that update for each row of `queries` [m, d]: softmax attention with the patterns as keys and values. */
  retrieve(queries: MatrixLike, options?: RetrieveOptions): Retrieval;
  /** Returns Σ_μ p_μ v^μ for each row of `queries`, with the values v: softmax attention. */
  associate(queries: MatrixLike, options?: RetrieveOptions): Retrieval;
}

/**
 * Returns a modern Hopfield network that stores real `patterns` [P, d], P ≥ 1; axes after the first are flattened.
 *
 * Retrieval runs in single precision in a wasm kernel; `energy` and its gradient are double precision.
 *
 * @throws {DimensionError} for ragged or missing patterns, and values of another number of rows.
 * @throws {ArgumentError} for entries that are not finite, unknown names and numbers out of range.
 */
export function modernMemory(patterns: MatrixLike, options: ModernMemoryOptions = {}): ModernMemory {
  const keys = toFinite(patterns, "patterns");
  const sharpness = checkNumber("sharpness", options.sharpness ?? 1, { above: 0 });
  const separation = checkName("separation", options.separation ?? "log-sum-exp", SEPARATIONS);
  const similarity = checkName("similarity", options.similarity ?? "distance", SIMILARITIES);
  if (separation === "log-sum-relu" && similarity === "dot") {
    throw new ArgumentError('separation "log-sum-relu" compares by distance; similarity is "dot"');
  }
  const values = options.values === undefined ? keys : toFinite(options.values, "values");
  if (values.shape[0] !== keys.shape[0]) {
    throw new DimensionError(`values have ${values.shape[0]} rows, expected ${keys.shape[0]}, one a pattern`);
  }
  return new Modern(keys, values, { sharpness, separation, similarity }, options.kernel ?? "auto");
}

interface Choice {
  readonly sharpness: number;
  readonly separation: Separation;
  readonly similarity: Similarity;
}

class Modern implements ModernMemory {
  readonly patterns: Matrix<Float32Array>;
  readonly sharpness: number;
  readonly separation: Separation;
  readonly similarity: Similarity;
  readonly space: DifferentiableEnergy["space"];
  readonly energy: DifferentiableEnergy["energy"];
  readonly energyAndGradient: DifferentiableEnergy["energyAndGradient"];
  readonly #values: Matrix<Float32Array>;
  readonly #bias: Float64Array;
  readonly #option: KernelOption;
  readonly #auto: Retriever;
  #hetero?: Retriever;

  constructor(
    keys: Matrix<Float32Array>,
    values: Matrix<Float32Array>,
    choice: Choice,
    option: KernelOption,
  ) {
    this.patterns = keys;
    this.sharpness = choice.sharpness;
    this.separation = choice.separation;
    this.similarity = choice.similarity;
    this.#values = values;
    this.#bias = this.#biasOn(undefined);
    const energy = modernEnergy(keys, { ...choice, bias: this.#bias });
    this.space = energy.space;
    this.energy = energy.energy;
    this.energyAndGradient = energy.energyAndGradient;
    this.#option = option;
    this.#auto = retriever(keys, keys, option);
  }

  get kernel(): KernelName {
    return this.#auto.kernel;
  }

  recall(probe: ArrayLike<number>, options: ModernRecallOptions = {}): ModernRecall {
    const { known, maxSteps = 100, tolerance = 1e-5 } = options;
    checkNumber("maxSteps", maxSteps, { min: 1, integer: true });
    checkNumber("tolerance", tolerance, { min: 0 });
    const state = this.#query([probe], "probe", known).data;
    let weighing = this.#weighing(state, 1, known);
    let steps = 0;
    let moved = Number.POSITIVE_INFINITY;
    let reached = true;
    while (steps < maxSteps && moved > tolerance && reached) {
      const { means, reached: any } = this.#auto.step(state, 1, weighing);
      reached = any[0] === 1;
      if (reached) moved = advance(state, means, known);
      steps++;
      weighing = this.#weighing(state, 1, undefined);
    }
    const { nearest } = this.#auto.step(state, 1, weighing);
    const end = Float64Array.from(state);
    return {
      state: end,
      energy: this.energy(end),
      steps,
      converged: moved <= tolerance,
      nearest: nearest[0],
    };
  }

  retrieve(queries: MatrixLike, options: RetrieveOptions = {}): Retrieval {
    return this.#answer(this.#auto, this.patterns.shape[1], queries, options);
  }

  associate(queries: MatrixLike, options: RetrieveOptions = {}): Retrieval {
    this.#hetero ??=
      this.#values === this.patterns ? this.#auto : retriever(this.patterns, this.#values, this.#option);
    return this.#answer(this.#hetero, this.#values.shape[1], queries, options);
  }

  #answer(source: Retriever, width: number, queries: MatrixLike, { known }: RetrieveOptions): Retrieval {
    const { data, shape } = this.#query(queries, "queries", known);
    const { means, nearest } = source.step(data, shape[0], this.#weighing(data, shape[0], known));
    return { states: matrix(means, shape[0], width), nearest };
  }

  /** The queries with zeros where nothing is known, so that unknown entries add nothing to a dot product. */
  #query(source: MatrixLike, what: string, known?: ArrayLike<number | boolean>): Matrix<Float32Array> {
    const width = this.patterns.shape[1];
    const query = toMatrix(source, Float32Array, what);
    if (query.shape[0] > 0) checkLength(`${what}[0]`, query.shape[1], width);
    if (known) {
      checkLength("known", known.length, width);
      for (let k = 0; k < query.data.length; k++) if (!known[k % width]) query.data[k] = 0;
    }
    return checkFinite(query, what);
  }

  /** b_μ over the known part: comparing on that part alone needs the norm of that part alone. */
  #biasOn(known: ArrayLike<number | boolean> | undefined): Float64Array {
    const [count, width] = this.patterns.shape;
    const bias = new Float64Array(count);
    if (this.similarity === "dot") return bias;
    for (let mu = 0, at = 0; mu < count; mu++) {
      for (let k = 0; k < width; k++, at++) {
        if (!known || known[k]) bias[mu] -= 0.5 * this.patterns.data[at] ** 2;
      }
    }
    return bias;
  }

  #weighing(queries: Float32Array, rows: number, known: ArrayLike<number | boolean> | undefined): Weighing {
    const { sharpness } = this;
    const bias = Float32Array.from(known ? this.#biasOn(known) : this.#bias);
    if (this.separation === "log-sum-exp") return { sharpness, bias };
    const width = this.patterns.shape[1];
    const thresholds = Float32Array.from({ length: rows }, (_, r) => {
      let square = 0;
      for (let k = r * width; k < (r + 1) * width; k++) square += queries[k] ** 2;
      return 0.5 * square - 1 / sharpness;
    });
    return { sharpness, bias, thresholds };
  }
}

/** Moves the free entries of the state to the means and returns the largest move, relative to 1 + the largest entry. */
function advance(
  state: Float32Array,
  means: Float32Array,
  known: ArrayLike<number | boolean> | undefined,
): number {
  let move = 0;
  let largest = 0;
  for (let k = 0; k < state.length; k++) {
    if (!known?.[k]) {
      move = Math.max(move, Math.abs(means[k] - state[k]));
      state[k] = means[k];
    }
    largest = Math.max(largest, Math.abs(state[k]));
  }
  return move / (1 + largest);
}

function toFinite(source: MatrixLike, what: string): Matrix<Float32Array> {
  const values = toMatrix(source, Float32Array, what);
  if (values.shape[0] === 0) throw new DimensionError(`${what} has no rows, expected at least one`);
  if (values.shape[1] === 0)
    throw new DimensionError(`${what} has rows of length 0, expected at least one entry`);
  return checkFinite(values, what);
}

function checkFinite(values: Matrix<Float32Array>, what: string): Matrix<Float32Array> {
  const { data, shape } = values;
  for (let k = 0; k < data.length; k++) {
    if (Number.isFinite(data[k])) continue;
    const place = `${what}[${Math.floor(k / shape[1])}][${k % shape[1]}]`;
    throw new ArgumentError(`${place} is ${data[k]}, expected a finite number of single precision`);
  }
  return values;
}
