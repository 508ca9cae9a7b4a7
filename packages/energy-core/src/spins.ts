import { ArgumentError, checkLength } from "./errors.ts";

/**
 * Checks that `x` is a state of {−1, +1}ⁿ.
 *
 * @example
 * ```ts
 * import { checkSpins } from "@basin/energy-core";
 *
 * checkSpins(Int8Array.of(1, -1), 2); // a 0 would throw "state has 0 at …, expected -1 or +1"
 * ```
 *
 * @throws {DimensionError} for another length; {ArgumentError} naming the first entry that is neither −1 nor +1.
 */
export function checkSpins(x: ArrayLike<number>, dimension: number, what = "state"): void {
  checkLength(what, x.length, dimension);
  for (let i = 0; i < dimension; i++) {
    if (x[i] !== 1 && x[i] !== -1) throw new ArgumentError(`${what} has ${x[i]} at ${i}, expected -1 or +1`);
  }
}
