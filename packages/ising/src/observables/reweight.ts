import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import { type Estimate, estimateMean } from "@basin/samplers";
import type { Series } from "./estimates.ts";

/** A reweighted average. */
export type ReweightedEstimate = Pick<Estimate, "mean" | "standardError">;

/** What a run at one temperature says of another. */
export interface Reweighted {
  readonly inverseTemperature: number;
  readonly absoluteMagnetization: ReweightedEstimate;
  readonly energyPerSite: ReweightedEstimate;
  readonly specificHeat: ReweightedEstimate;
  /**
   * (Σ w)² / (n Σ w²), in (0, 1]: the effective share of the draws. If it is below about a tenth, simulate at that
   * temperature instead.
   */
  readonly effectiveShare: number;
}

/**
 * Returns averages at another β from a run's series: each draw weighted by w = exp(−(β′ − β) E) (Ferrenberg & Swendsen
 * 1988). Errors are those of the ratio estimator and include autocorrelation.
 *
 * @param series E and M of the whole system, draw by draw.
 * @param sites number of spins.
 * @param from β of the run, at least 0.
 * @param to β′, at least 0.
 *
 * @example
 * ```ts
 * import { createModel, kaufman, reweight, simulate } from "@basin/ising";
 *
 * const { series } = await simulate(createModel("square", 16), { temperature: 2.5, sweeps: 2000, seed: 1 });
 * const { energyPerSite, effectiveShare } = reweight(series, 256, 1 / 2.5, 1 / 2.45);
 * console.log(energyPerSite, kaufman(16, 16, 2.45).energyPerSite, effectiveShare);
 * ```
 *
 * @throws {ArgumentError} for a series of fewer than 4 draws, or a β out of range.
 * @throws {DimensionError} when energies and magnetizations differ in number.
 */
export function reweight(series: Series, sites: number, from: number, to: number): Reweighted {
  checkNumber("from", from, { min: 0 });
  checkNumber("to", to, { min: 0 });
  const { energy, magnetization } = series;
  checkLength("magnetization", magnetization.length, energy.length);
  if (energy.length < 4)
    throw new ArgumentError(`the series has ${energy.length} draws, expected at least 4`);
  const exponents = energy.map((E) => -(to - from) * E);
  const highest = exponents.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const raw = exponents.map((value) => Math.exp(value - highest));
  const total = raw.reduce((a, b) => a + b, 0);
  const weights = raw.map((value) => (value * energy.length) / total);
  const average = (values: Float64Array): ReweightedEstimate => {
    const mean = values.reduce((sum, value, t) => sum + weights[t] * value, 0) / values.length;
    // To first order the ratio varies as the mean of w (x − ratio), the weights' own mean being 1.
    return {
      mean,
      standardError: estimateMean(values.map((value, t) => weights[t] * (value - mean))).standardError,
    };
  };
  const energyPerSite = average(energy.map((E) => E / sites));
  const heat = to * to * sites;
  return {
    inverseTemperature: to,
    absoluteMagnetization: average(magnetization.map((M) => Math.abs(M) / sites)),
    energyPerSite,
    specificHeat: average(energy.map((E) => heat * (E / sites - energyPerSite.mean) ** 2)),
    effectiveShare: energy.length / weights.reduce((sum, w) => sum + w * w, 0),
  };
}
