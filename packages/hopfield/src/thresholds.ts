import { checkNumber, type VectorLike } from "@basin/energy-core";
import { checkLength, toVector } from "@basin/energy-core/internal";

/** Returns a copy of θ, zeros by default, after checking its length and that each entry is finite. */
export function resolveThresholds(given: VectorLike | undefined, neurons: number): Float64Array {
  if (given === undefined) return new Float64Array(neurons);
  const thresholds = toVector(given, "thresholds");
  checkLength("thresholds", thresholds.length, neurons);
  return Float64Array.from({ length: neurons }, (_, i) => checkNumber(`thresholds[${i}]`, thresholds[i]));
}
