/**
 * xoshiro128++ (Blackman & Vigna 2021), the only generator that kernels draw from. A generator alone is four 32-bit
 * words; a group is four generators, whose word w lies in the four lanes of the vector at byte 16 w. The twin of all of
 * it is `nextWord` of
 * @basin/energy-core/internal.
 *
 *     one generator   | a | b | c | d |                       4 bytes each
 *     a group         | a₀ … a₃ | b₀ … b₃ | c₀ … c₃ | d₀ … d₃ |   16 bytes each
 */

/** Bytes of a group of four generators. */
export const GROUP: usize = 64;

/** Advances one generator and returns its output. */
@inline export function word(state: usize): u32 {
  const a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  const result = rotl<u32>(a + d, 7) + a;
  const shifted = b << 9;
  c ^= a;
  d ^= b;
  b ^= c;
  store<u32>(state, a ^ d);
  store<u32>(state, b, 4);
  store<u32>(state, c ^ shifted, 8);
  store<u32>(state, rotl<u32>(d, 11), 12);
  return result;
}

@inline function rotate(v: v128, k: i32): v128 {
  return v128.or(i32x4.shl(v, k), i32x4.shr_u(v, 32 - k));
}

/** The output of a group in the state a, b, c, d. */
@inline export function output(a: v128, d: v128): v128 {
  return i32x4.add(rotate(i32x4.add(a, d), 7), a);
}

/** The state after a, b, c, d, word by word. A loop holds the words in locals, as no function returns four vectors. */
@inline export function nextA(a: v128, b: v128, d: v128): v128 {
  return v128.xor(a, v128.xor(d, b));
}

@inline export function nextB(a: v128, b: v128, c: v128): v128 {
  return v128.xor(b, v128.xor(c, a));
}

@inline export function nextC(a: v128, b: v128, c: v128): v128 {
  return v128.xor(v128.xor(c, a), i32x4.shl(b, 9));
}

@inline export function nextD(b: v128, d: v128): v128 {
  return rotate(v128.xor(d, b), 11);
}

/** Writes four words of each of two groups, which lie one after the other, at `at`, `at` + `stride`, … below `end`. */
export function fillPair(state: usize, at: usize, end: usize, stride: usize): void {
  let a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48);
  let e = v128.load(state, 64), f = v128.load(state, 80), g = v128.load(state, 96), h = v128.load(state, 112);
  for (; at < end; at += stride) {
    v128.store(at, output(a, d));
    v128.store(at, output(e, h), 16);
    const p = nextA(a, b, d), q = nextB(a, b, c);
    c = nextC(a, b, c); d = nextD(b, d); a = p; b = q;
    const r = nextA(e, f, h), s = nextB(e, f, g);
    g = nextC(e, f, g); h = nextD(f, h); e = r; f = s;
  }
  v128.store(state, a); v128.store(state, b, 16); v128.store(state, c, 32); v128.store(state, d, 48);
  v128.store(state, e, 64); v128.store(state, f, 80); v128.store(state, g, 96); v128.store(state, h, 112);
}

/** Uniform multiples of 2⁻²⁴ in [0, 1) from random words. */
@inline export function uniform(words: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(words, 8)), f32x4.splat(5.960464477539063e-8));
}
