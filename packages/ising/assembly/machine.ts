// Batches of states of a restricted Boltzmann machine over bits, in f32. A state is the list of its units that are on,
// so that a matrix product is a sum of rows and costs what is on. The twin in src/learn/machine-twin.ts repeats every
// operation in order.
//
// Rows are `width` floats, a multiple of 32 (padding holds zeros). Lists hold u16 indices, `stride` a sample, with u32
// counts.

import { expBelow } from "../../../internal/wasm/assembly/lib/exp";
import { turn } from "../../../internal/wasm/assembly/lib/vectors";
import { nextA, nextB, nextC, nextD, output, uniform } from "../../../internal/wasm/assembly/lib/xoshiro";

const TILE: usize = 128; // bytes of eight vectors: the sums of a tile stay in registers
const CHUNK: i32 = 64; // vectors whose product of ratios, each at least ½, stays a normal f32

/** out[s] = bias + Σ w[i] over the list of each sample. */
export function fields(
  w: usize, bias: usize, lists: usize, counts: usize, out: usize, samples: i32, stride: i32, width: i32,
): void {
  const line = usize(width) << 2;
  for (let tile: usize = 0; tile < line; tile += TILE) {
    for (let s = 0; s < samples; s++) {
      let at = lists + (usize(s * stride) << 1);
      const end = at + (usize(load<u32>(counts + (usize(s) << 2))) << 1);
      const from = bias + tile;
      let a0 = v128.load(from), a1 = v128.load(from, 16), a2 = v128.load(from, 32), a3 = v128.load(from, 48);
      let a4 = v128.load(from, 64), a5 = v128.load(from, 80), a6 = v128.load(from, 96), a7 = v128.load(from, 112);
      for (; at < end; at += 2) {
        const row = w + usize(load<u16>(at)) * line + tile;
        a0 = f32x4.add(a0, v128.load(row));
        a1 = f32x4.add(a1, v128.load(row, 16));
        a2 = f32x4.add(a2, v128.load(row, 32));
        a3 = f32x4.add(a3, v128.load(row, 48));
        a4 = f32x4.add(a4, v128.load(row, 64));
        a5 = f32x4.add(a5, v128.load(row, 80));
        a6 = f32x4.add(a6, v128.load(row, 96));
        a7 = f32x4.add(a7, v128.load(row, 112));
      }
      const to = out + usize(s) * line + tile;
      v128.store(to, a0); v128.store(to, a1, 16); v128.store(to, a2, 32); v128.store(to, a3, 48);
      v128.store(to, a4, 64); v128.store(to, a5, 80); v128.store(to, a6, 96); v128.store(to, a7, 112);
    }
  }
}

/** Replaces fields z by probabilities 1/(1 + exp(−(scale z + offset))), row by row. */
export function squash(z: usize, offset: usize, samples: i32, width: i32, scale: f32): void {
  const line = usize(width) << 2;
  const factor = f32x4.splat(scale);
  const one = f32x4.splat(1);
  for (let s = 0; s < samples; s++) {
    const at = z + usize(s) * line;
    for (let k: usize = 0; k < line; k += 16) {
      const x = f32x4.add(f32x4.mul(factor, v128.load(at + k)), v128.load(offset + k));
      const e = expBelow(f32x4.neg(f32x4.abs(x)));
      const positive = f32x4.ge(x, f32x4.splat(0));
      v128.store(at + k, f32x4.div(v128.bitselect(one, e, positive), f32x4.add(one, e)));
    }
  }
}

/** Draws each unit with its probability and lists those that are on. state: a group of generators. */
export function draw(
  p: usize, lists: usize, counts: usize, state: usize, samples: i32, stride: i32, units: i32, width: i32,
): void {
  let a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48);
  for (let s = 0; s < samples; s++) {
    const row = p + (usize(s * width) << 2);
    const start = lists + (usize(s * stride) << 1);
    let at = start;
    for (let i = 0; i < units; i += 4) {
      let on = i32x4.bitmask(f32x4.lt(uniform(output(a, d)), v128.load(row + (usize(i) << 2))));
      const e = nextA(a, b, d), f = nextB(a, b, c);
      c = nextC(a, b, c); d = nextD(b, d); a = e; b = f;
      if (units - i < 4) on &= (1 << (units - i)) - 1;
      while (on != 0) {
        store<u16>(at, u16(i + ctz(on)));
        at += 2;
        on &= on - 1;
      }
    }
    store<u32>(counts + (usize(s) << 2), u32((at - start) >> 1));
  }
  v128.store(state, a); v128.store(state, b, 16); v128.store(state, c, 32); v128.store(state, d, 48);
}

