import { ArgumentError, DimensionError, row, toMatrix, type VectorLike } from "@basin/energy-core";
import { checkKind, checkNumbers, normalQuantile, toVector } from "@basin/energy-core/internal";

/**
 * Draws of one scalar: chains of equal length, one series as a single chain, or an ndarray `[chains, draws]` or
 * `[draws]`.
 */
export type Chains = readonly ArrayLike<number>[] | VectorLike;

/** The fewest draws a chain must have for a diagnostic. */
export const LEAST_DRAWS = 4;

/**
 * Returns `chains` as an array of equally long chains.
 *
 * @throws {ArgumentError} for no chain at all, or chains of fewer than four draws.
 * @throws {DimensionError} for chains of different lengths.
 */
export function asChains(chains: Chains): readonly ArrayLike<number>[] {
  const isList = typeof chains === "object" && chains !== null && ("shape" in chains || "length" in chains);
  checkKind("chains", chains, isList, "a list of draws, a list of such chains, or an array [chains, draws]");
  const list = listOf(chains);
  if (list.length === 0) throw new ArgumentError("no chains were given, expected at least one");
  for (const [index, chain] of list.entries()) checkNumbers(`chain ${index}`, chain);
  const draws = list[0].length;
  for (const [index, chain] of list.entries()) {
    if (chain.length !== draws) {
      throw new DimensionError(`chain ${index} has ${chain.length} draws, chain 0 has ${draws}`);
    }
  }
  if (draws < LEAST_DRAWS) {
    throw new ArgumentError(`the chains have ${draws} draws, expected at least ${LEAST_DRAWS}`);
  }
  return list;
}

function listOf(chains: Chains): readonly ArrayLike<number>[] {
  if ("shape" in chains) {
    if (chains.shape.length < 2) return [toVector(chains, "the series")];
    const draws = toMatrix(chains, Float64Array, "the chains");
    return Array.from({ length: draws.shape[0] }, (_, c) => row(draws, c));
  }
  const series = ArrayBuffer.isView(chains) || typeof chains[0] === "number";
  return series ? [chains as ArrayLike<number>] : (chains as readonly ArrayLike<number>[]);
}

/**
 * Returns the reason why diagnostics of these draws are undefined (a draw that is not finite, chains that never moved,
 * a constant quantity), or undefined if they are defined.
 *
 * @example
 * ```ts
 * import { whyUndefined } from "@basin/samplers";
 *
 * console.log(whyUndefined([1, 1, 1, 1])); // every draw is 1: …
 * ```
 */
export function whyUndefined(chains: Chains): string | undefined {
  const list = asChains(chains);
  const still: number[] = [];
  let bad = 0;
  let first = "";
  for (const [index, chain] of list.entries()) {
    let moved = false;
    for (let t = 0; t < chain.length; t++) {
      if (!Number.isFinite(chain[t])) {
        if (bad++ === 0) first = `draw ${t} of chain ${index} is ${chain[t]}`;
      } else if (chain[t] !== chain[0]) moved = true;
    }
    if (!moved) still.push(index);
  }
  if (bad > 0) return bad === 1 ? first : `${first}, the first of ${bad} draws that are not finite`;
  if (still.length === 0) return undefined;
  const values = new Set(list.map((chain) => chain[0]));
  if (still.length < list.length) {
    const [k] = still;
    const more = still.length > 1 ? `, and ${still.length - 1} other chains do not move` : "";
    return `chain ${k} is constant at ${list[k][0]}: it never moved${more}`;
  }
  return values.size === 1
    ? `every draw is ${list[0][0]}: a constant, or chains that never moved`
    : `every chain is constant, at ${[...values].slice(0, 4).join(", ")}${values.size > 4 ? ", …" : ""}: none moved`;
}

/** Returns the first and last half of each chain as separate chains. The middle draw of an odd chain is dropped. */
export function splitChains(chains: readonly ArrayLike<number>[]): Float64Array[] {
  return chains.flatMap((chain) => {
    const values = Float64Array.from(chain);
    const half = values.length >> 1;
    return [values.subarray(0, half), values.subarray(values.length - half)];
  });
}

/** Returns all draws of all chains in ascending order. */
export function sortedDraws(chains: readonly ArrayLike<number>[]): Float64Array {
  const draws = chains[0].length;
  const all = new Float64Array(chains.length * draws);
  for (const [index, chain] of chains.entries()) all.set(chain, index * draws);
  return all.sort();
}

/**
 * Returns the p-quantile of ascending values by linear interpolation (type 7 of Hyndman & Fan 1996); NaN where a value
 * is NaN, which typed arrays sort to the end.
 */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  if (Number.isNaN(sorted[sorted.length - 1])) return Number.NaN;
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  const [low, high] = [sorted[below], sorted[above]];
  // Next to an infinity there is nothing to interpolate.
  if (at === below || low === high || (low === -Infinity && high < Infinity)) return low;
  return low + (at - below) * (high - low);
}

/** Returns the pooled ranks r = 1, …, S, ties sharing their average rank. */
export function pooledRanks(chains: readonly Float64Array[]): Float64Array[] {
  const sorted = sortedDraws(chains);
  const ranks = new Map<number, number>();
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    ranks.set(sorted[start], 0.5 * (start + 1 + end));
    start = end;
  }
  return chains.map((chain) => chain.map((value) => ranks.get(value) as number));
}

/**
 * Returns the normal scores z = Φ⁻¹((r − 3/8) / (S + 1/4)) of the {@link pooledRanks} r (Vehtari et al. 2021, eq. 14;
 * Blom 1958).
 */
export function normalScores(chains: readonly Float64Array[]): Float64Array[] {
  const size = chains.reduce((sum, chain) => sum + chain.length, 0);
  return pooledRanks(chains).map((ranks) =>
    ranks.map((rank) => normalQuantile((rank - 0.375) / (size + 0.25))),
  );
}

/** Returns the distances |x − median| from the pooled median. */
export function folded(chains: readonly Float64Array[]): Float64Array[] {
  const sorted = sortedDraws(chains);
  // The two middle draws are equally far from their midpoint, so that they tie in rank.
  const median = 0.5 * (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]);
  return chains.map((chain) => chain.map((value) => Math.abs(value - median)));
}
