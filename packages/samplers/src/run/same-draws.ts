import type { StateArray } from "./draws.ts";

/** The fewest numbers whose agreement is no accident, even where each is a spin. */
const LEAST_NUMBERS = 64;

/** Fewer different values than this are those of spins or labels, which agree by accident in short chains. */
const LEAST_VALUES = 4;

/**
 * Whether two chains of row-major draws move and are equal: one run that is counted twice, because of its seed or its
 * file.
 */
export function sameDraws(a: StateArray, b: StateArray, dimension: number): boolean {
  if (a.length !== b.length) return false;
  const values = new Set<number>();
  let moves = false;
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) return false;
    if (values.size < LEAST_VALUES) values.add(a[i]);
    if (i >= dimension && !Object.is(a[i], a[i - dimension])) moves = true;
  }
  return moves && (values.size >= LEAST_VALUES || a.length >= LEAST_NUMBERS);
}
