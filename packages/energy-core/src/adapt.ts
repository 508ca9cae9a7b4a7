import type {
  DifferentiableEnergy,
  Energy,
  RealSpace,
  Space,
  SpinCursor,
  SpinEnergy,
  SpinSpace,
} from "./energy.ts";
import { CapabilityError, checkLength, checkNumber } from "./errors.ts";
import { checkSpins } from "./spins.ts";

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
 * @throws {ArgumentError} for an illegal dimension. The energy itself throws {DimensionError} for states that do not fit.
 */
export function differentiable(
  dimension: number,
  energyAndGradient: (x: Float64Array, gradient: Float64Array) => number,
): DifferentiableEnergy {
  const space = realSpace(dimension);
  const scratch = new Float64Array(dimension);
  return {
    space,
    energy(x) {
      checkLength("state", x.length, dimension);
      return energyAndGradient(x, scratch);
    },
    energyAndGradient(x, out) {
      checkLength("state", x.length, dimension);
      checkLength("out", out.length, dimension);
      return energyAndGradient(x, out);
    },
  };
}

/**
 * Returns an energy from a plain function. On spins it comes with cursors that call the function once for every `delta`
 * and `flip`; on reals {@link numericGradient} adds a gradient.
 *
 * @example
 * ```ts
 * import { enumerate, plainEnergy } from "@basin/energy-core";
 *
 * const parity = plainEnergy({ kind: "spins", dimension: 3 }, (s: Int8Array) => s[0] * s[1] * s[2]);
 * console.log(enumerate(parity).minimum); // −1
 * ```
 */
export function plainEnergy(space: SpinSpace, energy: (x: Int8Array) => number): SpinEnergy;
export function plainEnergy(
  space: RealSpace,
  energy: (x: Float64Array) => number,
): Energy<Float64Array> & { readonly space: RealSpace };
export function plainEnergy<X>(space: Space, energy: (x: X) => number): Energy<X>;
export function plainEnergy(space: Space, energy: (x: never) => number): Energy<never> {
  if (space.kind === "spins") return new PlainSpinEnergy(space, energy as (x: Int8Array) => number);
  if (space.kind !== "reals") return { space, energy };
  const { dimension } = realSpace(space.dimension);
  return {
    space,
    energy(x: Float64Array) {
      checkLength("state", x.length, dimension);
      return energy(x as never);
    },
  };
}

class PlainSpinEnergy implements SpinEnergy {
  readonly space: SpinSpace;
  readonly #energy: (x: Int8Array) => number;

  constructor(space: SpinSpace, energy: (x: Int8Array) => number) {
    checkNumber("dimension", space.dimension, { min: 1, integer: true });
    this.space = space;
    this.#energy = energy;
  }

  energy(x: Int8Array): number {
    checkSpins(x, this.space.dimension);
    return this.#energy(x);
  }

  attach(x: Int8Array): SpinCursor {
    return new PlainCursor(x.slice(), this.#energy, this.energy(x));
  }
}

class PlainCursor implements SpinCursor {
  readonly state: Int8Array;
  energy: number;
  readonly #energy: (x: Int8Array) => number;

  constructor(state: Int8Array, energy: (x: Int8Array) => number, value: number) {
    this.state = state;
    this.energy = value;
    this.#energy = energy;
  }

  delta(i: number): number {
    this.state[i] = -this.state[i];
    const flipped = this.#energy(this.state);
    this.state[i] = -this.state[i];
    // Between two states outside the support there is nothing to prefer.
    return flipped === this.energy ? 0 : flipped - this.energy;
  }

  deltas(out: Float64Array): Float64Array {
    for (let i = 0; i < this.state.length; i++) out[i] = this.delta(i);
    return out;
  }

  flip(i: number): void {
    this.state[i] = -this.state[i];
    this.energy = this.#energy(this.state);
  }
}

/** The options of {@link numericGradient}. */
export interface NumericGradientOptions {
  /** Step h, scaled by max(1, |x_i|). Default 6e-6, about the cube root of the rounding unit. */
  step?: number;
}

/**
 * Returns `energy` with a gradient by central differences, (E(x + h e_i) − E(x − h e_i)) / 2h: 2n + 1 energies a call and
 * about ten correct digits at best.
 *
 * @example
 * ```ts
 * import { numericGradient, plainEnergy } from "@basin/energy-core";
 *
 * const quartic = numericGradient(plainEnergy({ kind: "reals", dimension: 1 }, (x: Float64Array) => x[0] ** 4));
 * const gradient = new Float64Array(1);
 * quartic.energyAndGradient(Float64Array.of(1), gradient);
 * console.log(gradient[0]); // about 4
 * ```
 *
 * @throws {CapabilityError} when the states are not real vectors.
 */
export function numericGradient(
  energy: Energy<Float64Array>,
  options: NumericGradientOptions = {},
): DifferentiableEnergy {
  const { space } = energy;
  if (space.kind !== "reals") {
    throw new CapabilityError(`numericGradient needs an energy over reals, this one is over ${space.kind}`);
  }
  const step = checkNumber("step", options.step ?? 6e-6, { above: 0 });
  return differentiable(space.dimension, (x, gradient) => {
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

function realSpace(dimension: number): RealSpace {
  return { kind: "reals", dimension: checkNumber("dimension", dimension, { min: 1, integer: true }) };
}
