import type { Energy, Partials } from "../energy.ts";
import { ArgumentError, checkLength } from "../errors.ts";
import { realDimension } from "../spaces/real-dimension.ts";
import { carried, type Known } from "./pointwise.ts";

/** A box, by its corners; ±Infinity leaves a side open. */
export interface Box {
  /** Lowest values, one for all coordinates or one each. */
  readonly low: number | ArrayLike<number>;
  /** Highest values, one for all coordinates or one each. */
  readonly high: number | ArrayLike<number>;
}

/** The capabilities that a box leaves. */
type Kept = "gradient" | "parameters" | "batch";

/**
 * Returns `energy` inside a closed box and +∞ outside it: the distribution conditioned on the box. Keeps the gradient
 * and the parameters.
 *
 * @example
 * ```ts
 * import { restrict } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * const positive = restrict(gaussian({ dimension: 1 }), { low: 0, high: Infinity });
 * console.log(positive.energy(Float64Array.of(-1))); // Infinity
 * ```
 *
 * @throws {CapabilityError} when the states are not real vectors.
 * @throws {ArgumentError} for an empty or NaN side; {DimensionError} for corners of the wrong length.
 */
export function restrict<C extends object>(
  energy: Energy<Float64Array, C>,
  box: Box,
): Energy<Float64Array, Known<Pick<C, keyof C & Kept>>> {
  const { space } = energy;
  realDimension(energy, "restrict");
  const low = corner("low", box.low, space.dimension);
  const high = corner("high", box.high, space.dimension);
  for (let i = 0; i < low.length; i++) {
    if (!(low[i] <= high[i])) throw new ArgumentError(`side ${i} of the box is from ${low[i]} to ${high[i]}`);
  }
  const inside = (x: Float64Array) => {
    checkLength("state", x.length, low.length);
    for (let i = 0; i < low.length; i++) if (x[i] < low[i] || x[i] > high[i]) return false;
    return true;
  };
  const { gradient, parameters, batch }: Partials<Float64Array> = energy.can;
  return {
    space,
    energy: (x) => (inside(x) ? energy.energy(x) : Number.POSITIVE_INFINITY),
    can: carried<Known<Pick<C, keyof C & Kept>>>({
      ...(gradient && {
        gradient: (x: Float64Array, out: Float64Array) =>
          inside(x) ? gradient(x, out) : Number.POSITIVE_INFINITY,
      }),
      ...(parameters && { parameters }),
      ...(batch && {
        batch: {
          ...batch,
          energies: (states: unknown) =>
            batch.arrays.tidy(() => batch.arrays.restrict(batch.energies(states), states, low, high)),
        },
      }),
    }),
    lacking: energy.lacking,
  };
}

function corner(name: string, values: number | ArrayLike<number>, dimension: number): Float64Array {
  if (typeof values === "number") return new Float64Array(dimension).fill(values);
  checkLength(name, values.length, dimension);
  return Float64Array.from(values);
}
