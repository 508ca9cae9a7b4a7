/**
 * Bulk random numbers: blocks of eight from two groups of generators, whose words are drawn into the place of the
 * numbers and then replaced by them. The TypeScript twin in src/random/fill-twin.ts repeats every operation in the same
 * order.
 */
import { log32 } from "../../../internal/wasm/assembly/lib/log";
import { fillPair, nextA, nextB, nextC, nextD, output, uniform } from "../../../internal/wasm/assembly/lib/xoshiro";

/** √(−2 ln u) for u = (word >> 1 + ½) 2⁻³¹ (unsigned conversion has no instruction). */
@inline function radius(word: v128): v128 {
  const u = f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(word, 1)), f32x4.splat(0.5)), f32x4.splat(4.656612873077393e-10));
  return f32x4.sqrt(f32x4.mul(log32(u), f32x4.splat(-2)));
}

/** Writes `blocks` · 8 normal numbers of the given mean and standard deviation to `out` (Box & Muller 1958). */
export function fillNormal(state: usize, out: usize, blocks: i32, mean: f32, sd: f32): void {
  const shift = f32x4.splat(mean), scale = f32x4.splat(sd);
  const end = out + (<usize>blocks << 5);
  fillPair(state, out, end, 32);
  for (; out < end; out += 32) {
    const r = radius(v128.load(out)), w = v128.load(out, 16);
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
}

/** Writes `blocks` · 8 numbers low + width · u, u uniform on the multiples of 2⁻²⁴ in [0, 1). */
export function fillUniform(state: usize, out: usize, blocks: i32, low: f32, width: f32): void {
  const shift = f32x4.splat(low), scale = f32x4.splat(width);
  const end = out + (<usize>blocks << 5);
  let a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48);
  let e = v128.load(state, 64), f = v128.load(state, 80), g = v128.load(state, 96), h = v128.load(state, 112);
  for (; out < end; out += 32) {
    v128.store(out, f32x4.add(shift, f32x4.mul(scale, uniform(output(a, d)))));
    v128.store(out, f32x4.add(shift, f32x4.mul(scale, uniform(output(e, h)))), 16);
    const p = nextA(a, b, d), q = nextB(a, b, c);
    c = nextC(a, b, c); d = nextD(b, d); a = p; b = q;
    const r = nextA(e, f, h), s = nextB(e, f, g);
    g = nextC(e, f, g); h = nextD(f, h); e = r; f = s;
  }
  v128.store(state, a); v128.store(state, b, 16); v128.store(state, c, 32); v128.store(state, d, 48);
  v128.store(state, e, 64); v128.store(state, f, 80); v128.store(state, g, 96); v128.store(state, h, 112);
}