/** Turns lists of units a sample into lists of samples a unit. */
export function invert(
  lists: usize, counts: usize, byUnit: usize, unitCounts: usize, samples: i32, stride: i32, units: i32, unitStride: i32,
): void {
  memory.fill(unitCounts, 0, usize(units) << 2);
  for (let s = 0; s < samples; s++) {
    let at = lists + (usize(s * stride) << 1);
    const end = at + (usize(load<u32>(counts + (usize(s) << 2))) << 1);
    for (; at < end; at += 2) {
      const i = usize(load<u16>(at));
      const place = unitCounts + (i << 2);
      const n = load<u32>(place);
      store<u16>(byUnit + ((i * usize(unitStride) + usize(n)) << 1), u16(s));
      store<u32>(place, n + 1);
    }
  }
}

/**
 * One step up the likelihood, w += v with v ← momentum v + rate (up Σ₊ plus − down Σ₋ minus − decay w): for every unit
 * i the first sum runs over the samples that have it on in the data, the second over those of the model.
 */
export function ascend(
  w: usize, velocity: usize, units: i32, width: i32,
  plus: usize, plusLists: usize, plusCounts: usize, plusStride: i32, up: f32,
  minus: usize, minusLists: usize, minusCounts: usize, minusStride: i32, down: f32,
  momentum: f32, rate: f32, decay: f32,
): void {
  const line = usize(width) << 2;
  const upward = f32x4.splat(up), downward = f32x4.splat(-down);
  for (let tile: usize = 0; tile < line; tile += TILE) {
    for (let i = 0; i < units; i++) {
      let zero = f32x4.splat(0);
      let a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero, a6 = zero, a7 = zero;
      let at = plusLists + (usize(i * plusStride) << 1);
      let end = at + (usize(load<u32>(plusCounts + (usize(i) << 2))) << 1);
      for (; at < end; at += 2) {
        const row = plus + usize(load<u16>(at)) * line + tile;
        a0 = f32x4.add(a0, v128.load(row));
        a1 = f32x4.add(a1, v128.load(row, 16));
        a2 = f32x4.add(a2, v128.load(row, 32));
        a3 = f32x4.add(a3, v128.load(row, 48));
        a4 = f32x4.add(a4, v128.load(row, 64));
        a5 = f32x4.add(a5, v128.load(row, 80));
        a6 = f32x4.add(a6, v128.load(row, 96));
        a7 = f32x4.add(a7, v128.load(row, 112));
      }
      a0 = f32x4.mul(a0, upward); a1 = f32x4.mul(a1, upward); a2 = f32x4.mul(a2, upward); a3 = f32x4.mul(a3, upward);
      a4 = f32x4.mul(a4, upward); a5 = f32x4.mul(a5, upward); a6 = f32x4.mul(a6, upward); a7 = f32x4.mul(a7, upward);
      let b0 = zero, b1 = zero, b2 = zero, b3 = zero, b4 = zero, b5 = zero, b6 = zero, b7 = zero;
      at = minusLists + (usize(i * minusStride) << 1);
      end = at + (usize(load<u32>(minusCounts + (usize(i) << 2))) << 1);
      for (; at < end; at += 2) {
        const row = minus + usize(load<u16>(at)) * line + tile;
        b0 = f32x4.add(b0, v128.load(row));
        b1 = f32x4.add(b1, v128.load(row, 16));
        b2 = f32x4.add(b2, v128.load(row, 32));
        b3 = f32x4.add(b3, v128.load(row, 48));
        b4 = f32x4.add(b4, v128.load(row, 64));
        b5 = f32x4.add(b5, v128.load(row, 80));
        b6 = f32x4.add(b6, v128.load(row, 96));
        b7 = f32x4.add(b7, v128.load(row, 112));
      }
      const to = usize(i) * line + tile;
      step(w + to, velocity + to, f32x4.add(a0, f32x4.mul(b0, downward)), momentum, rate, decay);
      step(w + to + 16, velocity + to + 16, f32x4.add(a1, f32x4.mul(b1, downward)), momentum, rate, decay);
      step(w + to + 32, velocity + to + 32, f32x4.add(a2, f32x4.mul(b2, downward)), momentum, rate, decay);
      step(w + to + 48, velocity + to + 48, f32x4.add(a3, f32x4.mul(b3, downward)), momentum, rate, decay);
      step(w + to + 64, velocity + to + 64, f32x4.add(a4, f32x4.mul(b4, downward)), momentum, rate, decay);
      step(w + to + 80, velocity + to + 80, f32x4.add(a5, f32x4.mul(b5, downward)), momentum, rate, decay);
      step(w + to + 96, velocity + to + 96, f32x4.add(a6, f32x4.mul(b6, downward)), momentum, rate, decay);
      step(w + to + 112, velocity + to + 112, f32x4.add(a7, f32x4.mul(b7, downward)), momentum, rate, decay);
    }
  }
}

