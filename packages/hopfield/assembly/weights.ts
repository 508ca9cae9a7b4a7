// Asynchronous recall with N × N weights and cached fields, in double precision: every addition in the order of
// denseQuadratic's cursor of energy-core, so that both give the same bits.

import { shuffle } from "../../../internal/wasm/assembly/lib/shuffle";

const BLOCK: i32 = 4; // rows of the weights that are added in one pass over the fields
const TILE: usize = 2048; // bytes of a row of fields that stay in the nearest cache while all rows of the weights pass over them

/**
 * Writes f_i = Σ_j w_ij S_j − θ_i of `count` states (rows of `neurons` bytes) into rows of `stride` numbers, a multiple
 * of 2 and also the stride of the weights, whose padding is zero. The sum runs over j in ascending order for each i.
 */
export function fields(
  weights: usize, states: usize, thresholds: usize, out: usize, neurons: i32, stride: i32, count: i32,
): void {
  const width = usize(stride) << 3;
  memory.fill(out, 0, usize(count) * width);
  for (let from: usize = 0; from < width; from += TILE) {
    const to = min(from + TILE, width);
    for (let j = 0; j < neurons; j += BLOCK) {
      const rows = min(BLOCK, neurons - j);
      const row = weights + usize(j) * width;
      for (let r = 0; r < count; r += 2) {
        const s = states + usize(r * neurons + j);
        const line = out + usize(r) * width;
        const paired = r + 1 < count;
        if (rows === BLOCK && paired) addFourToTwo(row, width, line, s, s + usize(neurons), from, to);
        else if (rows === BLOCK) addFour(row, width, line, s, from, to);
        else {
          for (let k = 0; k < rows; k++) {
            addOne(row + usize(k) * width, line, sign(s + usize(k)), from, to);
            if (paired) addOne(row + usize(k) * width, line + width, sign(s + usize(neurons + k)), from, to);
          }
        }
      }
    }
  }
  for (let r = 0; r < count; r++) {
    const line = out + usize(r) * width;
    for (let at: usize = 0; at < usize(neurons) << 3; at += 8) {
      store<f64>(line + at, load<f64>(line + at) - load<f64>(thresholds + at));
    }
  }
}

// @ts-ignore: decorator
@inline
function sign(s: usize): v128 {
  const spin: i32 = load<i8>(s);
  return f64x2.splat(f64(spin));
}

function addFour(row: usize, width: usize, out: usize, s: usize, from: usize, to: usize): void {
  const s0 = sign(s), s1 = sign(s + 1), s2 = sign(s + 2), s3 = sign(s + 3);
  for (let at = from; at < to; at += 16) {
    let a = v128.load(out + at);
    a = f64x2.add(a, f64x2.mul(v128.load(row + at), s0));
    a = f64x2.add(a, f64x2.mul(v128.load(row + width + at), s1));
    a = f64x2.add(a, f64x2.mul(v128.load(row + 2 * width + at), s2));
    a = f64x2.add(a, f64x2.mul(v128.load(row + 3 * width + at), s3));
    v128.store(out + at, a);
  }
}

function addFourToTwo(row: usize, width: usize, out: usize, s: usize, t: usize, from: usize, to: usize): void {
  const s0 = sign(s), s1 = sign(s + 1), s2 = sign(s + 2), s3 = sign(s + 3);
  const t0 = sign(t), t1 = sign(t + 1), t2 = sign(t + 2), t3 = sign(t + 3);
  for (let at = from; at < to; at += 16) {
    const w0 = v128.load(row + at);
    const w1 = v128.load(row + width + at);
    const w2 = v128.load(row + 2 * width + at);
    const w3 = v128.load(row + 3 * width + at);
    let a = v128.load(out + at);
    let b = v128.load(out + width + at);
    a = f64x2.add(a, f64x2.mul(w0, s0));
    b = f64x2.add(b, f64x2.mul(w0, t0));
    a = f64x2.add(a, f64x2.mul(w1, s1));
    b = f64x2.add(b, f64x2.mul(w1, t1));
    a = f64x2.add(a, f64x2.mul(w2, s2));
    b = f64x2.add(b, f64x2.mul(w2, t2));
    a = f64x2.add(a, f64x2.mul(w3, s3));
    b = f64x2.add(b, f64x2.mul(w3, t3));
    v128.store(out + at, a);
    v128.store(out + width + at, b);
  }
}

// @ts-ignore: decorator
@inline
function addOne(row: usize, out: usize, factor: v128, from: usize, to: usize): void {
  for (let at = from; at < to; at += 16) {
    v128.store(out + at, f64x2.add(v128.load(out + at), f64x2.mul(v128.load(row + at), factor)));
  }
}

/**
 * Visits each neuron of `free` (in a random order where `random` is set; `order` is scratch for it) and turns it where
 * that lowers the energy, or costs nothing and gives +1. Returns the number of flips; `energy` points to E, which is
 * kept up to date.
 */
export function sweep(
  weights: usize, line: usize, state: usize, free: usize, order: usize, rng: usize, energy: usize,
  count: i32, stride: i32, random: i32,
): i32 {
  memory.copy(order, free, usize(count) << 2);
  if (random) shuffle(rng, order, count);
  const width = usize(stride) << 3;
  let e = load<f64>(energy);
  let flips = 0;
  for (let k = 0; k < count; k++) {
    const i = usize(load<u32>(order + (usize(k) << 2)));
    const spin: i32 = load<i8>(state + i);
    const field = load<f64>(line + (i << 3));
    const delta = f64(2 * spin) * field;
    if (delta > 0 || (delta === 0 && spin > 0)) continue;
    e += delta;
    store<i8>(state + i, i8(-spin));
    addOne(weights + i * width, line, f64x2.splat(f64(-2 * spin)), 0, width);
    flips++;
  }
  store<f64>(energy, e);
  return flips;
}
