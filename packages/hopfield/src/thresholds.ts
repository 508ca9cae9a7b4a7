import { checkLength, checkNumber } from "@basin/energy-core";

/** Returns a copy of θ, zeros by default, after checking its length and that each entry is finite. */
export function resolveThresholds(thresholds: ArrayLike<number> | undefined, neurons: number): Float64Array {
  if (thresholds === undefined) return new Float64Array(neurons);
  checkLength("thresholds", thresholds.length, neurons);
  return Float64Array.from({ length: neurons }, (_, i) => checkNumber(`thresholds[${i}]`, thresholds[i]));
}
