/**
 * Bulk random numbers: blocks of eight from two groups of xoshiro128++ generators (Blackman & Vigna 2021), four 32-bit
 * lanes a group. The TypeScript twin in src/random/fill-twin.ts repeats every operation in the same order.
 *
 * State: group g, word w, four lanes at byte 64 g + 16 w.
 */

@inline function rotl(v: v128, k: i32): v128 {
  return v128.or(i32x4.shl(v, k), i32x4.shr_u(v, 32 - k));
}

/** √(−2 ln u) for u = (word >> 1 + ½) 2⁻³¹ (unsigned conversion has no instruction), by ln m = 2 artanh((m − 1)/(m + 1)) for a mantissa m in [√½, √2). */
@inline function radius(word: v128): v128 {
  const u = f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(word, 1)), f32x4.splat(0.5)), f32x4.splat(4.656612873077393e-10));
  const k = i32x4.shr_s(i32x4.sub(u, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(u, i32x4.shl(k, 23));
  const f = f32x4.sub(m, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(z, f32x4.splat(0.1111111111111111)), f32x4.splat(0.14285714285714285));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.3333333333333333));
  const t = f32x4.add(s, s);
  const ln = f32x4.add(
    f32x4.mul(f32x4.convert_i32x4_s(k), f32x4.splat(0.6931471805599453)),
    f32x4.add(t, f32x4.mul(t, f32x4.mul(z, p))),
  );
  return f32x4.sqrt(f32x4.mul(ln, f32x4.splat(-2)));
}

/** Writes `blocks` · 8 normal numbers of the given mean and standard deviation to `out` (Box & Muller 1958). */
export function fillNormal(state: usize, out: usize, blocks: i32, mean: f32, sd: f32): void {
  let a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48);
  let e = v128.load(state, 64), f = v128.load(state, 80), g = v128.load(state, 96), h = v128.load(state, 112);
  const shift = f32x4.splat(mean), scale = f32x4.splat(sd);
  const end = out + (<usize>blocks << 5);
  for (; out < end; out += 32) {
    const r = radius(i32x4.add(rotl(i32x4.add(a, d), 7), a));
    const v = i32x4.shl(b, 9);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, v);
    d = rotl(d, 11);
    const w = i32x4.add(rotl(i32x4.add(e, h), 7), e);
    const q = i32x4.shl(f, 9);
    g = v128.xor(g, e);
    h = v128.xor(h, f);
    f = v128.xor(f, g);
    e = v128.xor(e, h);
    g = v128.xor(g, q);
    h = rotl(h, 11);
    // The lower 30 bits: an angle in [−π/4, π/4). Bit 31 mirrors the cosine and bit 30 swaps: all four quarters.
    const x = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(w, 2)), f32x4.splat(3.657291809399961e-10));
    const y = f32x4.mul(x, x);
    let ps = f32x4.add(f32x4.mul(y, f32x4.splat(2.7557319223985893e-6)), f32x4.splat(-1.984126984126984e-4));
    ps = f32x4.add(f32x4.mul(ps, y), f32x4.splat(0.008333333333333333));
    ps = f32x4.add(f32x4.mul(ps, y), f32x4.splat(-0.16666666666666666));
    const sine = f32x4.add(x, f32x4.mul(x, f32x4.mul(y, ps)));
    let pc = f32x4.add(f32x4.mul(y, f32x4.splat(2.48015873015873e-5)), f32x4.splat(-0.001388888888888889));
    pc = f32x4.add(f32x4.mul(pc, y), f32x4.splat(0.041666666666666664));
    pc = f32x4.add(f32x4.mul(pc, y), f32x4.splat(-0.5));
    const mirror = v128.and(w, i32x4.splat(0x80000000));
    const cosine = v128.xor(f32x4.add(f32x4.splat(1), f32x4.mul(y, pc)), mirror);
    const swap = i32x4.shr_s(i32x4.shl(w, 1), 31);
    const first = v128.bitselect(sine, cosine, swap);
    const second = v128.bitselect(cosine, sine, swap);
    v128.store(out, f32x4.add(shift, f32x4.mul(scale, f32x4.mul(r, first))));
    v128.store(out, f32x4.add(shift, f32x4.mul(scale, f32x4.mul(r, second))), 16);
  }
  v128.store(state, a); v128.store(state, b, 16); v128.store(state, c, 32); v128.store(state, d, 48);
  v128.store(state, e, 64); v128.store(state, f, 80); v128.store(state, g, 96); v128.store(state, h, 112);
}

/** Writes `blocks` · 8 numbers low + width · u, u uniform on the multiples of 2⁻²⁴ in [0, 1). */
export function fillUniform(state: usize, out: usize, blocks: i32, low: f32, width: f32): void {
  let a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48);
  let e = v128.load(state, 64), f = v128.load(state, 80), g = v128.load(state, 96), h = v128.load(state, 112);
  const shift = f32x4.splat(low), scale = f32x4.splat(width), unit = f32x4.splat(5.960464477539063e-8);
  const end = out + (<usize>blocks << 5);
  for (; out < end; out += 32) {
    const r = i32x4.add(rotl(i32x4.add(a, d), 7), a);
    const v = i32x4.shl(b, 9);
    c = v128.xor(c, a);
    d = v128.xor(d, b);
    b = v128.xor(b, c);
    a = v128.xor(a, d);
    c = v128.xor(c, v);
    d = rotl(d, 11);
    const w = i32x4.add(rotl(i32x4.add(e, h), 7), e);
    const q = i32x4.shl(f, 9);
    g = v128.xor(g, e);
    h = v128.xor(h, f);
    f = v128.xor(f, g);
    e = v128.xor(e, h);
    g = v128.xor(g, q);
    h = rotl(h, 11);
    const first = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(r, 8)), unit);
    const second = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(w, 8)), unit);
    v128.store(out, f32x4.add(shift, f32x4.mul(scale, first)));
    v128.store(out, f32x4.add(shift, f32x4.mul(scale, second)), 16);
  }
  v128.store(state, a); v128.store(state, b, 16); v128.store(state, c, 32); v128.store(state, d, 48);
  v128.store(state, e, 64); v128.store(state, f, 80); v128.store(state, g, 96); v128.store(state, h, 112);
}
