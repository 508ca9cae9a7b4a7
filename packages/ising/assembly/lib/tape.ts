/**
 * Random bits for the lattice kernels: a tape of vectors in memory, refilled by four groups of xoshiro128++ generators
 * (Blackman & Vigna 2021), four 32-bit lanes a group. Filling in bulk keeps the generators' state in registers.
 *
 * Block layout, in bytes: 0 … 255 the state (group g, word w at 64 g + 16 w), 256 the read position, 272 … the tape.
 */

export const TAPE_VECTORS: usize = 256;
export const TAPE_START: usize = 272;
export const TAPE_END: usize = TAPE_START + (TAPE_VECTORS << 4);

@inline function rotl(v: v128, k: i32): v128 {
  return v128.or(i32x4.shl(v, k), i32x4.shr_u(v, 32 - k));
}

/** Fills half the tape's columns from two groups: vectors 4 i + 2 pair and the one after it. */
function fillPair(block: usize, pair: usize): void {
  const state = block + (pair << 7);
  let a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48);
  let e = v128.load(state, 64), f = v128.load(state, 80), g = v128.load(state, 96), h = v128.load(state, 112);
  const end = block + TAPE_END;
  for (let at = block + TAPE_START + (pair << 5); at < end; at += 64) {
    v128.store(at, i32x4.add(rotl(i32x4.add(a, d), 7), a));
    const t = i32x4.shl(b, 9);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, t);
    d = rotl(d, 11);
    v128.store(at, i32x4.add(rotl(i32x4.add(e, h), 7), e), 16);
    const u = i32x4.shl(f, 9);
    g = v128.xor(g, e);
    h = v128.xor(h, f);
    f = v128.xor(f, g);
    e = v128.xor(e, h);
    g = v128.xor(g, u);
    h = rotl(h, 11);
  }
  v128.store(state, a); v128.store(state, b, 16); v128.store(state, c, 32); v128.store(state, d, 48);
  v128.store(state, e, 64); v128.store(state, f, 80); v128.store(state, g, 96); v128.store(state, h, 112);
}

/** Refills the whole tape and returns the address of its first vector. */
export function refill(block: usize): usize {
  fillPair(block, 0);
  fillPair(block, 1);
  return block + TAPE_START;
}
