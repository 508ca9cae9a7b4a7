import { madd } from "../../../internal/wasm/assembly/lib/vectors";

/** Twelve chains of multiply-adds in registers, 48 a round, and their sums at `out`: what a core can do at most. */
export function multiplyAdds(rounds: i32, out: usize): void {
  const a = v128.load(out, 64), x = v128.load(out, 80);
  let p0 = v128.load(out), p1 = v128.load(out, 16), p2 = v128.load(out, 32), p3 = v128.load(out, 48);
  let p4 = f32x4.neg(p0), p5 = f32x4.neg(p1), p6 = f32x4.neg(p2), p7 = f32x4.neg(p3);
  let p8 = f32x4.abs(p0), p9 = f32x4.abs(p1), p10 = f32x4.abs(p2), p11 = f32x4.abs(p3);
  for (let i = 0; i < rounds; i++) {
    p0 = madd(a, x, p0); p1 = madd(a, x, p1); p2 = madd(a, x, p2); p3 = madd(a, x, p3);
    p4 = madd(a, x, p4); p5 = madd(a, x, p5); p6 = madd(a, x, p6); p7 = madd(a, x, p7);
    p8 = madd(a, x, p8); p9 = madd(a, x, p9); p10 = madd(a, x, p10); p11 = madd(a, x, p11);
  }
  v128.store(out, f32x4.add(f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3)), f32x4.add(f32x4.add(p4, p5), f32x4.add(p6, p7))));
  v128.store(out, f32x4.add(f32x4.add(p8, p9), f32x4.add(p10, p11)), 16);
}
