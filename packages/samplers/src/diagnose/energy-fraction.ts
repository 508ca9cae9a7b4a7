import { mean } from "./autocovariance.ts";
import { asChains, type Chains } from "./chains.ts";

/**
 * Returns for each chain the energy Bayesian fraction of missing information Σ (H_t − H_{t−1})² / Σ (H_t − H̄)² of its
 * Hamiltonian energies; below 0.3 the momentum resampling explores the energies too slowly (Betancourt 2016).
 * NaN for a constant chain and for draws that are not finite.
 *
 * @example
 * ```ts
 * import { energyFraction } from "@basin/samplers";
 *
 * const chain = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));
 * console.log(energyFraction(chain));
 * ```
 */
export function energyFraction(energies: Chains): number[] {
  return asChains(energies).map((chain) => {
    const n = chain.length;
    const average = mean(chain);
    let steps = 0;
    let spread = 0;
    let moved = false;
    for (let t = 0; t < n; t++) {
      spread += (chain[t] - average) ** 2;
      if (chain[t] !== chain[0]) moved = true;
      if (t > 0) steps += (chain[t] - chain[t - 1]) ** 2;
    }
    return moved ? steps / spread : Number.NaN;
  });
}
