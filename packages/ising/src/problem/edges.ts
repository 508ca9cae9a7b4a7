import { ArgumentError, DimensionError, type Edge } from "@basin/energy-core";
import { checkKind } from "@basin/energy-core/internal";
import { exactSum } from "./exact-sum.ts";

/** Weighted pairs of variables as parallel arrays: pair e joins `sources[e]` and `targets[e]`. */
export interface EdgeArrays {
  readonly sources: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** Weighted pairs, one by one or as parallel arrays. */
export type EdgesLike = Iterable<Edge> | EdgeArrays;

/** Pairs i < j in ascending order, each once, none of weight 0; what stood on the diagonal is kept apart. */
export interface CanonicalEdges {
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
  /** Sum of the weights of (i, i) for every i. */
  readonly diagonal: Float64Array;
}

/** Returns `edges` as parallel arrays, checked: indices in [0, variables), finite weights. */
function toEdgeArrays(edges: EdgesLike, variables: number, what: string): EdgeArrays {
  const arrays = "sources" in edges ? edges : collect(edges);
  const { sources, targets, weights } = arrays;
  if (sources.length !== targets.length || sources.length !== weights.length) {
    throw new DimensionError(
      `${what}: sources, targets and weights have lengths ${sources.length}, ${targets.length} and ${weights.length}, expected the same`,
    );
  }
  for (let e = 0; e < sources.length; e++) {
    const i = sources[e];
    const j = targets[e];
    if (!(isIndex(i, variables) && isIndex(j, variables))) {
      throw new ArgumentError(
        `${what} ${e} joins ${i} and ${j}, expected two integers from 0 to ${variables - 1}`,
      );
    }
    if (!Number.isFinite(weights[e])) {
      throw new ArgumentError(
        `${what} ${e}, between ${i} and ${j}, is ${weights[e]}, expected a finite number`,
      );
    }
  }
  return arrays;
}

/** Merges repeated pairs, (i, j) and (j, i) alike, by adding their weights; the order of the input changes no bit. */
export function canonicalEdges(edges: EdgesLike, variables: number, what = "coupling"): CanonicalEdges {
  const { sources, targets, weights } = toEdgeArrays(edges, variables, what);
  if (isCanonical(sources, targets, weights)) {
    return {
      sources: Int32Array.from(sources),
      targets: Int32Array.from(targets),
      weights: Float64Array.from(weights),
      diagonal: new Float64Array(variables),
    };
  }
  const order = sortedOrder(sources, targets, variables);
  const diagonal = new Float64Array(variables);
  const outSources = new Int32Array(order.length);
  const outTargets = new Int32Array(order.length);
  const outWeights = new Float64Array(order.length);
  let kept = 0;
  for (let at = 0; at < order.length; ) {
    const i = Math.min(sources[order[at]], targets[order[at]]);
    const j = Math.max(sources[order[at]], targets[order[at]]);
    let end = at + 1;
    while (end < order.length && samePair(sources, targets, order[end], i, j)) end++;
    const weight = end === at + 1 ? weights[order[at]] : sumOf(weights, order.subarray(at, end));
    at = end;
    if (!Number.isFinite(weight)) {
      throw new ArgumentError(`${what}s between ${i} and ${j} add up to ${weight}, expected a finite number`);
    }
    if (i === j) diagonal[i] = weight;
    else if (weight !== 0) {
      outSources[kept] = i;
      outTargets[kept] = j;
      outWeights[kept++] = weight;
    }
  }
  return {
    sources: outSources.slice(0, kept),
    targets: outTargets.slice(0, kept),
    weights: outWeights.slice(0, kept),
    diagonal,
  };
}

function isCanonical(
  sources: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
): boolean {
  for (let e = 0; e < sources.length; e++) {
    if (!(sources[e] < targets[e]) || weights[e] === 0) return false;
    if (e === 0 || sources[e - 1] < sources[e]) continue;
    if (sources[e - 1] > sources[e] || targets[e - 1] >= targets[e]) return false;
  }
  return true;
}

function isIndex(value: number, variables: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < variables;
}

/** Returns an edge. @throws {ArgumentError} where it is no list, such as { source, target }. */
export function checkPair<T extends Iterable<unknown>>(edge: T, number: number): T {
  const isRight = typeof edge === "object" && edge !== null && Symbol.iterator in edge;
  if (!isRight) checkKind(`edge ${number}`, edge, false, "[i, j] or [i, j, weight]");
  return edge;
}

function collect(edges: Iterable<Edge>): EdgeArrays {
  const sources: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  for (const edge of edges) {
    const [i, j, weight] = checkPair(edge, sources.length);
    sources.push(i);
    targets.push(j);
    weights.push(weight);
  }
  return { sources, targets, weights };
}

function samePair(
  sources: ArrayLike<number>,
  targets: ArrayLike<number>,
  e: number,
  i: number,
  j: number,
): boolean {
  return Math.min(sources[e], targets[e]) === i && Math.max(sources[e], targets[e]) === j;
}

function sumOf(weights: ArrayLike<number>, positions: Uint32Array): number {
  return exactSum(Array.from(positions, (e) => weights[e]));
}

/** Edge numbers ordered by (smaller end, larger end): two stable counting sorts, linear in edges and variables. */
export function sortedOrder(
  sources: ArrayLike<number>,
  targets: ArrayLike<number>,
  variables: number,
): Uint32Array {
  const edges = sources.length;
  const byLarger = new Uint32Array(edges);
  const bySmaller = new Uint32Array(edges);
  const count = new Uint32Array(variables + 1);
  for (let e = 0; e < edges; e++) count[Math.max(sources[e], targets[e]) + 1]++;
  for (let v = 0; v < variables; v++) count[v + 1] += count[v];
  for (let e = 0; e < edges; e++) byLarger[count[Math.max(sources[e], targets[e])]++] = e;
  count.fill(0);
  for (let e = 0; e < edges; e++) count[Math.min(sources[e], targets[e]) + 1]++;
  for (let v = 0; v < variables; v++) count[v + 1] += count[v];
  for (const e of byLarger) bySmaller[count[Math.min(sources[e], targets[e])]++] = e;
  return bySmaller;
}
