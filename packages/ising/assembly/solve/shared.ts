/**
 * One threshold for all replicas of a visit: u ≤ exp(−βΔE) with the same u, as a bound on the count e of octal coins.
 */

import { constantBit } from "./carry";
import { nextLog } from "./logs";

/**
 * Returns the largest e with β(4e + 2[D odd]) units ≤ −ln u, below 0 where there is none; `perUnit` is 1/β in units.
 */
@inline export function drawThreshold(perUnit: f64, odd: i32): i32 {
  const bound = Math.floor((nextLog() * -perUnit - <f64>(2 * odd)) * 0.25);
  return <i32>Math.min(bound, 1073741823.0);
}

/** One place of the comparison with `threshold`, the lower places of which have given `below`. */
@inline export function atMost(below: v128, bits: v128, threshold: i32, place: i32): v128 {
  const t = constantBit(threshold, place);
  return v128.or(v128.andnot(t, bits), v128.andnot(below, v128.xor(t, bits)));
}
