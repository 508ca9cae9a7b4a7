import { exp } from "@basin/energy-core/random";
import type { PottsPlan } from "./potts-plan.ts";

/** Factors of two that are as good as infinite: what is so much rarer never happens. */
const MOST_BITS = 64;

/** How many numbers of equal neighbors are told apart, and which of them is none. */
export function countsOf({ z, glass }: PottsPlan): { counts: number; none: number } {
  return glass ? { counts: 2 * z + 1, none: z } : { counts: z + 1, none: 0 };
}

/** Returns the bits of a weight's least m: q weights make less than 2³². */
const bitsOf = ({ states }: PottsPlan) => Math.clz32(states - 1) - 1;

/**
 * Writes the weights exp(β (J n + h_a)) of a label a that n neighbors have, up to a common factor, as m 2^e: m at 2k
 * and e at 2k + 1 for k = n, counted from the lowest, or in a field a `counts` + n. Beyond 2⁶⁴ a factor between two
 * successive weights is 2⁶⁴, so that β may be ∞.
 */
export function writeWeights(plan: PottsPlan, beta: number, out: Uint32Array): void {
  const { counts, none } = countsOf(plan);
  const { field, strength } = plan;
  const gains = Array.from(
    { length: out.length / 2 },
    (_, k) => strength * ((k % counts) - none) + (field[Math.floor(k / counts)] ?? 0),
  );
  const sorted = [...new Set(gains)].sort((a, b) => a - b);
  const heights = new Map<number, number>();
  let height = 0;
  for (const [k, gain] of sorted.entries()) {
    if (k > 0) height += Math.min(MOST_BITS, (beta * (gain - sorted[k - 1])) / Math.LN2);
    heights.set(gain, height);
  }
  const one = 2 ** bitsOf(plan);
  for (const [k, gain] of gains.entries()) {
    const own = heights.get(gain) as number;
    const whole = Math.floor(own);
    const mantissa = Math.floor(exp((own - whole) * Math.LN2) * one);
    out[2 * k] = Math.min(2 * one - 1, mantissa);
    out[2 * k + 1] = whole;
  }
}
