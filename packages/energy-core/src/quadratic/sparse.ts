import type { Can, Cursor, Energy } from "../energy.ts";
import { ArgumentError, checkKind, checkLength } from "../errors.ts";
import type { VectorLike } from "../matrix.ts";
import { type SpinSpace, spins } from "../spaces/spins.ts";
import type { Couplings } from "./couplings.ts";
import { SparseCursor } from "./sparse-cursor.ts";
import { checkThresholds } from "./thresholds.ts";

/** E(s) = −½ sᵀWs + θ·s over spins, with W given by its non-zero entries. */
export interface SparseQuadratic
  extends Energy<Int8Array, Can<Int8Array, "moves" | "parameters" | "quadratic">> {
  readonly space: SpinSpace;
  /** W; `values` is a live view on the front of the parameters. */
  readonly couplings: Couplings;
  /** θ, a live view on the back of the parameters. */
  readonly thresholds: Float64Array;
}

/**
 * Returns E(s) = −½ Σ_ij W_ij s_i s_j + Σ_i θ_i s_i over s ∈ {−1, +1}ⁿ (Hopfield 1982), each pair counted once. The
 * Ising model H = −Σ_⟨ij⟩ J_ij s_i s_j − Σ_i h_i s_i is W = J, θ = −h. A cursor holds the local fields: `delta` is
 * O(1), `apply` O(neighbors).
 *
 * `can.parameters.values` holds the entries of W row by row, then θ. (i, j) and (j, i) are two parameters with equal
 * gradients, so any elementwise update keeps W symmetric.
 *
 * @param thresholds θ, length n. Default 0.
 *
 * @example
 * ```ts
 * import { couplings, sparseQuadratic } from "@basin/energy-core";
 *
 * const chain = sparseQuadratic(couplings(3, [[0, 1, 1], [1, 2, 1]]));
 * const cursor = chain.can.moves(Int8Array.of(1, 1, 1));
 * console.log(cursor.energy, cursor.delta(1)); // −2, 4
 * ```
 *
 * @throws {DimensionError} when the arrays do not fit together; {ArgumentError} for values that are not finite.
 */
export function sparseQuadratic(couplings: Couplings, thresholds?: VectorLike): SparseQuadratic {
  const isRight = typeof couplings === "object" && couplings !== null && "offsets" in couplings;
  checkKind("couplings", couplings, isRight, "what couplings(dimension, edges) returns");
  const { dimension, offsets, neighbors, values } = couplings;
  checkLength("offsets", offsets.length, dimension + 1);
  checkLength("neighbors", neighbors.length, offsets[dimension]);
  checkLength("values", values.length, neighbors.length);
  return new Sparse(couplings, checkThresholds(thresholds, dimension));
}

class Sparse implements SparseQuadratic {
  readonly space: SpinSpace;
  readonly can: Can<Int8Array, "moves" | "parameters" | "quadratic">;
  readonly couplings: Couplings;
  readonly thresholds: Float64Array;

  constructor(source: Couplings, thresholds: ArrayLike<number>) {
    const { dimension, offsets, neighbors } = source;
    const size = neighbors.length;
    this.space = spins(dimension);
    const parameters = new Float64Array(size + dimension);
    parameters.set(source.values);
    parameters.set(thresholds, size);
    this.thresholds = parameters.subarray(size);
    const values = parameters.subarray(0, size);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new ArgumentError(`coupling ${bad} is ${values[bad]}, expected a finite number`);
    this.couplings = { dimension, offsets, neighbors, values };
    this.can = {
      moves: (x) => this.#attach(x),
      parameters: {
        values: parameters,
        addGradient: (x, weight, out) => this.#addGradient(x, weight, out),
      },
      quadratic: () => ({
        couplings: pairsOf(this.couplings),
        thresholds: this.thresholds.slice(),
        offset: 0,
      }),
    };
  }

  energy(x: Int8Array): number {
    this.space.check(x);
    return energyFromFields(x, this.#fields(x), this.thresholds);
  }

  #attach(x: Int8Array): Cursor<Int8Array> {
    this.space.check(x);
    const fields = this.#fields(x);
    const energy = energyFromFields(x, fields, this.thresholds);
    const { offsets, neighbors, values } = this.couplings;
    return new SparseCursor(x.slice(), { starts: offsets, neighbors, values }, fields, energy);
  }

  #addGradient(x: Int8Array, weight: number, out: Float64Array): void {
    const { dimension, offsets, neighbors } = this.couplings;
    this.space.check(x);
    checkLength("out", out.length, this.can.parameters.values.length);
    const half = -0.5 * weight;
    for (let i = 0; i < dimension; i++) {
      for (let k = offsets[i]; k < offsets[i + 1]; k++) out[k] += half * x[i] * x[neighbors[k]];
    }
    for (let i = 0; i < dimension; i++) out[neighbors.length + i] += weight * x[i];
  }

  /** Local fields f_i = Σ_j W_ij s_j − θ_i. */
  #fields(x: Int8Array): Float64Array {
    const { dimension, offsets, neighbors, values } = this.couplings;
    const fields = new Float64Array(dimension);
    for (let i = 0; i < dimension; i++) {
      let field = 0;
      for (let k = offsets[i]; k < offsets[i + 1]; k++) field += values[k] * x[neighbors[k]];
      fields[i] = field - this.thresholds[i];
    }
    return fields;
  }
}

/** E = −½ Σ_i s_i (f_i − θ_i), the fields f_i = Σ_j W_ij s_j − θ_i holding each pair twice and each threshold once. */
export function energyFromFields(x: Int8Array, fields: Float64Array, thresholds: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * (fields[i] - thresholds[i]);
  // From 0, so that an energy of zero is +0.
  return 0 - 0.5 * sum;
}

function* pairsOf(couplings: Couplings): Generator<[number, number, number]> {
  const { dimension, offsets, neighbors, values } = couplings;
  for (let i = 0; i < dimension; i++) {
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      if (neighbors[k] > i) yield [i, neighbors[k], values[k]];
    }
  }
}
