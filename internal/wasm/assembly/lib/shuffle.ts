import { word } from "./xoshiro";

/**
 * A uniform integer in [0, n) (Lemire 2019): the upper half of a product; the slow remainder is needed only where the
 * lower half is below n.
 */
@inline function index(state: usize, n: u32): u32 {
  let product: u64 = 0;
  let low: u32 = 0;
  do {
    product = u64(word(state)) * u64(n);
    low = u32(product);
  } while (low < n && low < (0 - n) % n);
  return u32(product >> 32);
}

/** Shuffles `count` words with the generator at `state`, draw for draw as `shuffle` of @basin/energy-core/random. */
export function shuffle(state: usize, values: usize, count: i32): void {
  for (let i = count - 1; i > 0; i--) {
    const a = values + (usize(i) << 2);
    const b = values + (usize(index(state, i + 1)) << 2);
    const kept = load<u32>(a);
    store<u32>(a, load<u32>(b));
    store<u32>(b, kept);
  }
}
