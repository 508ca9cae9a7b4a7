import type { BinaryForm } from "./binary-form.ts";

/** Bits of which all pairs have about the same large positive weight. */
export interface Clique {
  readonly members: readonly number[];
  /** The least of the weights. */
  readonly pair: number;
}

/** Pairs of less than this part of the largest weight are of another scale. */
const SCALE = 1 / 16;
/** Within a clique, no weight is less than this part of another. */
const ALIKE = 0.75;
/**
 * The share of bits with large pairs whose linear term must draw them as a square does, where there are squares at
 * all.
 */
const SHARE = 0.9;
/** Pairs that are looked at: beyond this, a problem is left as it is. */
const MOST_PAIRS = 2e6;

/**
 * Returns disjoint sets of pairs of the largest weights, each of all the pairs among some bits; none where the linear
 * terms speak against squares.
 */
export function cliquesOf(form: BinaryForm): Clique[] {
  const { sources, targets, weights } = form.quadratic;
  if (weights.length > MOST_PAIRS) return [];
  const largest = weights.reduce((most, value) => Math.max(most, value), 0);
  if (largest === 0 || !isLikely(form, SCALE * largest)) return [];
  const open = new Map<number, Map<number, number>>();
  const row = (i: number) => {
    const known = open.get(i) ?? new Map<number, number>();
    open.set(i, known);
    return known;
  };
  for (const [e, weight] of weights.entries()) {
    if (weight < SCALE * largest) continue;
    row(sources[e]).set(targets[e], weight);
    row(targets[e]).set(sources[e], weight);
  }
  const found: Clique[] = [];
  for (const [e, weight] of weights.entries()) {
    if (!open.get(sources[e])?.has(targets[e])) continue;
    const members = grow(open, sources[e], targets[e], weight);
    let pair = weight;
    for (const i of members)
      for (const j of members) {
        if (i === j) continue;
        pair = Math.min(pair, row(i).get(j) as number);
      }
    for (const i of members) for (const j of members) row(i).delete(j);
    found.push({ members: members.sort((a, b) => a - b), pair });
  }
  return found;
}

/** Returns two bits and those after them that have an open pair of like weight with all before. */
function grow(open: ReadonlyMap<number, Map<number, number>>, i: number, j: number, weight: number) {
  const members = [i, j];
  const isAlike = (value = 0) => value >= ALIKE * weight && ALIKE * value <= weight;
  for (const k of open.get(i)?.keys() ?? [])
    if (k !== j && members.every((member) => isAlike(open.get(member)?.get(k)))) members.push(k);
  return members;
}

/**
 * Whether nearly all bits with a large pair have a linear term of about minus half its weight, or lower: those of P
 * (k − Σ x)² are P (1 − 2k).
 */
function isLikely({ variables, linear, quadratic }: BinaryForm, large: number): boolean {
  const least = new Float64Array(variables);
  const { sources, targets, weights } = quadratic;
  for (const [e, weight] of weights.entries()) {
    if (weight < large) continue;
    for (const i of [sources[e], targets[e]]) least[i] = least[i] === 0 ? weight : Math.min(least[i], weight);
  }
  const joined = Array.from(least.keys()).filter((i) => least[i] > 0);
  return joined.filter((i) => linear[i] < -0.4 * least[i]).length >= SHARE * joined.length;
}
