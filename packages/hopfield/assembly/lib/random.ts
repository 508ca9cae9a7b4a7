/** xoshiro128++ (Blackman & Vigna 2021) on four words at `state`, and the shuffle of energy-core/random, draw for draw. */

@inline
function uint32(state: usize): u32 {
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

/** Lemire (2019): the upper half of a product; the slow remainder is needed only where the lower half is below n. */
@inline
function index(state: usize, n: u32): u32 {
  let product: u64 = 0;
  let low: u32 = 0;
  do {
    product = u64(uint32(state)) * u64(n);
    low = u32(product);
  } while (low < n && low < (0 - n) % n);
  return u32(product >> 32);
}

export function shuffle(state: usize, values: usize, count: i32): void {
  for (let i = count - 1; i > 0; i--) {
    const a = values + (usize(i) << 2);
    const b = values + (usize(index(state, i + 1)) << 2);
    const kept = load<u32>(a);
    store<u32>(a, load<u32>(b));
    store<u32>(b, kept);
  }
}
