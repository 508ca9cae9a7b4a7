import { ArgumentError, checkLength } from "../errors.ts";
import type { Mask, Part, Space } from "../space.ts";

type Vector = Int8Array | Uint8Array | Float64Array;

/**
 * Returns the coordinates that `known` leaves free.
 *
 * @throws {DimensionError} for a mask of another length.
 */
export function freeCoordinates(known: Mask, dimension: number): Uint32Array {
  checkLength("known", known.length, dimension);
  const free: number[] = [];
  for (let i = 0; i < dimension; i++) if (!known[i]) free.push(i);
  return Uint32Array.from(free);
}

/**
 * Returns the free part of a vector.
 *
 * @param smaller makes the same kind of space with fewer coordinates.
 * @throws {ArgumentError} when nothing is free; {DimensionError} when lengths do not fit.
 */
export function vectorPart<X extends Vector>(
  x: X,
  known: Mask,
  smaller: (dimension: number) => Space<X>,
): Part<X> {
  const free = freeCoordinates(known, x.length);
  if (free.length === 0) throw new ArgumentError(`known marks all ${x.length} coordinates; nothing is free`);
  const whole = x.slice() as X;
  return {
    space: smaller(free.length),
    free,
    held: whole,
    place(part) {
      checkLength("state", part.length, free.length);
      for (let k = 0; k < free.length; k++) whole[free[k]] = part[k];
      return whole;
    },
    extract(state) {
      checkLength("state", state.length, whole.length);
      const part = state.slice(0, free.length) as X;
      for (let k = 0; k < free.length; k++) part[k] = state[free[k]];
      return part;
    },
  };
}
