// Synchronous recall of 16 states at once in a Hebbian memory, by tables of partial sums (the method of Four Russians):
// sixteen sums for every four patterns, or neurons, are formed once and then looked up by four bits at a time. Lanes
// are states; integers only.

/**
 * Makes one sweep of 16 states: S_i ← +1 if 2 Σ_{μ: ξ_i = +1} M^μ − Σ_μ M^μ − P S_i ≥ limit_i, else −1.
 *
 * rows: patterns × words of 64 bits; columns: neurons × ceil(patterns / 8) bytes; spins: neurons × 16 bytes, replaced
 * by the new ones; before: the states of the sweep before, replaced by the old ones; sums: patterns (rounded up to 8) ×
 * 16 numbers of 32 bits, scratch; table: 1024 bytes for every four patterns and at least 4096, scratch. Returns the
 * states that changed in bits 0 … 15 and those that differ from two sweeps ago in bits 16 … 31.
 */
export function sweep(
  rows: usize, columns: usize, spins: usize, before: usize, limits: usize, sums: usize, table: usize,
  patterns: i32, neurons: i32,
): u32 {
  measure(rows, spins, sums, table, patterns, neurons);
  tabulate(sums, table, patterns);
  const groups = (patterns + 3) >> 2;
  const bytes = usize((patterns + 7) >> 3);
  let t0 = i32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
  for (let mu = 0; mu < patterns; mu++) {
    const at = sums + (usize(mu) << 6);
    t0 = i32x4.add(t0, v128.load(at));
    t1 = i32x4.add(t1, v128.load(at, 16));
    t2 = i32x4.add(t2, v128.load(at, 32));
    t3 = i32x4.add(t3, v128.load(at, 48));
  }
  const p = i32x4.splat(patterns);
  let changed = i8x16.splat(0);
  let moved = changed;
  for (let i = 0; i < neurons; i++) {
    const column = columns + usize(i) * bytes;
    let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    let entry = table;
    for (let g = 0; g < groups; g += 2, entry += 2048) {
      const byte = usize(load<u8>(column + usize(g >> 1)));
      const low = entry + ((byte & 15) << 6);
      const high = entry + 1024 + ((byte >> 4) << 6);
      a0 = i32x4.add(a0, i32x4.add(v128.load(low), v128.load(high)));
      a1 = i32x4.add(a1, i32x4.add(v128.load(low, 16), v128.load(high, 16)));
      a2 = i32x4.add(a2, i32x4.add(v128.load(low, 32), v128.load(high, 32)));
      a3 = i32x4.add(a3, i32x4.add(v128.load(low, 48), v128.load(high, 48)));
    }
    const at = spins + (usize(i) << 4);
    const spin = v128.load(at);
    const near = i16x8.extend_low_i8x16_s(spin);
    const far = i16x8.extend_high_i8x16_s(spin);
    const limit = i32x4.splat(load<i32>(limits + (usize(i) << 2)));
    const up = i8x16.narrow_i16x8_s(
      i16x8.narrow_i32x4_s(
        reaches(a0, t0, p, i32x4.extend_low_i16x8_s(near), limit),
        reaches(a1, t1, p, i32x4.extend_high_i16x8_s(near), limit),
      ),
      i16x8.narrow_i32x4_s(
        reaches(a2, t2, p, i32x4.extend_low_i16x8_s(far), limit),
        reaches(a3, t3, p, i32x4.extend_high_i16x8_s(far), limit),
      ),
    );
    // A set mask is −1: 1 where it is set, −1 elsewhere.
    const next = v128.or(v128.not(up), i8x16.splat(1));
    const last = before + (usize(i) << 4);
    changed = v128.or(changed, v128.xor(next, spin));
    moved = v128.or(moved, v128.xor(next, v128.load(last)));
    v128.store(last, spin);
    v128.store(at, next);
  }
  return u32(i8x16.bitmask(i8x16.ne(changed, i8x16.splat(0)))) | (u32(i8x16.bitmask(i8x16.ne(moved, i8x16.splat(0)))) << 16);
}

// @ts-ignore: decorator
@inline
function reaches(chosen: v128, total: v128, patterns: v128, spin: v128, limit: v128): v128 {
  const field = i32x4.sub(i32x4.sub(i32x4.shl(chosen, 1), total), i32x4.mul(patterns, spin));
  return i32x4.ge_s(field, limit);
}

