/** Small operations on vectors that several kernels share. */

/** a · b + c; with relaxed SIMD one instruction and one rounding where the processor has it, twice the speed. */
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of four floats: lanes 0 and 2, lanes 1 and 3, then both. */
@inline export function total(a: v128): f32 {
  return (f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 2)) + (f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 3));
}

/** Transposes four rows of four floats, `stride` bytes apart, into rows `outStride` bytes apart. */
@inline export function turn(at: usize, stride: usize, out: usize, outStride: usize): void {
  const a = v128.load(at), b = v128.load(at + stride);
  const d = v128.load(at + 2 * stride), e = v128.load(at + 3 * stride);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), de = v128.shuffle<i32>(d, e, 0, 4, 1, 5);
  const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7), DE = v128.shuffle<i32>(d, e, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<i64>(ab, de, 0, 2));
  v128.store(out + outStride, v128.shuffle<i64>(ab, de, 1, 3));
  v128.store(out + 2 * outStride, v128.shuffle<i64>(AB, DE, 0, 2));
  v128.store(out + 3 * outStride, v128.shuffle<i64>(AB, DE, 1, 3));
}
