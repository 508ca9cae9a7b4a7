import { ArgumentError, checkLength } from "../errors.ts";
import { toVector, type VectorLike } from "../matrix.ts";

/** Returns θ, zeros when absent; refuses a wrong length and values that are not finite. */
export function checkThresholds(given: VectorLike | undefined, dimension: number): ArrayLike<number> {
  if (given === undefined) return new Float64Array(dimension);
  const thresholds = toVector(given, "thresholds");
  checkLength("thresholds", thresholds.length, dimension);
  for (let i = 0; i < dimension; i++) {
    if (!Number.isFinite(thresholds[i])) {
      throw new ArgumentError(`threshold ${i} is ${thresholds[i]}, expected a finite number`);
    }
  }
  return thresholds;
}
