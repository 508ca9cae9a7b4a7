import { exp } from "@basin/energy-core/random";

/** The single-spin dynamics. */
export type SweepRule = "metropolis" | "heat-bath";

/** Every value of {@link SweepRule}. */
export const ruleNames: readonly SweepRule[] = ["metropolis", "heat-bath"];

/**
 * Share of proposals that Metropolis drops whatever the energy. In a fixed order the plain rule, which accepts every
 * ΔE ≤ 0 with certainty, is not irreducible: from stripes all spins flip for ever, at any temperature. With every
 * acceptance multiplied by 1 − 1/64 detailed balance stays exact, every state reaches every other within one sweep,
 * and relaxation is 1.6 % slower. A power of two, so that six random bits which the spin would not use decide it.
 */
const LAZINESS = 1 / 64;

/**
 * Returns the probability with which a rule flips a spin when that changes the energy by `delta`:
 * (1 − 1/64) min(1, exp(−βΔE)) for Metropolis et al. (1953), 1/(1 + exp(βΔE)) for the heat bath (Glauber 1963).
 */
export function flipProbability(rule: SweepRule, delta: number, inverseTemperature: number): number {
  // At T = 0 a free flip is 0 · ∞.
  return flipProbabilityAt(rule, delta === 0 ? 0 : inverseTemperature * delta);
}

/** Returns the same of x = βΔE. */
export function flipProbabilityAt(rule: SweepRule, x: number): number {
  if (rule === "heat-bath") return 1 / (1 + exp(x));
  return (1 - LAZINESS) * (x <= 0 ? 1 : exp(-x));
}

/** A probability below 1 as 64 bits, high word and low word. */
export function threshold(probability: number): readonly [high: number, low: number] {
  const scaled = probability * 4294967296;
  const high = Math.floor(scaled);
  return [high, Math.floor((scaled - high) * 4294967296)];
}
