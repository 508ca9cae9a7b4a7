import {
  checkNumber,
  DimensionError,
  type Edge,
  type MatrixLike,
  toMatrix,
  type VectorLike,
} from "@basin/energy-core";
import { checkOptions, toVector } from "@basin/energy-core/internal";
import type { WeightedGraph } from "./graph.ts";
import { qubo } from "./qubo.ts";
import { type SpinProblem, spinProblem } from "./spin-problem.ts";

/**
 * Returns number partitioning: E(σ) = (Σ a_i σ_i)², the squared difference of the two sides' sums (Lucas 2014, §2.1).
 *
 * @example
 * ```ts
 * import { groundState, numberPartitioning } from "@basin/ising";
 *
 * console.log(groundState(numberPartitioning([4, 5, 6, 7, 8])).energy); // 0: 4 + 5 + 6 = 7 + 8
 * ```
 *
 * @throws {ArgumentError} for numbers that are not finite, or whose squares add up to more than a double holds.
 */
export function numberPartitioning(given: VectorLike): SpinProblem {
  const numbers = toVector(given, "numbers");
  const couplings: Edge[] = [];
  let offset = 0;
  for (let i = 0; i < numbers.length; i++) {
    offset += checkNumber(`numbers[${i}]`, numbers[i]) ** 2;
    for (let j = 0; j < i; j++) couplings.push([j, i, -2 * numbers[i] * numbers[j]]);
  }
  return spinProblem({ variables: numbers.length, couplings, offset });
}

/** Options of {@link maximumIndependentSet}. */
export interface IndependentSetOptions {
  /** Price of an edge with both ends chosen, above 1. Default 2. */
  penalty?: number;
}

/**
 * Returns the maximum independent set over bits x_i (σ_i = +1: node i is chosen): E = −Σ x_i + P Σ_(i,j) x_i x_j (Lucas
 * 2014, §4.2). With P > 1 the lowest energy is minus the size of the largest set without an edge inside. Weights of
 * edges do not matter.
 *
 * @example
 * ```ts
 * import { groundState, maximumIndependentSet, weightedGraph } from "@basin/ising";
 *
 * const ring = weightedGraph(5, [[0, 1], [1, 2], [2, 3], [3, 4], [4, 0]]);
 * console.log(groundState(maximumIndependentSet(ring)).energy); // −2
 * ```
 *
 * @throws {ArgumentError} for a penalty that is not above 1.
 */
export function maximumIndependentSet(
  graph: WeightedGraph,
  options: IndependentSetOptions = {},
): SpinProblem {
  checkOptions("maximumIndependentSet", options, "penalty");
  const { nodes, sources, targets } = graph;
  const penalty = checkNumber("penalty", options.penalty ?? 2, { above: 1 });
  const weights = new Float64Array(sources.length).fill(penalty);
  return qubo({
    variables: nodes,
    linear: new Float64Array(nodes).fill(-1),
    quadratic: { sources, targets, weights },
  });
}

/** A problem over one-hot bits, and what its states mean. */
export interface ChoiceProblem {
  readonly problem: SpinProblem;
  /** Returns the choice made for each item, −1 where none or several are made. */
  decode(state: ArrayLike<number>): Int32Array;
}

/**
 * Returns graph coloring over bits x_vc, node v having color c at number v · colors + c: E = Σ_v (1 − Σ_c x_vc)² +
 * Σ_(u,v) Σ_c x_uc x_vc (Lucas 2014, §6.1). The lowest energy is 0 exactly when the graph can be colored.
 *
 * @example
 * ```ts
 * import { graphColoring, groundState, weightedGraph } from "@basin/ising";
 *
 * const { problem, decode } = graphColoring(weightedGraph(3, [[0, 1], [1, 2], [2, 0]]), 3);
 * const { state, energy } = groundState(problem);
 * console.log(energy, decode(state)); // 0, and a color of its own for each node
 * ```
 *
 * @throws {ArgumentError} for a number of colors that is not an integer from 1 to a million.
 */
