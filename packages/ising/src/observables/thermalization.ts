import { estimateMean } from "@basin/samplers";

/** Whether the beginning of the measured series agrees with its end. */
export interface Thermalization {
  /** (mean of the first fifth − mean of the last half) of the energy over its standard error (after Geweke 1992). */
  readonly z: number;
  /** |z| below 4, or a series that is too short or too still to tell. */
  readonly passed: boolean;
}

const LIMIT = 4;
const LEAST = 40;

/** Compares the first fifth of a series with its last half. */
export function thermalization(series: Float64Array): Thermalization {
  if (series.length < LEAST) return { z: Number.NaN, passed: true };
  const early = series.subarray(0, Math.floor(series.length / 5));
  const late = series.subarray(Math.floor(series.length / 2));
  const end = estimateMean(late);
  // The error of the early mean is scaled from the late half: a drift would inflate its own.
  const error = end.standardError * Math.sqrt(1 + late.length / early.length);
  const z = (early.reduce((a, b) => a + b, 0) / early.length - end.mean) / error;
  return { z, passed: !(Math.abs(z) >= LIMIT) };
}