// @ts-ignore: decorator
@inline
function step(w: usize, velocity: usize, gradient: v128, momentum: f32, rate: f32, decay: f32): void {
  const weight = v128.load(w);
  const pull = f32x4.sub(gradient, f32x4.mul(f32x4.splat(decay), weight));
  const v = f32x4.add(f32x4.mul(f32x4.splat(momentum), v128.load(velocity)), f32x4.mul(f32x4.splat(rate), pull));
  v128.store(velocity, v);
  v128.store(w, f32x4.add(weight, v));
}

/** to = fromᵀ for `rows` (a multiple of 4) by `columns` (a multiple of 4) floats with rows of `width` and `toWidth`. */
export function transpose(from: usize, to: usize, rows: i32, columns: i32, width: i32, toWidth: i32): void {
  const line = usize(width) << 2, toLine = usize(toWidth) << 2;
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j < columns; j += 4) {
      turn(from + usize(i) * line + (usize(j) << 2), line, to + usize(j) * toLine + (usize(i) << 2), toLine);
    }
  }
}

/** average += rate (w − average), for `vectors` of four floats. */
export function follow(average: usize, w: usize, vectors: i32, rate: f32): void {
  const share = f32x4.splat(rate);
  for (let k: usize = 0; k < usize(vectors) << 4; k += 16) {
    const a = v128.load(average + k);
    v128.store(average + k, f32x4.add(a, f32x4.mul(share, f32x4.sub(v128.load(w + k), a))));
  }
}

/**
 * For each sample with fields z, the parts of Σ_j ln((1 + e^(after z_j))/(1 + e^(before z_j))): sums[s] = Σ max(z_j,
 * 0), which counts after − before times, and products of (1 + e^(−after |z_j|))/(1 + e^(−before |z_j|)), a product a
 * chunk of 256 units.
 */
export function ratios(
  z: usize, sums: usize, products: usize, samples: i32, units: i32, width: i32, before: f32, after: f32,
): void {
  const vectors = (units + 3) >> 2;
  const chunks = (vectors + CHUNK - 1) / CHUNK;
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  const low = f32x4.splat(-before), high = f32x4.splat(-after);
  for (let s = 0; s < samples; s++) {
    const row = z + (usize(s * width) << 2);
    let sum = zero;
    for (let chunk = 0; chunk < chunks; chunk++) {
      let product = one;
      const end = min((chunk + 1) * CHUNK, vectors);
      for (let k = chunk * CHUNK; k < end; k++) {
        const x = v128.load(row + (usize(k) << 4));
        const size = f32x4.abs(x);
        let ratio = f32x4.div(
          f32x4.add(one, expBelow(f32x4.mul(high, size))),
          f32x4.add(one, expBelow(f32x4.mul(low, size))),
        );
        let positive = f32x4.max(x, zero);
        const left = units - (k << 2);
        if (left < 4) {
          const real = i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3));
          ratio = v128.bitselect(ratio, one, real);
          positive = v128.and(positive, real);
        }
        product = f32x4.mul(product, ratio);
        sum = f32x4.add(sum, positive);
      }
      store<f64>(
        products + (usize(s * chunks + chunk) << 3),
        (f64(f32x4.extract_lane(product, 0)) * f64(f32x4.extract_lane(product, 1)))
          * (f64(f32x4.extract_lane(product, 2)) * f64(f32x4.extract_lane(product, 3))),
      );
    }
    store<f64>(
      sums + (usize(s) << 3),
      (f64(f32x4.extract_lane(sum, 0)) + f64(f32x4.extract_lane(sum, 1)))
        + (f64(f32x4.extract_lane(sum, 2)) + f64(f32x4.extract_lane(sum, 3))),
    );
  }
}
