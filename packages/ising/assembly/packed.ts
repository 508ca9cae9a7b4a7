/**
 * Single-spin dynamics of a lattice whose spins have Z neighbors each, a bit a spin, 128 spins a vector: couplings ±J,
 * one field.
 *
 * A spin's class is its number of unsatisfied bonds (and, in a field, its sign); every class has a probability to flip,
 * as 64 bits. Each spin compares random bits of its own with its class's, from the top, until they differ: it flips
 * when its bit is the lower one.
 */
import { moveLanes } from "./lib/moves";
import { position, refill, setPosition, tapeEnd } from "../../../internal/wasm/assembly/lib/tape";

/** All spins with half their bonds or more unsatisfied share a class. */
const MERGED = 0;
const PLAIN = 1;
const FIELD = 2;

const ROUNDS = 64;

@inline function majority(a: v128, b: v128, odd: v128, c: v128): v128 {
  return v128.bitselect(c, a, odd);
}

/** The bits of a class, or none of them: T is all ones or all zeros. */
@inline function pick(sum: v128, mask: v128, at: usize): v128 {
  return v128.or(sum, v128.and(mask, v128.load(at)));
}

@inline function wanted(
  Z: i32, MODE: i32, at: usize, m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, m6: v128,
): v128 {
  let t = v128.and(m0, v128.load(at));
  t = pick(t, m1, at + 16);
  t = pick(t, m2, at + 32);
  if (MODE !== MERGED || Z === 6) t = pick(t, m3, at + 48);
  if (MODE !== MERGED && Z >= 4) t = pick(t, m4, at + 64);
  if (MODE !== MERGED && Z === 6) {
    t = pick(t, m5, at + 80);
    t = pick(t, m6, at + 96);
  }
  return t;
}

@inline function updateColor(
  Z: i32, MODE: i32, from: usize, count: i32, neighbors: usize, signs: usize, negative: v128, rounds: usize, block: usize,
): void {
  const classes = MODE === MERGED ? (Z === 6 ? 4 : 3) : Z + 1;
  const second: usize = <usize>classes << 4;
  const each: usize = MODE === FIELD ? 2 * second : second;
  const last = rounds + ROUNDS * each;
  const end = tapeEnd(block);
  let tape = position(block);
  let near = neighbors, sign = signs;
  const stop = from + (<usize>count << 4);
  for (let at = from; at < stop; at += 16) {
    const s = v128.load(at);
    const own = v128.xor(s, negative);
    let x0 = v128.xor(own, v128.load(<usize>load<u32>(near)));
    let x1 = v128.xor(own, v128.load(<usize>load<u32>(near, 4)));
    let x2 = v128.xor(own, v128.load(<usize>load<u32>(near, 8)));
    if (sign !== 0) {
      x0 = v128.xor(x0, v128.load(sign));
      x1 = v128.xor(x1, v128.load(sign, 16));
      x2 = v128.xor(x2, v128.load(sign, 32));
    }
    let h = v128.xor(x0, x1);
    let b0 = v128.xor(h, x2);
    let b1 = majority(x0, x1, h, x2);
    let b2 = i64x2.splat(0);
    if (Z === 4) {
      let x3 = v128.xor(own, v128.load(<usize>load<u32>(near, 12)));
      if (sign !== 0) x3 = v128.xor(x3, v128.load(sign, 48));
      const k = v128.and(b0, x3);
      b0 = v128.xor(b0, x3);
      b2 = v128.and(b1, k);
      b1 = v128.xor(b1, k);
    } else if (Z === 6) {
      x0 = v128.xor(own, v128.load(<usize>load<u32>(near, 12)));
      x1 = v128.xor(own, v128.load(<usize>load<u32>(near, 16)));
      x2 = v128.xor(own, v128.load(<usize>load<u32>(near, 20)));
      if (sign !== 0) {
        x0 = v128.xor(x0, v128.load(sign, 48));
        x1 = v128.xor(x1, v128.load(sign, 64));
        x2 = v128.xor(x2, v128.load(sign, 80));
      }
      h = v128.xor(x0, x1);
      const odd = v128.xor(h, x2), two = majority(x0, x1, h, x2);
      const k = v128.and(b0, odd);
      b0 = v128.xor(b0, odd);
      h = v128.xor(b1, two);
      b2 = majority(b1, two, h, k);
      b1 = v128.xor(h, k);
    }
    const some = v128.or(b1, b2);
    const m0 = v128.not(v128.or(b0, some));
    const m1 = v128.andnot(b0, some);
    let m2 = i64x2.splat(0), m3 = m2, m4 = m2, m5 = m2, m6 = m2;
    if (MODE === MERGED && Z < 6) m2 = some;
    else if (MODE === MERGED) {
      m3 = v128.or(b2, v128.and(b0, b1));
      m2 = v128.andnot(b1, m3);
    } else {
      m2 = v128.andnot(b1, v128.or(b0, b2));
      m3 = v128.and(b0, b1);
      m4 = v128.andnot(b2, v128.or(b0, b1));
      m5 = v128.and(b0, b2);
      m6 = v128.and(b1, b2);
    }
    if (tape + 6 * 16 > end) tape = refill(block);
    let undecided = i32x4.splat(-1), hit = i32x4.splat(0);
    let row = rounds;
    for (let round = 0; round < 6; round++) {
      let t = wanted(Z, MODE, row, m0, m1, m2, m3, m4, m5, m6);
      if (MODE === FIELD) t = v128.bitselect(wanted(Z, MODE, row + second, m0, m1, m2, m3, m4, m5, m6), t, s);
      const d = v128.and(undecided, v128.xor(v128.load(tape), t));
      hit = v128.or(hit, v128.and(d, t));
      undecided = v128.andnot(undecided, d);
      tape += 16;
      row += each;
    }
    while (row < last && v128.any_true(undecided)) {
      if (tape + 16 > end) tape = refill(block);
      let t = wanted(Z, MODE, row, m0, m1, m2, m3, m4, m5, m6);
      if (MODE === FIELD) t = v128.bitselect(wanted(Z, MODE, row + second, m0, m1, m2, m3, m4, m5, m6), t, s);
      const d = v128.and(undecided, v128.xor(v128.load(tape), t));
      hit = v128.or(hit, v128.and(d, t));
      undecided = v128.andnot(undecided, d);
      tape += 16;
      row += each;
    }
    v128.store(at, v128.xor(s, hit));
    near += Z << 2;
    if (sign !== 0) sign += Z << 4;
  }
  setPosition(block, tape);
}

