import { checkOptions } from "./check-options.ts";
import type { DifferentiableEnergy, Energy } from "./energy.ts";
import { checkLength, checkNumber } from "./errors.ts";
import type { Space } from "./space.ts";
import { reals } from "./spaces/reals.ts";

/**
 * Returns an energy on ℝⁿ from a function that writes its gradient into the second argument and returns E(x).
 *
 * @param dimension n, at least 1.
 *
 * @example
 * ```ts
 * import { differentiable } from "@basin/energy-core";
 *
 * const bowl = differentiable(1, (x, gradient) => {
 *   gradient[0] = x[0];
 *   return 0.5 * x[0] * x[0];
 * });
 * console.log(bowl.energy(Float64Array.of(2))); // 2
 * ```
 *
 * @throws {ArgumentError} for an illegal dimension. The energy itself throws {DimensionError} for states that do not
 * fit.
 */
export function differentiable(
  dimension: number,
  energyAndGradient: (x: Float64Array, gradient: Float64Array) => number,
): DifferentiableEnergy {
  const space = reals(dimension);
  const scratch = new Float64Array(dimension);
  return {
    space,
    energy(x) {
      checkLength("state", x.length, dimension);
      return energyAndGradient(x, scratch);
    },
    can: {
      gradient(x, out) {
        checkLength("state", x.length, dimension);
        checkLength("out", out.length, dimension);
        return energyAndGradient(x, out);
      },
    },
  };
}

/**
 * Returns an energy from a plain function, with the capabilities that any function on the space can have. On spins,
 * cursors call the function for every difference and move; over labels, it gives the energies of all labels. On reals,
 * {@link numericGradient} adds a gradient.
 *
 * @example
 * ```ts
 * import { enumerate, plainEnergy, spins } from "@basin/energy-core";
 *
 * const parity = plainEnergy(spins(3), (s) => s[0] * s[1] * s[2]);
 * console.log(enumerate(parity).minimum); // −1
 * ```
 */
export function plainEnergy<X, D extends object>(space: Space<X, D>, energy: (x: X) => number): Energy<X, D> {
  return {
    space,
    energy(x) {
      space.check(x);
      return energy(x);
    },
    can: space.derive(energy),
  };
}

/** The options of {@link numericGradient}. */
export interface NumericGradientOptions {
  /** Step h, scaled by max(1, |x_i|). Default 6e-6, about the cube root of the rounding unit. */
  step?: number;
}

/**
 * Returns `energy` with a gradient by central differences, (E(x + h e_i) − E(x − h e_i)) / 2h: 2n + 1 energies in each
 * call, with at most about ten correct digits.
 *
 * @example
 * ```ts
 * import { numericGradient, plainEnergy, reals } from "@basin/energy-core";
 *
 * const quartic = numericGradient(plainEnergy(reals(1), (x) => x[0] ** 4));
 * const gradient = new Float64Array(1);
 * quartic.can.gradient(Float64Array.of(1), gradient);
 * console.log(gradient[0]); // about 4
 * ```
 *
 * @throws {ArgumentError} for a step that is not above 0.
 */
export function numericGradient(
  energy: Energy<Float64Array, object>,
  options: NumericGradientOptions = {},
): DifferentiableEnergy {
  checkOptions("numericGradient", options, "step");
  const step = checkNumber("step", options.step ?? 6e-6, { above: 0 });
  return differentiable(energy.space.dimension, (x, gradient) => {
    const y = x.slice();
    for (let i = 0; i < y.length; i++) {
      const h = step * Math.max(1, Math.abs(x[i]));
      y[i] = x[i] + h;
      const above = energy.energy(y);
      const width = y[i];
      y[i] = x[i] - h;
      gradient[i] = (above - energy.energy(y)) / (width - y[i]);
      y[i] = x[i];
    }
    return energy.energy(x);
  });
}
