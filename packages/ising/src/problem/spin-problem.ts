import {
  ArgumentError,
  type Can,
  checkNumber,
  type Energy,
  type QuadraticEnergy,
  requireCapability,
  spins,
  type VectorLike,
} from "@basin/energy-core";
import {
  checkIsEnergy,
  checkLength,
  checkNumbers,
  checkOptions,
  SparseCursor,
  type SpinSpace,
  toVector,
} from "@basin/energy-core/internal";
import { type BinaryForm, keepBinaryForm, statedBinaryForm } from "./binary-form.ts";
import { canonicalEdges, type EdgesLike } from "./edges.ts";
import { roundedEnergy } from "./energy-terms.ts";
import { exactSum } from "./exact-sum.ts";
import type { Couplings, PlainProblem } from "./plain-problem.ts";
import { commonUnit } from "./unit.ts";

export type { Couplings, PlainProblem } from "./plain-problem.ts";

/**
 * An energy over spins with sparse couplings: H(σ) = offset − Σ_{i<j} J_ij σ_i σ_j − Σ_i h_i σ_i over spins σ_i ∈ {−1,
 * +1}: J > 0 is ferromagnetic, every pair counts once. It is an energy of energy-core, so tasks and spin kernels take
 * it.
 */
export interface SpinProblem extends Energy<Int8Array, Can<Int8Array, "moves" | "quadratic">> {
  /** Number of spins n. */
  readonly variables: number;
  /** Added to every energy. */
  readonly offset: number;
  /** h_i, length n. */
  readonly fields: Float64Array;
  /** The pairs i < j with J_ij ≠ 0, ascending, each once. */
  readonly couplings: Couplings;
  /** The same couplings row by row. */
  readonly adjacency: Adjacency;
  /**
   * Largest u of which every J_ij and h_i is an integer multiple; `undefined` when there is none, when the sum of all
   * |J_ij|/u and |h_i|/u is above 2⁵³, so that sums would round, and when J and h are themselves rounded.
   */
  readonly unit: number | undefined;
}

/**
 * The neighbors of spin i are `neighbors[k]` with coupling `values[k]`, for `starts[i]` ≤ k < `starts[i + 1]`,
 * ascending.
 */
export interface Adjacency {
  readonly starts: Int32Array;
  readonly neighbors: Int32Array;
  readonly values: Float64Array;
}

/** What {@link spinProblem} builds from. */
export interface SpinProblemDescription {
  /** Number of spins n, an integer from 0 to 2³¹ − 2. */
  variables: number;
  /**
   * [i, j, J_ij], numbered from 0. A repeated pair adds up; J_ii is a constant and goes into the offset. Default none.
   */
  couplings?: EdgesLike;
  /** h_i, length n. Default all 0. */
  fields?: VectorLike;
  /** Default 0. */
  offset?: number;
}

/**
 * Returns H(σ) = offset − Σ J_ij σ_i σ_j − Σ h_i σ_i. The order of the couplings does not change a bit.
 *
 * @example
 * ```ts
 * import { spinProblem } from "@basin/ising";
 *
 * const pair = spinProblem({ variables: 2, couplings: [[0, 1, 1]], fields: [0.5, 0] });
 * console.log(pair.energy(Int8Array.of(1, 1)), pair.unit); // −1.5 0.5
 * ```
 *
 * @throws {ArgumentError} for an index outside [0, n), a value that is not finite, and weights whose sum overflows.
 * @throws {DimensionError} when `fields` has another length than n.
 */
export function spinProblem(description: SpinProblemDescription): SpinProblem {
  checkOptions("spinProblem", description, "variables couplings fields offset");
  const variables = checkNumber("variables", description.variables, {
    min: 0,
    max: 2147483646,
    integer: true,
  });
  const edges = canonicalEdges(description.couplings ?? [], variables);
  const fields = Float64Array.from(
    checkNumbers("fields", toVector(description.fields ?? new Float64Array(variables), "fields")),
  );
  checkLength("fields", fields.length, variables);
  for (const [i, h] of fields.entries()) checkNumber(`fields[${i}]`, h);
  const given = checkNumber("offset", description.offset ?? 0);
  const offset = exactSum([given, ...edges.diagonal.filter((value) => value !== 0).map((value) => -value)]);
  const couplings = { sources: edges.sources, targets: edges.targets, values: edges.weights };
  return new SparseSpinProblem(variables, offset, fields, couplings);
}

/**
 * Returns `energy` as a spin problem, for code specialized in pair interactions. An Ising model is returned itself. A
 * Hopfield memory, a fully visible Boltzmann machine, or any other spin energy with pair interactions is converted with
 * its current couplings.
 *
 * @throws {CapabilityError} naming `asker`, for an energy that does not give its couplings.
 */
