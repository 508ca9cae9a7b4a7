import { checkOptions } from "../check-options.ts";
import {
  ArgumentError,
  checkNumber,
  EnergyValueError,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "../errors.ts";
import type { SparseQuadratic } from "../quadratic/sparse.ts";
import { exp, log } from "../random/math.ts";
import type { Rng } from "../random/rng.ts";
import { type EliminationOrder, eliminationOrder } from "./elimination-order.ts";

/** The options of {@link eliminate}. */
export interface EliminateOptions extends TemperatureOptions {
  /** Largest tree-width allowed, at most 26: tables have 2^(width + 1) entries. Default 20. */
  maxWidth?: number;
}

/** Everything about a spin system on a graph of small tree-width. */
export interface Elimination {
  /** log Z. */
  readonly logPartition: number;
  /** ⟨E⟩. */
  readonly meanEnergy: number;
  /** −Σ p log p = log Z + β⟨E⟩, in nats. */
  readonly entropy: number;
  /** ⟨s_i⟩. */
  readonly means: Float64Array;
  /** ⟨s_i s_j⟩ of each stored coupling, in the order of `couplings.values`. */
  readonly correlations: Float64Array;
  /** min E. */
  readonly minimum: number;
  /** A state of energy `minimum`. */
  readonly minimizer: Int8Array;
  /** The width of the elimination order that was found. */
  readonly width: number;
  /** Returns an independent, exact draw. */
  sample(rng: Rng): Int8Array;
}

/**
 * Returns the exact Gibbs distribution of a spin energy on a graph of small tree-width (trees, chains, strips, small
 * planar lattices) by variable elimination (Bertelè & Brioschi 1972; Dechter 1999): time and memory grow with
 * 2^width, only linearly with the number of spins.
 *
 * @example
 * ```ts
 * import { couplings, eliminate, sparseQuadratic } from "@basin/energy-core";
 *
 * const edges = Array.from({ length: 999 }, (_, i) => [i, i + 1, 1] as const);
 * const { logPartition, width } = eliminate(sparseQuadratic(couplings(1000, edges)));
 * console.log(logPartition, width); // ln 2 + 999 ln(2 cosh 1), 1
 * ```
 *
 * @throws {CostError} when the width exceeds `maxWidth`, with the size of the table it would take.
 * @throws {ArgumentError} for β = +∞.
 */
export function eliminate(energy: SparseQuadratic, options: EliminateOptions = {}): Elimination {
  checkOptions("eliminate", options, "maxWidth inverseTemperature temperature");
  const beta = resolveInverseTemperature(options);
  if (beta === Number.POSITIVE_INFINITY) {
    throw new ArgumentError("temperature is 0, where log Z diverges; use any other and read `minimizer`");
  }
  const most = checkNumber("maxWidth", options.maxWidth ?? 20, { min: 0, max: 26, integer: true });
  const plan = eliminationOrder(energy.couplings, most);
  const { tables, total } = collect(energy, plan, -beta, logAdd);
  if (!Number.isFinite(total)) throw new EnergyValueError(`log Z is ${total}; the couplings are too large`);
  const { means, correlations } = distribute(energy, plan, tables);
  const minimizer = decode(plan, collect(energy, plan, -1, Math.max).tables, (difference) => difference > 0);
  const meanEnergy = expectedEnergy(energy, means, correlations);
  return {
    logPartition: total,
    meanEnergy,
    entropy: total + beta * meanEnergy,
    means,
    correlations,
    minimum: energy.energy(minimizer),
    minimizer,
    width: plan.width,
    sample: (rng) => decode(plan, tables, (difference) => rng.bernoulli(1 / (1 + exp(-difference)))),
  };
}

/**
 * Eliminates every variable: the table of a clique holds factor · energy of the terms and messages first met there, by
 * the bits of its spins (set = +1), the eliminated one lowest.
 */
function collect(
  { couplings, thresholds }: SparseQuadratic,
  { order, cliques }: EliminationOrder,
  factor: number,
  combine: (a: number, b: number) => number,
): { tables: Float64Array[]; total: number } {
  const tables = cliques.map((clique) => new Float64Array(2 ** clique.length));
  let total = 0;
  for (const v of order) {
    const [table, clique] = [tables[v], cliques[v]];
    addTerm(table, 1, factor * thresholds[v]);
    for (let k = couplings.offsets[v]; k < couplings.offsets[v + 1]; k++) {
      const at = clique.indexOf(couplings.neighbors[k]);
      // Absent neighbors went before and have counted the pair.
      if (at > 0) addTerm(table, 1 | (1 << at), -factor * couplings.values[k]);
    }
    if (clique.length === 1) {
      total += combine(table[0], table[1]);
      continue;
    }
    const parent = clique[1];
    const source = projection(cliques[parent], clique.subarray(1));
    for (let s = 0; s < tables[parent].length; s++) {
      const rest = 2 * source(s);
      tables[parent][s] += combine(table[rest], table[rest + 1]);
    }
  }
  return { tables, total };
}

/** Adds `value` times the product of the spins whose bits `mask` holds. */
function addTerm(table: Float64Array, mask: number, value: number): void {
  const single = (mask & (mask - 1)) === 0;
  for (let s = 0; s < table.length; s++) {
    const bits = s & mask;
    // One spin: + when set. Two spins: + when equal.
    const positive = single ? bits !== 0 : bits === 0 || bits === mask;
    table[s] += positive ? value : -value;
  }
}

/** Returns the map from the states of `from` to those of its subset `to`. */
function projection(from: Uint32Array, to: Uint32Array): (s: number) => number {
  const positions = Array.from(to, (v) => from.indexOf(v));
  return (s) => {
    let t = 0;
    for (let k = 0; k < positions.length; k++) t |= ((s >> positions[k]) & 1) << k;
    return t;
  };
}

/** Walks back from the last variable: p(clique) = p(v | rest) p(rest), p(rest) from the parent's clique. */
function distribute(
  { couplings }: SparseQuadratic,
  { order, cliques }: EliminationOrder,
  tables: readonly Float64Array[],
): { means: Float64Array; correlations: Float64Array } {
  const n = order.length;
  const joints: Float64Array[] = new Array(n);
  const means = new Float64Array(n);
  const correlations = new Float64Array(couplings.values.length);
  for (const v of order.toReversed()) {
    const [table, clique] = [tables[v], cliques[v]];
    const rest = new Float64Array(table.length / 2);
    if (clique.length === 1) {
      rest[0] = 1;
    } else {
      const target = projection(cliques[clique[1]], clique.subarray(1));
      const parent = joints[clique[1]];
      for (let s = 0; s < parent.length; s++) rest[target(s)] += parent[s];
    }
    const joint = new Float64Array(table.length);
    for (let r = 0; r < rest.length; r++) {
      const up = 1 / (1 + exp(table[2 * r] - table[2 * r + 1]));
      joint[2 * r] = rest[r] * (1 - up);
      joint[2 * r + 1] = rest[r] * up;
    }
    joints[v] = joint;
    means[v] = signedSum(joint, 1);
    for (let k = couplings.offsets[v]; k < couplings.offsets[v + 1]; k++) {
      const j = couplings.neighbors[k];
      const at = clique.indexOf(j);
      if (at <= 0) continue;
      correlations[k] = signedSum(joint, 1 | (1 << at));
      correlations[entryOf(couplings.offsets, couplings.neighbors, j, v)] = correlations[k];
    }
  }
  return { means, correlations };
}

function signedSum(joint: Float64Array, mask: number): number {
  const signs = joint.slice().fill(0);
  addTerm(signs, mask, 1);
  return joint.reduce((sum, p, s) => sum + p * signs[s], 0);
}

function entryOf(offsets: Int32Array, neighbors: Int32Array, i: number, j: number): number {
  return offsets[i] + neighbors.subarray(offsets[i], offsets[i + 1]).indexOf(j);
}

/** Chooses the variables last to first, each from how much its table prefers +1 given those already chosen. */
function decode(
  { order, cliques }: EliminationOrder,
  tables: readonly Float64Array[],
  choose: (difference: number) => boolean,
): Int8Array {
  const state = new Int8Array(order.length);
  for (const v of order.toReversed()) {
    let rest = 0;
    for (let k = 1; k < cliques[v].length; k++) if (state[cliques[v][k]] > 0) rest |= 1 << k;
    state[v] = choose(tables[v][rest + 1] - tables[v][rest]) ? 1 : -1;
  }
  return state;
}

function expectedEnergy(
  { couplings, thresholds }: SparseQuadratic,
  means: Float64Array,
  correlations: Float64Array,
): number {
  let sum = 0;
  for (let k = 0; k < correlations.length; k++) sum -= 0.5 * couplings.values[k] * correlations[k];
  for (let i = 0; i < means.length; i++) sum += thresholds[i] * means[i];
  return sum;
}

function logAdd(a: number, b: number): number {
  return Math.max(a, b) + log(1 + exp(-Math.abs(a - b)));
}
