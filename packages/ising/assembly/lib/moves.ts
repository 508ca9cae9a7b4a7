/**
 * Moves between the 128 tiles of a lattice, whose bits of one vector are one site of every tile: each result holds, for
 * every tile, the bit of a neighboring tile. Codes 0 … 3 are for 16 × 8 tiles (column at bit 0, row at bit 4), 4 … 9
 * for 8 × 4 × 4 (column at bit 0, row at bit 3, layer at bit 5); any other code leaves bits where they are.
 */
import { fromAbove, fromBelow, fromLeft, fromRight } from "./tiles";

export function shift(v: v128, code: i32): v128 {
  switch (code) {
    case 0: return fromLeft(v);
    case 1: return fromRight(v);
    case 2: return fromAbove(v);
    case 3: return fromBelow(v);
    case 4: return v128.or(i8x16.shl(v, 1), i8x16.shr_u(v, 7));
    case 5: return v128.or(i8x16.shr_u(v, 1), i8x16.shl(v, 7));
    case 6: return v128.or(i32x4.shl(v, 8), i32x4.shr_u(v, 24));
    case 7: return v128.or(i32x4.shr_u(v, 8), i32x4.shl(v, 24));
    case 8: return i8x16.shuffle(v, v, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    case 9: return i8x16.shuffle(v, v, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
    default: return v;
  }
}

/** Carries out a list of `count` moves (from, to, code), 12 bytes each. */
export function moveLanes(list: usize, count: i32): void {
  for (let at = list, end = list + <usize>count * 12; at < end; at += 12) {
    v128.store(<usize>load<u32>(at, 4), shift(v128.load(<usize>load<u32>(at)), load<i32>(at, 8)));
  }
}