/** One function a number of neighbors and a mode, so that each keeps what it needs in registers. */
function merged3(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(3, MERGED, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

function merged4(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(4, MERGED, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

function merged6(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(6, MERGED, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

function plain3(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(3, PLAIN, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

function plain4(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(4, PLAIN, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

function plain6(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(6, PLAIN, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

function field3(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(3, FIELD, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

function field4(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(4, FIELD, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

function field6(from: usize, count: i32, near: usize, signs: usize, negative: i32, rounds: usize, block: usize): void {
  updateColor(6, FIELD, from, count, near, signs, i32x4.splat(negative), rounds, block);
}

/**
 * Runs sweeps over the colors. A color is 24 bytes of `colors`: its first vector, their number, the addresses of its
 * neighbors (Z a vector), its bonds' signs (Z vectors a vector; 0 when all are alike), and the list and number of the
 * moves that must precede it. `negative` is −1 where all couplings are negative.
 */
export function sweepPacked(
  z: i32, mode: i32, colors: usize, count: i32, negative: i32, rounds: usize, block: usize, sweeps: i32,
): void {
  for (let i = 0; i < sweeps; i++) {
    for (let c = colors, end = colors + 24 * count; c < end; c += 24) {
      const from = <usize>load<u32>(c), size = load<i32>(c, 4), near = <usize>load<u32>(c, 8), signs = <usize>load<u32>(c, 12);
      moveLanes(<usize>load<u32>(c, 16), load<i32>(c, 20));
      if (z === 3) {
        if (mode === MERGED) merged3(from, size, near, signs, negative, rounds, block);
        else if (mode === PLAIN) plain3(from, size, near, signs, negative, rounds, block);
        else field3(from, size, near, signs, negative, rounds, block);
      } else if (z === 4) {
        if (mode === MERGED) merged4(from, size, near, signs, negative, rounds, block);
        else if (mode === PLAIN) plain4(from, size, near, signs, negative, rounds, block);
        else field4(from, size, near, signs, negative, rounds, block);
      } else if (mode === MERGED) merged6(from, size, near, signs, negative, rounds, block);
      else if (mode === PLAIN) plain6(from, size, near, signs, negative, rounds, block);
      else field6(from, size, near, signs, negative, rounds, block);
    }
  }
}

@inline function bits(v: v128): u64 {
  return popcnt(<u64>i64x2.extract_lane(v, 0)) + popcnt(<u64>i64x2.extract_lane(v, 1));
}

/** Number of unsatisfied bonds among the first `bonds` (3, 4 or 6) of each spin of `colors`. */
export function unsatisfiedBonds(z: i32, bonds: i32, colors: usize, count: i32, negative: i32): f64 {
  const flip = i32x4.splat(negative);
  let ones: u64 = 0, twos: u64 = 0;
  for (let c = colors, end = colors + 24 * count; c < end; c += 24) {
    moveLanes(<usize>load<u32>(c, 16), load<i32>(c, 20));
    let near = <usize>load<u32>(c, 8), sign = <usize>load<u32>(c, 12);
    const from = <usize>load<u32>(c);
    for (let at = from, stop = from + (<usize>load<i32>(c, 4) << 4); at < stop; at += 16) {
      const own = v128.xor(v128.load(at), flip);
      for (let k = 0; k < bonds; k += 3) {
        const n = near + (k << 2), g = sign + (k << 4);
        let x0 = v128.xor(own, v128.load(<usize>load<u32>(n)));
        if (sign !== 0) x0 = v128.xor(x0, v128.load(g));
        if (k + 1 === bonds) {
          ones += bits(x0);
          break;
        }
        let x1 = v128.xor(own, v128.load(<usize>load<u32>(n, 4)));
        let x2 = v128.xor(own, v128.load(<usize>load<u32>(n, 8)));
        if (sign !== 0) {
          x1 = v128.xor(x1, v128.load(g, 16));
          x2 = v128.xor(x2, v128.load(g, 32));
        }
        const h = v128.xor(x0, x1);
        ones += bits(v128.xor(h, x2));
        twos += bits(majority(x0, x1, h, x2));
      }
      near += z << 2;
      if (sign !== 0) sign += z << 4;
    }
  }
  return <f64>(ones + 2 * twos);
}

/** Number of set bits of `count` vectors. */
export function upSpins(from: usize, count: i32): f64 {
  let sum: u64 = 0;
  for (let at = from, end = from + (<usize>count << 4); at < end; at += 16) {
    sum += popcnt(load<u64>(at)) + popcnt(load<u64>(at, 8));
  }
  return <f64>sum;
}
