import type { BinaryForm } from "./binary-form.ts";
import { exactSum } from "./exact-sum.ts";
import { cliquesOf } from "./square-cliques.ts";

/**
 * A term weight · (count − Σ_{i ∈ members} x_i)² of an energy over bits: a price for any other number of members than
 * `count`.
 */
export interface Square {
  readonly members: readonly number[];
  readonly count: number;
  readonly weight: number;
}

/** An energy as that of `form`, and `offset`, and the parts of squares that were taken off. */
export interface Relaxed {
  readonly form: BinaryForm;
  /** Kept apart: beside it costs would round. */
  readonly offset: number;
  readonly squares: readonly Square[];
}

/** A square is lowered only where that makes it less than this part of what it was. */
const WORTH = 0.25;
/** Pairs above this part of a square's weight forbid one another: they are no cost beside it. */
const FORBIDS = 0.125;
/** Scales of penalties, one above the other, that are looked for. */
const MOST_SCALES = 6;

/**
 * Returns the energy with its squares P (k − Σ x)² lowered to what the costs beside them need, `undefined` where
 * there is none to lower. Squares are known by their pairs, all of weight 2 P among their members, and by the linear
 * terms P (1 − 2k) that go with them, into which costs may be folded.
 *
 * What is left is nowhere above the energy, and equal to it where all squares are 0: where a state of its least
 * energy has the numbers of members that were asked for, that is a state of least energy of both. The new terms are
 * exact, or the form is left as it is.
 */
export function relaxSquares(form: BinaryForm): Relaxed | undefined {
  const scales: Square[][] = [];
  let rest = form;
  while (scales.length < MOST_SCALES) {
    const squares = squaresOf(rest);
    const taken = squares.length === 0 ? undefined : subtract(rest, squares);
    if (taken === undefined) break;
    scales.push(squares);
    rest = taken;
  }
  const squares = partsToTake(rest, scales);
  const relaxed = squares.length === 0 ? undefined : subtract(form, squares);
  if (relaxed === undefined) return undefined;
  const offset = exactSum([form.offset, ...squares.map(({ count, weight }) => -weight * count * count)]);
  return { form: { ...relaxed, offset: 0 }, offset, squares };
}

/** Whether each square is 0: bits count, or spins above 0. */
export function areMet(squares: readonly Square[], state: ArrayLike<number>): boolean {
  return squares.every(({ members, count }) => {
    let chosen = 0;
    for (const i of members) if (state[i] > 0) chosen++;
    return chosen === count;
  });
}

/** The squares of the largest weights. */
function squaresOf(form: BinaryForm): Square[] {
  let found = cliquesOf(form).map(({ members, pair }) => ({ members, weight: pair / 2 }));
  for (let before = -1; found.length !== before; ) {
    before = found.length;
    const counted = countMembers(form.linear, found);
    const linear = linearOf(form.linear, counted);
    const fits = counted.filter(({ members, weight }) =>
      members.every((i) => Math.abs(linear[i]) < WORTH * weight),
    );
    if (fits.length === counted.length) return counted;
    found = fits;
  }
  return [];
}

/** How many members each square asks for, by the linear terms: P (1 − 2k) from each square that a bit is in. */
function countMembers(
  linear: ArrayLike<number>,
  found: readonly { readonly members: readonly number[]; readonly weight: number }[],
): Square[] {
  const total = new Map<number, number>();
  for (const { members, weight } of found)
    for (const i of members) total.set(i, (total.get(i) ?? 0) + weight);
  return found.map(({ members, weight }) => {
    const counts = members.map((i) => (1 - linear[i] / (total.get(i) as number)) / 2).sort((a, b) => a - b);
    const count = Math.round(counts[counts.length >> 1]);
    return { members, weight, count: Math.max(0, Math.min(members.length, count)) };
  });
}

/** Linear terms without those of the squares, up to rounding. */
function linearOf(linear: Float64Array, squares: readonly Square[]): Float64Array {
  const left = linear.slice();
  for (const { members, count, weight } of squares)
    for (const i of members) left[i] -= weight * (1 - 2 * count);
  return left;
}

/** Returns `form` less the squares, `undefined` where a term would be rounded. */
function subtract(form: BinaryForm, squares: readonly Square[]): BinaryForm | undefined {
  const { variables } = form;
  const { sources, targets } = form.quadratic;
  const parts = new Map<number, number[]>();
  const take = (key: number, value: number) => {
    const known = parts.get(key);
    if (known === undefined) parts.set(key, [value]);
    else known.push(value);
  };
  for (const { members, count, weight } of squares)
    for (const [at, i] of members.entries()) {
      take(i * variables + i, -weight * (1 - 2 * count));
      for (const j of members.slice(at + 1)) take(i * variables + j, -2 * weight);
    }
  let isExact = true;
  const less = (value: number, key: number) => {
    const taken = parts.get(key);
    if (taken === undefined) return value;
    const left = exactSum([value, ...taken]);
    isExact &&= exactSum([value, ...taken, -left]) === 0;
    return left;
  };
  const linear = form.linear.map((value, i) => less(value, i * variables + i));
  const weights = form.quadratic.weights.map((value, e) => less(value, sources[e] * variables + targets[e]));
  if (!isExact) return undefined;
  const kept = Array.from(weights.keys()).filter((e) => weights[e] !== 0);
  const pick = <A extends Int32Array | Float64Array>(values: A) => kept.map((e) => values[e]);
  const quadratic = {
    sources: Int32Array.from(pick(sources)),
    targets: Int32Array.from(pick(targets)),
    weights: Float64Array.from(pick(weights)),
  };
  return { ...form, linear, quadratic };
}

/** A number of few binary digits above `value`: what differs from a long one by it rounds least. */
function shortAbove(value: number): number {
  const digit = 2 ** (Math.floor(Math.log2(value)) - 3);
  return (Math.floor(value / digit) + 1) * digit;
}

/**
 * What of each square can go: a little more than what a bit more or less can gain stays, from the smallest scale to
 * the largest.
 */
function partsToTake(rest: BinaryForm, scales: readonly (readonly Square[])[]): Square[] {
  const { variables, linear, quadratic } = rest;
  const [gain, loss] = [new Float64Array(variables), new Float64Array(variables)];
  const count = (i: number, value: number) => {
    if (value < 0) gain[i] -= value;
    else loss[i] += value;
  };
  const parts: Square[] = [];
  for (let i = 0; i < variables; i++) count(i, linear[i]);
  const least = scales.at(-1)?.reduce((lowest, { weight }) => Math.min(lowest, weight), Infinity) ?? 0;
  for (const [e, value] of quadratic.weights.entries()) {
    if (value > FORBIDS * least) continue;
    count(quadratic.sources[e], value);
    count(quadratic.targets[e], value);
  }
  for (const squares of [...scales].reverse()) {
    const stays = squares.map(({ members, weight }) => {
      const most = (values: Float64Array) => members.reduce((high, i) => Math.max(high, values[i]), 0);
      const needed = most(gain) + most(loss);
      const enough = needed > 0 ? shortAbove(needed) : weight;
      return enough < WORTH * weight ? enough : weight;
    });
    for (const [k, { members, weight, ...square }] of squares.entries()) {
      const part = weight - stays[k];
      if (part > 0) parts.push({ ...square, members, weight: part });
      // A square that is off by one, and by one more, costs P and 3 P.
      for (const i of members) {
        gain[i] += 3 * stays[k];
        loss[i] += 3 * stays[k];
      }
    }
  }
  return parts;
}