/** Writes M^μ = Σ_i ξ_i^μ S_i of each state, 64 neurons at a time. */
function measure(rows: usize, spins: usize, sums: usize, table: usize, patterns: i32, neurons: i32): void {
  memory.fill(sums, 0, usize((patterns + 7) & ~7) << 6);
  const words = (neurons + 63) >> 6;
  for (let w = 0; w < words; w++) {
    for (let g = 0; g < 16; g++) {
      const base = (w << 6) + (g << 2);
      const entry = table + (usize(g) << 8);
      const s0 = spinsOf(spins, base, neurons);
      const s1 = spinsOf(spins, base + 1, neurons);
      const s2 = spinsOf(spins, base + 2, neurons);
      const s3 = spinsOf(spins, base + 3, neurons);
      for (let c = 0; c < 16; c++) {
        const low = i8x16.add(c & 1 ? s0 : i8x16.neg(s0), c & 2 ? s1 : i8x16.neg(s1));
        const high = i8x16.add(c & 4 ? s2 : i8x16.neg(s2), c & 8 ? s3 : i8x16.neg(s3));
        v128.store(entry + (usize(c) << 4), i8x16.add(low, high));
      }
    }
    for (let mu = 0; mu < patterns; mu++) {
      let word = load<u64>(rows + (usize(mu * words + w) << 3));
      let sum = i8x16.splat(0);
      for (let entry = table; entry < table + 4096; entry += 256, word >>= 4) {
        sum = i8x16.add(sum, v128.load(entry + (usize(word & 15) << 4)));
      }
      const at = sums + (usize(mu) << 6);
      const near = i16x8.extend_low_i8x16_s(sum);
      const far = i16x8.extend_high_i8x16_s(sum);
      v128.store(at, i32x4.add(v128.load(at), i32x4.extend_low_i16x8_s(near)));
      v128.store(at, i32x4.add(v128.load(at, 16), i32x4.extend_high_i16x8_s(near)), 16);
      v128.store(at, i32x4.add(v128.load(at, 32), i32x4.extend_low_i16x8_s(far)), 32);
      v128.store(at, i32x4.add(v128.load(at, 48), i32x4.extend_high_i16x8_s(far)), 48);
    }
  }
}

// @ts-ignore: decorator
@inline
function spinsOf(spins: usize, i: i32, neurons: i32): v128 {
  return i < neurons ? v128.load(spins + (usize(i) << 4)) : i8x16.splat(0);
}

/** For every four patterns the sums of each subset of their overlaps. */
function tabulate(sums: usize, table: usize, patterns: i32): void {
  const groups = ((patterns + 7) >> 3) << 1;
  for (let g = 0; g < groups; g++) {
    const from = sums + (usize(g) << 8);
    const entry = table + (usize(g) << 10);
    for (let lane: usize = 0; lane < 64; lane += 16) {
      const m0 = v128.load(from + lane);
      const m1 = v128.load(from + lane, 64);
      const m2 = v128.load(from + lane, 128);
      const m3 = v128.load(from + lane, 192);
      for (let c = 0; c < 16; c++) {
        let sum = i32x4.splat(0);
        if (c & 1) sum = i32x4.add(sum, m0);
        if (c & 2) sum = i32x4.add(sum, m1);
        if (c & 4) sum = i32x4.add(sum, m2);
        if (c & 8) sum = i32x4.add(sum, m3);
        v128.store(entry + (usize(c) << 6) + lane, sum);
      }
    }
  }
}

/** Puts a state of `neurons` bytes into a lane; the lane comes back to nothing, as no state is all zeros. */
export function put(state: usize, spins: usize, before: usize, lane: i32, neurons: i32): void {
  for (let i: usize = 0; i < usize(neurons); i++) {
    const at = (i << 4) + usize(lane);
    store<u8>(spins + at, load<u8>(state + i));
    store<u8>(before + at, 0);
  }
}

/** Copies the state of a lane. */
export function take(state: usize, spins: usize, lane: i32, neurons: i32): void {
  for (let i: usize = 0; i < usize(neurons); i++) store<u8>(state + i, load<u8>(spins + (i << 4) + usize(lane)));
}
