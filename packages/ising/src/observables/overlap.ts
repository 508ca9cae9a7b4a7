import type { Estimate } from "@basin/samplers";
import { estimateMean } from "@basin/samplers";

/** The overlap q = (1/N) Σ σ_i^a σ_i^b of two replicas of one glass, over a run. */
export interface Overlap {
  /** ⟨q⟩: 0 without a field, given time. */
  readonly mean: Estimate;
  /** ⟨|q|⟩. */
  readonly absolute: Estimate;
  /** χ_SG = N ⟨q²⟩. */
  readonly susceptibility: Estimate;
  /** Binder's ratio g = ½ (3 − ⟨q⁴⟩/⟨q²⟩²): 0 in the disordered phase, 1 where q² has one value. */
  readonly binder: Estimate;
  /** q of each measurement. */
  readonly series: Float64Array;
}

/** Returns the overlap of two states. */
export function overlapOf(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum / a.length;
}

/** Returns the averages of a series of overlaps measured `interval` sweeps apart. */
export function overlapEstimates(series: Float64Array, sites: number, interval: number): Overlap {
  const average = (of: (q: number) => number) => series.reduce((sum, q) => sum + of(q), 0) / series.length;
  const q2 = average((q) => q * q);
  const q4 = average((q) => q ** 4);
  const estimate = (of: (q: number) => number, mean?: number): Estimate => {
    const found = estimateMean(series.map(of));
    const autocorrelationTime = found.autocorrelationTime * interval;
    return { ...found, autocorrelationTime, mean: mean ?? found.mean };
  };
  return {
    mean: estimate((q) => q),
    absolute: estimate(Math.abs),
    susceptibility: estimate((q) => sites * q * q),
    // The error is that of the ratio's linear part.
    binder: estimate((q) => (q4 * q * q) / q2 ** 3 - q ** 4 / (2 * q2 ** 2), 0.5 * (3 - q4 / q2 ** 2)),
    series,
  };
}
