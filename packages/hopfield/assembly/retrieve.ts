// One step of softmax retrieval for a group of queries, in f32: out = softmax(β (X q + b)) V. Its twin in
// src/modern/retrieve-twin.ts repeats every operation in the same order.

import { expBelow } from "../../../internal/wasm/assembly/lib/exp";
import { total } from "../../../internal/wasm/assembly/lib/vectors";

const BLOCK: i32 = 64; // pattern rows that stay in the cache while all queries of the group pass over them

/**
 * All pointers in bytes. x: count × d keys, bias: count, v: count × dv values, q: m × d queries, s: m × count scratch
 * (the weights on return), out: m × dv, nearest: m indices. count is a multiple of 4 (padding rows have bias −∞), m of
 * 4, d and dv of 8. threshold: m numbers where `relu` is set (weight 1 above it, 0 otherwise); β else.
 */
export function retrieve(
  x: usize, bias: usize, v: usize, q: usize, s: usize, out: usize, nearest: usize, threshold: usize,
  count: i32, d: i32, dv: i32, m: i32, beta: f32, relu: i32,
): void {
  for (let from = 0; from < count; from += BLOCK) {
    const to = min(from + BLOCK, count);
    for (let row = 0; row < m; row += 4) scores(x, bias, q, s, from, to, row, count, d);
  }
  memory.fill(out, 0, usize(m * dv) << 2);
  for (let row = 0; row < m; row++) {
    const line = s + (usize(row * count) << 2);
    store<u32>(nearest + (usize(row) << 2), largest(line, count));
    const scale = relu
      ? step(line, count, load<f32>(threshold + (usize(row) << 2)))
      : soften(line, count, beta);
    // Kept where the mean goes until it is formed.
    store<f32>(threshold + (usize(row) << 2), scale);
  }
  for (let from = 0; from < count; from += BLOCK) {
    const to = min(from + BLOCK, count);
    for (let row = 0; row < m; row += 4) {
      if (anyWeight(s, from, to, row, count)) gather(v, s, out, from, to, row, count, dv);
    }
  }
  for (let row = 0; row < m; row++) {
    const scale = f32x4.splat(load<f32>(threshold + (usize(row) << 2)));
    const line = out + (usize(row * dv) << 2);
    for (let k: usize = 0; k < usize(dv) << 2; k += 16) v128.store(line + k, f32x4.mul(v128.load(line + k), scale));
  }
}

/** Four queries against patterns from … to − 1, two at a time. */
function scores(x: usize, bias: usize, q: usize, s: usize, from: i32, to: i32, row: i32, count: i32, d: i32): void {
  const width = usize(d) << 2;
  const q0 = q + usize(row) * width;
  const q1 = q0 + width;
  const q2 = q1 + width;
  const q3 = q2 + width;
  const line = usize(count) << 2;
  let at = s + usize(row) * line + (usize(from) << 2);
  for (let p = from; p < to; p += 2, at += 8) {
    const x0 = x + usize(p) * width;
    const x1 = x0 + width;
    let a00 = f32x4.splat(0), a01 = a00, a10 = a00, a11 = a00, a20 = a00, a21 = a00, a30 = a00, a31 = a00;
    for (let k: usize = 0; k < width; k += 16) {
      const u = v128.load(x0 + k);
      const w = v128.load(x1 + k);
      let y = v128.load(q0 + k);
      a00 = f32x4.add(a00, f32x4.mul(u, y));
      a01 = f32x4.add(a01, f32x4.mul(w, y));
      y = v128.load(q1 + k);
      a10 = f32x4.add(a10, f32x4.mul(u, y));
      a11 = f32x4.add(a11, f32x4.mul(w, y));
      y = v128.load(q2 + k);
      a20 = f32x4.add(a20, f32x4.mul(u, y));
      a21 = f32x4.add(a21, f32x4.mul(w, y));
      y = v128.load(q3 + k);
      a30 = f32x4.add(a30, f32x4.mul(u, y));
      a31 = f32x4.add(a31, f32x4.mul(w, y));
    }
    const b0 = load<f32>(bias + (usize(p) << 2));
    const b1 = load<f32>(bias + (usize(p) << 2), 4);
    store<f32>(at, total(a00) + b0);
    store<f32>(at, total(a01) + b1, 4);
    store<f32>(at + line, total(a10) + b0);
    store<f32>(at + line, total(a11) + b1, 4);
    store<f32>(at + 2 * line, total(a20) + b0);
    store<f32>(at + 2 * line, total(a21) + b1, 4);
    store<f32>(at + 3 * line, total(a30) + b0);
    store<f32>(at + 3 * line, total(a31) + b1, 4);
  }
}

