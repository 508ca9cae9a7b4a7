// Written out rather than looped over: accumulators stay in registers only as separate locals.

/** c += a·b for 6 rows and eight columns of c: a holds its column k at k · `across`, b its row k at 32 k. */
@inline
export function tile6(a: usize, across: usize, b: usize, steps: i32, c: usize, row: usize): void {
  let p0 = v128.load(c), q0 = v128.load(c, 16);
  let p1 = v128.load(c + 1 * row), q1 = v128.load(c + 1 * row, 16);
  let p2 = v128.load(c + 2 * row), q2 = v128.load(c + 2 * row, 16);
  let p3 = v128.load(c + 3 * row), q3 = v128.load(c + 3 * row, 16);
  let p4 = v128.load(c + 4 * row), q4 = v128.load(c + 4 * row, 16);
  let p5 = v128.load(c + 5 * row), q5 = v128.load(c + 5 * row, 16);
  const whole = a + <usize>(steps & -4) * across, end = a + <usize>steps * across;
  for (; a < whole; b += 128) {
    const left0 = v128.load(b, 0), right0 = v128.load(b, 16);
    const s00 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s00, left0));
    q0 = f32x4.add(q0, f32x4.mul(s00, right0));
    const s01 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s01, left0));
    q1 = f32x4.add(q1, f32x4.mul(s01, right0));
    const s02 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s02, left0));
    q2 = f32x4.add(q2, f32x4.mul(s02, right0));
    const s03 = v128.load_splat<f32>(a, 12);
    p3 = f32x4.add(p3, f32x4.mul(s03, left0));
    q3 = f32x4.add(q3, f32x4.mul(s03, right0));
    const s04 = v128.load_splat<f32>(a, 16);
    p4 = f32x4.add(p4, f32x4.mul(s04, left0));
    q4 = f32x4.add(q4, f32x4.mul(s04, right0));
    const s05 = v128.load_splat<f32>(a, 20);
    p5 = f32x4.add(p5, f32x4.mul(s05, left0));
    q5 = f32x4.add(q5, f32x4.mul(s05, right0));
    a += across;
    const left1 = v128.load(b, 32), right1 = v128.load(b, 48);
    const s10 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s10, left1));
    q0 = f32x4.add(q0, f32x4.mul(s10, right1));
    const s11 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s11, left1));
    q1 = f32x4.add(q1, f32x4.mul(s11, right1));
    const s12 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s12, left1));
    q2 = f32x4.add(q2, f32x4.mul(s12, right1));
    const s13 = v128.load_splat<f32>(a, 12);
    p3 = f32x4.add(p3, f32x4.mul(s13, left1));
    q3 = f32x4.add(q3, f32x4.mul(s13, right1));
    const s14 = v128.load_splat<f32>(a, 16);
    p4 = f32x4.add(p4, f32x4.mul(s14, left1));
    q4 = f32x4.add(q4, f32x4.mul(s14, right1));
    const s15 = v128.load_splat<f32>(a, 20);
    p5 = f32x4.add(p5, f32x4.mul(s15, left1));
    q5 = f32x4.add(q5, f32x4.mul(s15, right1));
    a += across;
    const left2 = v128.load(b, 64), right2 = v128.load(b, 80);
    const s20 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s20, left2));
    q0 = f32x4.add(q0, f32x4.mul(s20, right2));
    const s21 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s21, left2));
    q1 = f32x4.add(q1, f32x4.mul(s21, right2));
    const s22 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s22, left2));
    q2 = f32x4.add(q2, f32x4.mul(s22, right2));
    const s23 = v128.load_splat<f32>(a, 12);
    p3 = f32x4.add(p3, f32x4.mul(s23, left2));
    q3 = f32x4.add(q3, f32x4.mul(s23, right2));
    const s24 = v128.load_splat<f32>(a, 16);
    p4 = f32x4.add(p4, f32x4.mul(s24, left2));
    q4 = f32x4.add(q4, f32x4.mul(s24, right2));
    const s25 = v128.load_splat<f32>(a, 20);
    p5 = f32x4.add(p5, f32x4.mul(s25, left2));
    q5 = f32x4.add(q5, f32x4.mul(s25, right2));
    a += across;
    const left3 = v128.load(b, 96), right3 = v128.load(b, 112);
    const s30 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s30, left3));
    q0 = f32x4.add(q0, f32x4.mul(s30, right3));
    const s31 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s31, left3));
    q1 = f32x4.add(q1, f32x4.mul(s31, right3));
    const s32 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s32, left3));
    q2 = f32x4.add(q2, f32x4.mul(s32, right3));
    const s33 = v128.load_splat<f32>(a, 12);
    p3 = f32x4.add(p3, f32x4.mul(s33, left3));
    q3 = f32x4.add(q3, f32x4.mul(s33, right3));
    const s34 = v128.load_splat<f32>(a, 16);
    p4 = f32x4.add(p4, f32x4.mul(s34, left3));
    q4 = f32x4.add(q4, f32x4.mul(s34, right3));
    const s35 = v128.load_splat<f32>(a, 20);
    p5 = f32x4.add(p5, f32x4.mul(s35, left3));
    q5 = f32x4.add(q5, f32x4.mul(s35, right3));
    a += across;
  }
  for (; a < end; a += across, b += 32) {
    const left0 = v128.load(b, 0), right0 = v128.load(b, 16);
    const s00 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s00, left0));
    q0 = f32x4.add(q0, f32x4.mul(s00, right0));
    const s01 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s01, left0));
    q1 = f32x4.add(q1, f32x4.mul(s01, right0));
    const s02 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s02, left0));
    q2 = f32x4.add(q2, f32x4.mul(s02, right0));
    const s03 = v128.load_splat<f32>(a, 12);
    p3 = f32x4.add(p3, f32x4.mul(s03, left0));
    q3 = f32x4.add(q3, f32x4.mul(s03, right0));
    const s04 = v128.load_splat<f32>(a, 16);
    p4 = f32x4.add(p4, f32x4.mul(s04, left0));
    q4 = f32x4.add(q4, f32x4.mul(s04, right0));
    const s05 = v128.load_splat<f32>(a, 20);
    p5 = f32x4.add(p5, f32x4.mul(s05, left0));
    q5 = f32x4.add(q5, f32x4.mul(s05, right0));
  }
  v128.store(c, p0);
  v128.store(c, q0, 16);
  v128.store(c + 1 * row, p1);
  v128.store(c + 1 * row, q1, 16);
  v128.store(c + 2 * row, p2);
  v128.store(c + 2 * row, q2, 16);
  v128.store(c + 3 * row, p3);
  v128.store(c + 3 * row, q3, 16);
  v128.store(c + 4 * row, p4);
  v128.store(c + 4 * row, q4, 16);
  v128.store(c + 5 * row, p5);
  v128.store(c + 5 * row, q5, 16);
}

