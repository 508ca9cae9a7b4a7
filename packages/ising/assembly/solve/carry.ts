/** Carry of the full adder a + b + c, given a ^ b. */
@inline export function majority(a: v128, b: v128, aXorB: v128, c: v128): v128 {
  return v128.or(v128.and(a, b), v128.and(aXorB, c));
}

/** Bit `bit` of `value` in every replica. */
@inline export function constantBit(value: i32, bit: i32): v128 {
  return i32x4.splat((value << (31 - bit)) >> 31);
}