/** Index of the first largest score. */
function largest(line: usize, count: i32): u32 {
  let most = load<f32>(line);
  let index: u32 = 0;
  for (let p = 1; p < count; p++) {
    const score = load<f32>(line + (usize(p) << 2));
    if (score > most) {
      most = score;
      index = p;
    }
  }
  return index;
}

/** Replaces scores by exp(β (score − largest)) and returns the reciprocal of their sum. */
function soften(line: usize, count: i32, beta: f32): f32 {
  const bytes = usize(count) << 2;
  let high = v128.load(line);
  for (let k: usize = 16; k < bytes; k += 16) high = f32x4.max(high, v128.load(line + k));
  const most = f32x4.splat(max(
    max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 2)),
    max(f32x4.extract_lane(high, 1), f32x4.extract_lane(high, 3)),
  ));
  const b = f32x4.splat(beta);
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    const weight = expBelow(f32x4.mul(b, f32x4.sub(v128.load(line + k), most)));
    v128.store(line + k, weight);
    sum = f32x4.add(sum, weight);
  }
  return 1 / total(sum);
}

/** Replaces scores by 1 above the threshold and 0 elsewhere and returns the reciprocal of their sum, 0 for none. */
function step(line: usize, count: i32, threshold: f32): f32 {
  const bytes = usize(count) << 2;
  const t = f32x4.splat(threshold);
  const one = f32x4.splat(1);
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    const weight = v128.and(f32x4.gt(v128.load(line + k), t), one);
    v128.store(line + k, weight);
    sum = f32x4.add(sum, weight);
  }
  const active = total(sum);
  return active > 0 ? 1 / active : 0;
}

/** Whether any of four queries gives weight to a pattern from … to − 1: sharp memories skip nearly all of them. */
function anyWeight(s: usize, from: i32, to: i32, row: i32, count: i32): bool {
  const line = usize(count) << 2;
  let any = i32x4.splat(0);
  for (let r = 0; r < 4; r++) {
    const at = s + usize(row + r) * line;
    for (let p = from; p < to; p += 4) any = v128.or(any, v128.load(at + (usize(p) << 2)));
  }
  return v128.any_true(any);
}

/** Adds weight · value of patterns from … to − 1 to the sums of four queries. */
function gather(v: usize, s: usize, out: usize, from: i32, to: i32, row: i32, count: i32, dv: i32): void {
  const width = usize(dv) << 2;
  const line = usize(count) << 2;
  const s0 = s + usize(row) * line;
  const o0 = out + usize(row) * width;
  for (let k: usize = 0; k < width; k += 32) {
    const at = o0 + k;
    let a00 = v128.load(at), a01 = v128.load(at, 16);
    let a10 = v128.load(at + width), a11 = v128.load(at + width, 16);
    let a20 = v128.load(at + 2 * width), a21 = v128.load(at + 2 * width, 16);
    let a30 = v128.load(at + 3 * width), a31 = v128.load(at + 3 * width, 16);
    for (let p = from; p < to; p++) {
      const value = v + usize(p) * width + k;
      const u = v128.load(value);
      const w = v128.load(value, 16);
      const weight = s0 + (usize(p) << 2);
      let y = v128.load32_splat(weight);
      a00 = f32x4.add(a00, f32x4.mul(u, y));
      a01 = f32x4.add(a01, f32x4.mul(w, y));
      y = v128.load32_splat(weight + line);
      a10 = f32x4.add(a10, f32x4.mul(u, y));
      a11 = f32x4.add(a11, f32x4.mul(w, y));
      y = v128.load32_splat(weight + 2 * line);
      a20 = f32x4.add(a20, f32x4.mul(u, y));
      a21 = f32x4.add(a21, f32x4.mul(w, y));
      y = v128.load32_splat(weight + 3 * line);
      a30 = f32x4.add(a30, f32x4.mul(u, y));
      a31 = f32x4.add(a31, f32x4.mul(w, y));
    }
    v128.store(at, a00);
    v128.store(at, a01, 16);
    v128.store(at + width, a10);
    v128.store(at + width, a11, 16);
    v128.store(at + 2 * width, a20);
    v128.store(at + 2 * width, a21, 16);
    v128.store(at + 3 * width, a30);
    v128.store(at + 3 * width, a31, 16);
  }
}