/** c += a·b for 3 rows and eight columns of c: a holds its column k at k · `across`, b its row k at 32 k. */
@inline
export function tile3(a: usize, across: usize, b: usize, steps: i32, c: usize, row: usize): void {
  let p0 = v128.load(c), q0 = v128.load(c, 16);
  let p1 = v128.load(c + 1 * row), q1 = v128.load(c + 1 * row, 16);
  let p2 = v128.load(c + 2 * row), q2 = v128.load(c + 2 * row, 16);
  const whole = a + <usize>(steps & -4) * across, end = a + <usize>steps * across;
  for (; a < whole; b += 128) {
    const left0 = v128.load(b, 0), right0 = v128.load(b, 16);
    const s00 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s00, left0));
    q0 = f32x4.add(q0, f32x4.mul(s00, right0));
    const s01 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s01, left0));
    q1 = f32x4.add(q1, f32x4.mul(s01, right0));
    const s02 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s02, left0));
    q2 = f32x4.add(q2, f32x4.mul(s02, right0));
    a += across;
    const left1 = v128.load(b, 32), right1 = v128.load(b, 48);
    const s10 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s10, left1));
    q0 = f32x4.add(q0, f32x4.mul(s10, right1));
    const s11 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s11, left1));
    q1 = f32x4.add(q1, f32x4.mul(s11, right1));
    const s12 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s12, left1));
    q2 = f32x4.add(q2, f32x4.mul(s12, right1));
    a += across;
    const left2 = v128.load(b, 64), right2 = v128.load(b, 80);
    const s20 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s20, left2));
    q0 = f32x4.add(q0, f32x4.mul(s20, right2));
    const s21 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s21, left2));
    q1 = f32x4.add(q1, f32x4.mul(s21, right2));
    const s22 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s22, left2));
    q2 = f32x4.add(q2, f32x4.mul(s22, right2));
    a += across;
    const left3 = v128.load(b, 96), right3 = v128.load(b, 112);
    const s30 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s30, left3));
    q0 = f32x4.add(q0, f32x4.mul(s30, right3));
    const s31 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s31, left3));
    q1 = f32x4.add(q1, f32x4.mul(s31, right3));
    const s32 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s32, left3));
    q2 = f32x4.add(q2, f32x4.mul(s32, right3));
    a += across;
  }
  for (; a < end; a += across, b += 32) {
    const left0 = v128.load(b, 0), right0 = v128.load(b, 16);
    const s00 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s00, left0));
    q0 = f32x4.add(q0, f32x4.mul(s00, right0));
    const s01 = v128.load_splat<f32>(a, 4);
    p1 = f32x4.add(p1, f32x4.mul(s01, left0));
    q1 = f32x4.add(q1, f32x4.mul(s01, right0));
    const s02 = v128.load_splat<f32>(a, 8);
    p2 = f32x4.add(p2, f32x4.mul(s02, left0));
    q2 = f32x4.add(q2, f32x4.mul(s02, right0));
  }
  v128.store(c, p0);
  v128.store(c, q0, 16);
  v128.store(c + 1 * row, p1);
  v128.store(c + 1 * row, q1, 16);
  v128.store(c + 2 * row, p2);
  v128.store(c + 2 * row, q2, 16);
}