export function graphColoring({ nodes, sources, targets }: WeightedGraph, colors: number): ChoiceProblem {
  checkNumber("colors", colors, { min: 1, max: 1e6, integer: true });
  const quadratic: Edge[] = [];
  for (let v = 0; v < nodes; v++) pushOneHot(quadratic, colors, (c) => v * colors + c, 1);
  for (let e = 0; e < sources.length; e++) {
    for (let c = 0; c < colors; c++) quadratic.push([sources[e] * colors + c, targets[e] * colors + c, 1]);
  }
  const problem = qubo({ variables: nodes * colors, quadratic, offset: nodes });
  return { problem, decode: (state) => decodeRows(state, nodes, colors) };
}

/** Options of {@link assignment}. */
export interface AssignmentOptions {
  /** Penalty for a row or column without exactly one choice. Default: the largest cost minus the smallest, plus 1. */
  penalty?: number;
}

/**
 * Returns the assignment of each row to a different column at the lowest cost, over bits x_rc at number r · n + c: E =
 * n c + Σ (C_rc − c) x_rc + P Σ_r (1 − Σ_c x_rc)² + P Σ_c (1 − Σ_r x_rc)² with c the smallest cost, which is the total
 * cost of an assignment. Costs above c keep a penalty above their spread enough: a row or a column left out saves less
 * than it pays.
 *
 * @param costs C, n × n.
 *
 * @example
 * ```ts
 * import { assignment, groundState } from "@basin/ising";
 *
 * const { problem, decode } = assignment([[4, 1, 3], [2, 0, 5], [3, 2, 2]]);
 * const { state, energy } = groundState(problem);
 * console.log(energy, decode(state)); // 5: rows 0, 1 and 2 to columns 1, 0 and 2
 * ```
 *
 * @throws {ArgumentError} for a cost that is not finite, and a penalty that is not above 0.
 * @throws {DimensionError} when C is not square.
 */
export function assignment(costs: MatrixLike, options: AssignmentOptions = {}): ChoiceProblem {
  checkOptions("assignment", options, "penalty");
  const { data, shape } = toMatrix(costs, Float64Array, "costs");
  const [n, columns] = shape;
  if (n !== columns)
    throw new DimensionError(`costs have shape [${n}, ${columns}], expected a square matrix`);
  let [low, high] = [0, 0];
  for (const [i, cost] of data.entries()) {
    checkNumber(`costs[${Math.floor(i / n)}][${i % n}]`, cost);
    [low, high] = i === 0 ? [cost, cost] : [Math.min(low, cost), Math.max(high, cost)];
  }
  const penalty = checkNumber("penalty", options.penalty ?? high - low + 1, { above: 0 });
  const quadratic: Edge[] = Array.from(data, (cost, i) => [i, i, cost - low] as const);
  for (let r = 0; r < n; r++) {
    pushOneHot(quadratic, n, (c) => r * n + c, penalty);
    pushOneHot(quadratic, n, (c) => c * n + r, penalty);
  }
  const problem = qubo({ variables: n * n, quadratic, offset: n * low + 2 * n * penalty });
  return { problem, decode: (state) => decodeRows(state, n, n) };
}

/** P (1 − Σ x)² without its constant P: −P x for each bit and 2 P x x' for each pair. */
function pushOneHot(quadratic: Edge[], count: number, bit: (c: number) => number, penalty: number): void {
  for (let c = 0; c < count; c++) {
    quadratic.push([bit(c), bit(c), -penalty]);
    for (let d = 0; d < c; d++) quadratic.push([bit(d), bit(c), 2 * penalty]);
  }
}

function decodeRows(state: ArrayLike<number>, rows: number, columns: number): Int32Array {
  if (state.length !== rows * columns) {
    throw new DimensionError(`state has length ${state.length}, expected ${rows} × ${columns}`);
  }
  return Int32Array.from({ length: rows }, (_, r) => {
    let choice = -1;
    let chosen = 0;
    for (let c = 0; c < columns; c++) {
      if (state[r * columns + c] > 0) {
        choice = c;
        chosen++;
      }
    }
    return chosen === 1 ? choice : -1;
  });
}