export function toSpinProblem(energy: QuadraticEnergy | SpinProblem, asker = "toSpinProblem"): SpinProblem {
  checkIsEnergy(energy, asker);
  if ("adjacency" in energy) return energy;
  const { couplings, thresholds, offset } = requireCapability<Int8Array, "quadratic">(
    energy,
    "quadratic",
    asker,
  )();
  return spinProblem({
    variables: energy.space.dimension,
    couplings: [...couplings].map(([i, j, value]): [number, number, number] => [i, j, value]),
    fields: thresholds.map((threshold) => 0 - threshold),
    offset,
  });
}

/** Returns the arrays of `problem` alone. */
export function plainProblem(problem: SpinProblem): PlainProblem {
  const { variables, offset, fields, couplings } = problem;
  const stated = isRounded(problem) ? statedBinaryForm(problem) : undefined;
  return { variables, offset, fields, couplings, stated };
}

/**
 * Returns the problem whose arrays {@link plainProblem} gave; `stated` are terms over bits whose spin form these arrays
 * round.
 */
export function restoreProblem({ variables, offset, fields, couplings, stated }: PlainProblem): SpinProblem {
  const problem = new SparseSpinProblem(variables, offset, fields, couplings, stated);
  return stated === undefined ? problem : keepBinaryForm(problem, stated);
}

/** Whether J, h and the offset of a problem stated over bits are rounded. */
export function isRounded(problem: SpinProblem): boolean {
  return problem instanceof SparseSpinProblem && problem.rounded;
}

function* pairsOf({ sources, targets, values }: Couplings): Generator<[number, number, number]> {
  for (let e = 0; e < values.length; e++) yield [sources[e], targets[e], values[e]];
}

class SparseSpinProblem implements SpinProblem {
  readonly variables: number;
  readonly offset: number;
  readonly fields: Float64Array;
  readonly couplings: Couplings;
  readonly adjacency: Adjacency;
  readonly unit: number | undefined;

  readonly #stated: BinaryForm | undefined;
  #space: SpinSpace | undefined;

  /** @param stated terms over bits that the other arrays round. */
  constructor(
    variables: number,
    offset: number,
    fields: Float64Array,
    couplings: Couplings,
    stated?: BinaryForm,
  ) {
    this.#stated = stated;
    this.variables = variables;
    this.offset = offset;
    this.fields = fields;
    this.couplings = couplings;
    this.adjacency = adjacencyOf(variables, couplings);
    let bound = Math.abs(offset);
    for (const value of couplings.values) bound += Math.abs(value);
    for (const value of fields) bound += Math.abs(value);
    // Twice the bound is a ΔE, and must not overflow either.
    if (!Number.isFinite(4 * bound)) {
      throw new ArgumentError(
        "the absolute values of the couplings, fields and offset add up to more than a double holds; scale the problem down",
      );
    }
    this.unit = stated === undefined ? commonUnit([couplings.values, fields]) : undefined;
  }

  get rounded(): boolean {
    return this.#stated !== undefined;
  }

  get space(): SpinSpace {
    this.#space ??= spins(this.variables);
    return this.#space;
  }

  get can(): SpinProblem["can"] {
    const { couplings, fields, offset } = this;
    return {
      moves: (x) => new SparseCursor(Int8Array.from(x), this.adjacency, localFields(this, x), this.energy(x)),
      quadratic: () => ({ couplings: pairsOf(couplings), thresholds: fields.map((h) => 0 - h), offset }),
    };
  }

  energy(x: Int8Array): number {
    this.space.check(x);
    if (this.unit !== undefined) {
      const { sources, targets, values } = this.couplings;
      // Multiples of one unit add up without rounding.
      let sum = 0;
      for (let e = 0; e < values.length; e++) sum -= values[e] * x[sources[e]] * x[targets[e]];
      for (let i = 0; i < x.length; i++) sum -= this.fields[i] * x[i];
      return sum + this.offset;
    }
    return roundedEnergy(this, this.#stated, x);
  }
}

/** Returns Σ_j J_ij σ_j + h_i for every i. */
export function localFields(problem: SpinProblem, state: Int8Array): Float64Array {
  const { starts, neighbors, values } = problem.adjacency;
  const local = Float64Array.from(problem.fields);
  for (let i = 0; i < local.length; i++) {
    let sum = local[i];
    for (let k = starts[i]; k < starts[i + 1]; k++) sum += values[k] * state[neighbors[k]];
    local[i] = sum;
  }
  return local;
}

/** Returns the couplings row by row. */
export function adjacencyOf(variables: number, { sources, targets, values }: Couplings): Adjacency {
  const starts = new Int32Array(variables + 1);
  for (let e = 0; e < values.length; e++) {
    starts[sources[e] + 1]++;
    starts[targets[e] + 1]++;
  }
  for (let i = 0; i < variables; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const neighbors = new Int32Array(2 * values.length);
  const outValues = new Float64Array(2 * values.length);
  for (let e = 0; e < values.length; e++) {
    const i = sources[e];
    const j = targets[e];
    neighbors[next[i]] = j;
    outValues[next[i]++] = values[e];
    neighbors[next[j]] = i;
    outValues[next[j]++] = values[e];
  }
  return { starts, neighbors, values: outValues };
}