/** c += a·b for 1 row and eight columns of c: a holds its column k at k · `across`, b its row k at 32 k. */
@inline
export function tile1(a: usize, across: usize, b: usize, steps: i32, c: usize, row: usize): void {
  let p0 = v128.load(c), q0 = v128.load(c, 16);
  const whole = a + <usize>(steps & -4) * across, end = a + <usize>steps * across;
  for (; a < whole; b += 128) {
    const left0 = v128.load(b, 0), right0 = v128.load(b, 16);
    const s00 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s00, left0));
    q0 = f32x4.add(q0, f32x4.mul(s00, right0));
    a += across;
    const left1 = v128.load(b, 32), right1 = v128.load(b, 48);
    const s10 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s10, left1));
    q0 = f32x4.add(q0, f32x4.mul(s10, right1));
    a += across;
    const left2 = v128.load(b, 64), right2 = v128.load(b, 80);
    const s20 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s20, left2));
    q0 = f32x4.add(q0, f32x4.mul(s20, right2));
    a += across;
    const left3 = v128.load(b, 96), right3 = v128.load(b, 112);
    const s30 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s30, left3));
    q0 = f32x4.add(q0, f32x4.mul(s30, right3));
    a += across;
  }
  for (; a < end; a += across, b += 32) {
    const left0 = v128.load(b, 0), right0 = v128.load(b, 16);
    const s00 = v128.load_splat<f32>(a, 0);
    p0 = f32x4.add(p0, f32x4.mul(s00, left0));
    q0 = f32x4.add(q0, f32x4.mul(s00, right0));
  }
  v128.store(c, p0);
  v128.store(c, q0, 16);
}
