import type { Can, Cursor, Energy } from "../energy.ts";
import { ArgumentError, checkLength, DimensionError } from "../errors.ts";
import { type Matrix, type MatrixLike, matrix, toMatrix, type VectorLike } from "../matrix.ts";
import { type SpinSpace, spins } from "../spaces/spins.ts";
import { energyFromFields } from "./sparse.ts";
import { checkThresholds } from "./thresholds.ts";

/** E(s) = −½ sᵀWs + θ·s over spins, with W a dense symmetric matrix. */
export interface DenseQuadratic
  extends Energy<Int8Array, Can<Int8Array, "moves" | "parameters" | "quadratic">> {
  readonly space: SpinSpace;
  /** W, a live view on the front of the parameters. */
  readonly weights: Matrix;
  /** θ, a live view on the back of the parameters. */
  readonly thresholds: Float64Array;
}

/**
 * Returns E(s) = −½ Σ_ij W_ij s_i s_j + Σ_i θ_i s_i over s ∈ {−1, +1}ⁿ (Hopfield 1982) for a dense W with w_ii = 0. A
 * cursor holds the local fields: `delta` is O(1), `apply` O(n). W is copied.
 *
 * `can.parameters.values` holds W row by row, then θ. (i, j) and (j, i) are two parameters with equal gradients and the
 * diagonal has none, so any elementwise update keeps W symmetric with an empty diagonal.
 *
 * @param weights W, n × n. An asymmetry from rounding (below 1e-9 of the largest entry) is averaged away.
 * @param thresholds θ, length n. Default 0.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]], [0.5, 0]);
 * console.log(pair.energy(Int8Array.of(-1, -1))); // −1.5
 * ```
 *
 * @throws {DimensionError} when W is not square or θ has another length.
 * @throws {ArgumentError} for an asymmetric W, a diagonal that is not zero and values that are not finite.
 */
export function denseQuadratic(weights: MatrixLike | Matrix, thresholds?: VectorLike): DenseQuadratic {
  const source = toMatrix(weights, Float64Array, "weights");
  const [rows, columns] = source.shape;
  if (rows !== columns || rows === 0) {
    throw new DimensionError(`weights have shape [${rows}, ${columns}], expected a square matrix`);
  }
  symmetrize(source);
  return new Dense(source, checkThresholds(thresholds, rows));
}

function symmetrize({ data, shape: [n] }: Matrix): void {
  let largest = 0;
  for (const [k, value] of data.entries()) {
    if (!Number.isFinite(value)) {
      throw new ArgumentError(
        `weight (${Math.floor(k / n)}, ${k % n}) is ${value}, expected a finite number`,
      );
    }
    largest = Math.max(largest, Math.abs(value));
  }
  for (let i = 0; i < n; i++) {
    if (data[i * n + i] !== 0) {
      throw new ArgumentError(`weight (${i}, ${i}) is ${data[i * n + i]}, expected 0 on the diagonal`);
    }
    for (let j = 0; j < i; j++) {
      const lower = data[i * n + j];
      const upper = data[j * n + i];
      if (Math.abs(lower - upper) > 1e-9 * largest) {
        throw new ArgumentError(
          `weights are not symmetric: (${i}, ${j}) is ${lower}, (${j}, ${i}) is ${upper}; an energy needs W = Wᵀ`,
        );
      }
      data[i * n + j] = data[j * n + i] = lower === upper ? lower : 0.5 * (lower + upper);
    }
  }
}

class Dense implements DenseQuadratic {
  readonly space: SpinSpace;
  readonly can: Can<Int8Array, "moves" | "parameters" | "quadratic">;
  readonly weights: Matrix;
  readonly thresholds: Float64Array;

  constructor(source: Matrix, thresholds: ArrayLike<number>) {
    const [n] = source.shape;
    this.space = spins(n);
    const parameters = new Float64Array(n * n + n);
    parameters.set(source.data);
    parameters.set(thresholds, n * n);
    this.weights = matrix(parameters.subarray(0, n * n), n, n);
    this.thresholds = parameters.subarray(n * n);
    this.can = {
      moves: (x) => this.#attach(x),
      parameters: {
        values: parameters,
        addGradient: (x, weight, out) => this.#addGradient(x, weight, out),
      },
      quadratic: () => ({ couplings: pairsOf(this.weights), thresholds: this.thresholds.slice(), offset: 0 }),
    };
  }

  energy(x: Int8Array): number {
    this.space.check(x);
    return energyFromFields(x, this.#fields(x), this.thresholds);
  }

  #attach(x: Int8Array): Cursor<Int8Array> {
    this.space.check(x);
    const fields = this.#fields(x);
    return new DenseCursor(
      x.slice(),
      this.weights.data,
      fields,
      energyFromFields(x, fields, this.thresholds),
    );
  }

  #addGradient(x: Int8Array, weight: number, out: Float64Array): void {
    const n = this.space.dimension;
    this.space.check(x);
    checkLength("out", out.length, this.can.parameters.values.length);
    for (let i = 0; i < n; i++) {
      const scale = -0.5 * weight * x[i];
      for (let j = 0; j < i; j++) out[i * n + j] += scale * x[j];
      for (let j = i + 1; j < n; j++) out[i * n + j] += scale * x[j];
      out[n * n + i] += weight * x[i];
    }
  }

  /** Local fields f_i = Σ_j W_ij s_j − θ_i. */
  #fields(x: Int8Array): Float64Array {
    const n = x.length;
    const weights = this.weights.data;
    const fields = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let field = 0;
      for (let j = 0, k = i * n; j < n; j++, k++) field += weights[k] * x[j];
      fields[i] = field - this.thresholds[i];
    }
    return fields;
  }
}

function* pairsOf({ data, shape: [n] }: Matrix): Generator<[number, number, number]> {
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) if (data[i * n + j] !== 0) yield [i, j, data[i * n + j]];
  }
}

class DenseCursor implements Cursor<Int8Array> {
  readonly state: Int8Array;
  energy: number;
  readonly #fields: Float64Array;
  readonly #weights: Float64Array;

  constructor(state: Int8Array, weights: Float64Array, fields: Float64Array, energy: number) {
    this.state = state;
    this.energy = energy;
    this.#weights = weights;
    this.#fields = fields;
  }

  delta(i: number): number {
    return 2 * this.state[i] * this.#fields[i];
  }

  deltas(out: Float64Array): Float64Array {
    const { state } = this;
    const fields = this.#fields;
    for (let i = 0; i < state.length; i++) out[i] = 2 * state[i] * fields[i];
    return out;
  }

  apply(i: number): void {
    const before = this.state[i];
    const fields = this.#fields;
    const weights = this.#weights;
    const n = fields.length;
    this.energy += 2 * before * fields[i];
    this.state[i] = -before;
    const change = -2 * before;
    for (let j = 0, k = i * n; j < n; j++, k++) fields[j] += change * weights[k];
  }
}
