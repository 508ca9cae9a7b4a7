import { checkNumber, type Edge } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import { canonicalEdges, checkPair, type EdgeArrays } from "./edges.ts";
import { exactSum } from "./exact-sum.ts";
import { type SpinProblem, spinProblem } from "./spin-problem.ts";

/**
 * An undirected graph with weighted edges: edge e joins `sources[e]` < `targets[e]`, in ascending order, each pair
 * once.
 */
export interface WeightedGraph {
  readonly nodes: number;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Returns the graph of `nodes` nodes, numbered from 0, with the edges given. Weights of repeated edges add up. Edges of
 * weight 0 and loops (i, i) are left out. The order of the edges does not change a bit.
 *
 * @param edges [i, j] or [i, j, weight] (weight 1 when not given), or parallel arrays.
 *
 * @example
 * ```ts
 * import { weightedGraph } from "@basin/ising";
 *
 * const { sources, targets, weights } = weightedGraph(3, [[0, 1], [1, 2, 0.5], [2, 1, 1.5]]);
 * console.log(sources, targets, weights); // 0–1 with weight 1, 1–2 with weight 2
 * ```
 *
 * @throws {ArgumentError} for a node outside [0, nodes) and a weight, or a sum of them, that is not finite.
 * @throws {DimensionError} for parallel arrays of different lengths.
 */
export function weightedGraph(
  nodes: number,
  edges: Iterable<readonly [i: number, j: number, weight?: number]> | EdgeArrays,
): WeightedGraph {
  checkNumber("nodes", nodes, { min: 0, max: 2147483646, integer: true });
  const { sources, targets, weights } = canonicalEdges(
    "sources" in edges ? edges : weighted(edges),
    nodes,
    "edge",
  );
  return { nodes, sources, targets, weights };
}

/**
 * Returns the problem whose energy is minus the cut: E(σ) = −Σ_{(i,j)} w_ij (1 − σ_i σ_j)/2, that is J_ij = −w_ij/2 and
 * offset = −Σ w_ij/2. The ground state is the maximum cut, its two sides the two signs.
 *
 * @example
 * ```ts
 * import { groundState, maxCut, weightedGraph } from "@basin/ising";
 *
 * const triangle = maxCut(weightedGraph(3, [[0, 1], [1, 2], [2, 0]]));
 * console.log(groundState(triangle).energy); // −2: no cut takes all three edges
 * ```
 *
 * @throws {ArgumentError} for weights that add up to more than a double holds.
 */
export function maxCut(graph: WeightedGraph): SpinProblem {
  const { nodes, sources, targets, weights } = graph;
  return spinProblem({
    variables: nodes,
    couplings: { sources, targets, weights: weights.map((weight) => -weight / 2) },
    offset: -exactSum(weights) / 2,
  });
}

/**
 * Returns the weight of the edges between the two sides: Σ_{(i,j)} w_ij [σ_i ≠ σ_j].
 *
 * @param spins length `graph.nodes`, −1 or +1.
 *
 * @example
 * ```ts
 * import { cutWeight, weightedGraph } from "@basin/ising";
 *
 * console.log(cutWeight(weightedGraph(3, [[0, 1, 2], [1, 2, 3]]), [1, -1, -1])); // 2
 * ```
 *
 * @throws {DimensionError} for spins of another length.
 */
export function cutWeight(graph: WeightedGraph, spins: ArrayLike<number>): number {
  checkLength("spins", spins.length, graph.nodes);
  const { sources, targets, weights } = graph;
  return exactSum(weights.filter((_, e) => spins[sources[e]] !== spins[targets[e]]));
}

function* weighted(edges: Iterable<readonly [number, number, number?]>): Iterable<Edge> {
  let number = 0;
  for (const edge of edges) {
    const [i, j, weight = 1] = checkPair(edge, number++);
    yield [i, j, weight];
  }
}
