import {
  ArgumentError,
  checkNumber,
  type DifferentiableEnergy,
  DimensionError,
  type Matrix,
  type MatrixLike,
  matrix,
  toMatrix,
  type VectorLike,
} from "@basin/energy-core";
import {
  checkName,
  checkOptions,
  type KernelName,
  type KernelOption,
  toVector,
} from "@basin/energy-core/internal";
import { append, remove } from "../pattern-list.ts";
import {
  type ModernMemory,
  type ModernMemoryOptions,
  type ModernRecall,
  type ModernRecallOptions,
  type Retrieval,
  type RetrieveOptions,
  type Similarity,
  similarityNames,
} from "./contract.ts";
import { modernEnergy, type Separation, separationNames } from "./energy.ts";
import { type Retriever, retriever, type Weighing } from "./retriever.ts";
import { advance, biasOn, checkFinite, type Known, queryOf, weighingOf } from "./weighing.ts";

/**
 * Returns a modern Hopfield network that stores real `patterns` [P, d], P ≥ 1; axes after the first are flattened.
 *
 * Retrieval runs in single precision in a wasm kernel; `energy` and its gradient are double precision.
 *
 * @throws {DimensionError} for ragged or missing patterns, and values of another number of rows.
 * @throws {ArgumentError} for entries that are not finite, unknown names and numbers out of range.
 *
 * @example
 * ```ts
 * import { modernMemory } from "@basin/hopfield";
 *
 * const memory = modernMemory([[0, 0, 1, 1], [1, 0, 1, 0]], { sharpness: 4 });
 * const known = [true, true, false, false];
 * console.log(memory.recall([1, 0, 0, 0], { known }).nearest); // 1
 * ```
 */
export function modernMemory(patterns: MatrixLike, options: ModernMemoryOptions = {}): ModernMemory {
  checkOptions("modernMemory", options, "sharpness separation similarity values kernel");
  const keys = toFinite(patterns, "patterns");
  const sharpness = checkNumber("sharpness", options.sharpness ?? 1, { above: 0 });
  const separation = checkName("separation", options.separation ?? "log-sum-exp", separationNames);
  const similarity = checkName("similarity", options.similarity ?? "distance", similarityNames);
  if (separation === "log-sum-relu" && similarity === "dot") {
    throw new ArgumentError('separation "log-sum-relu" compares by distance; similarity is "dot"');
  }
  const values = options.values === undefined ? keys : toFinite(options.values, "values");
  if (values.shape[0] !== keys.shape[0]) {
    throw valuesMismatch(values.shape[0], keys.shape[0]);
  }
  return new Modern(keys, values, { sharpness, separation, similarity }, options.kernel ?? "auto");
}

function valuesMismatch(rows: number, patterns: number): DimensionError {
  return new DimensionError(`values have ${rows} rows, expected ${patterns}, one for each pattern`);
}

interface Choice {
  readonly sharpness: number;
  readonly separation: Separation;
  readonly similarity: Similarity;
}

class Modern implements ModernMemory {
  readonly patterns: Matrix<Float32Array>;
  readonly values: Matrix<Float32Array>;
  readonly sharpness: number;
  readonly separation: Separation;
  readonly similarity: Similarity;
  readonly space: DifferentiableEnergy["space"];
  readonly energy: DifferentiableEnergy["energy"];
  readonly can: DifferentiableEnergy["can"];
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
    this.values = values;
    this.#bias = biasOn(this, undefined);
    const energy = modernEnergy(keys, { ...choice, bias: this.#bias });
    this.space = energy.space;
    this.energy = energy.energy;
    this.can = energy.can;
    this.#option = option;
    this.#auto = retriever(keys, keys, option);
  }

  get kernel(): KernelName {
    return this.#auto.kernel;
  }

  recall(probe: VectorLike, options: ModernRecallOptions = {}): ModernRecall {
    checkOptions("recall", options, "known maxSteps tolerance");
    const { known, maxSteps = 100, tolerance = 1e-5 } = options;
    checkNumber("maxSteps", maxSteps, { min: 1, integer: true });
    checkNumber("tolerance", tolerance, { min: 0 });
    const state = queryOf([toVector(probe, "probe")], this.patterns.shape[1], "probe", known).data;
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
    checkOptions("retrieve", options, "known");
    return this.#answer(this.#auto, this.patterns.shape[1], queries, options);
  }

  associate(queries: MatrixLike, options: RetrieveOptions = {}): Retrieval {
    checkOptions("associate", options, "known");
    this.#hetero ??=
      this.values === this.patterns ? this.#auto : retriever(this.patterns, this.values, this.#option);
    return this.#answer(this.#hetero, this.values.shape[1], queries, options);
  }

  overlap(state: VectorLike): Float64Array {
    const [count, width] = this.patterns.shape;
    const x = queryOf([toVector(state, "state")], width, "state").data;
    const length = norm(x, 0, width);
    return Float64Array.from({ length: count }, (_, mu) => {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += this.patterns.data[mu * width + k] * x[k];
      return sum === 0 ? 0 : sum / (length * norm(this.patterns.data, mu * width, width));
    });
  }

  store(patterns: MatrixLike, values?: MatrixLike): ModernMemory {
    const own = this.values !== this.patterns;
    if (own !== (values !== undefined)) {
      throw new ArgumentError(
        own ? "values are missing, expected one row a new pattern" : "this memory has no values to add to",
      );
    }
    const keys = append(this.patterns, toFinite(patterns, "patterns"));
    if (values === undefined) return new Modern(keys, keys, this, this.#option);
    const all = append(this.values, toFinite(values, "values"));
    if (all.shape[0] !== keys.shape[0]) throw valuesMismatch(all.shape[0], keys.shape[0]);
    return new Modern(keys, all, this, this.#option);
  }

  forget(...indices: number[]): ModernMemory {
    const keys = remove(this.patterns, indices);
    const values = this.values === this.patterns ? keys : remove(this.values, indices);
    return new Modern(keys, values, this, this.#option);
  }

  #answer(source: Retriever, width: number, queries: MatrixLike, { known }: RetrieveOptions): Retrieval {
    const { data, shape } = queryOf(queries, this.patterns.shape[1], "queries", known);
    const { means, nearest } = source.step(data, shape[0], this.#weighing(data, shape[0], known));
    return { states: matrix(means, shape[0], width), nearest };
  }

  #weighing(queries: Float32Array, rows: number, known: Known): Weighing {
    return weighingOf(this, queries, rows, known ? biasOn(this, known) : this.#bias);
  }
}

function norm(values: Float32Array, from: number, length: number): number {
  let square = 0;
  for (let k = from; k < from + length; k++) square += values[k] ** 2;
  return Math.sqrt(square);
}

function toFinite(source: MatrixLike, what: string): Matrix<Float32Array> {
  const values = toMatrix(source, Float32Array, what);
  if (values.shape[0] === 0) throw new DimensionError(`${what} has no rows, expected at least one`);
  if (values.shape[1] === 0)
    throw new DimensionError(`${what} has rows of length 0, expected at least one entry`);
  return checkFinite(values, what);
}
