import type { Lacking } from "../capability.ts";
import {
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isJoint,
  isLearnable,
  isSpinEnergy,
  type SpinCursor,
} from "../energy.ts";
import { checkNumber } from "../errors.ts";

/**
 * Returns `factor` · E, with every capability of E. At the factor β this is the distribution at inverse temperature β, but
 * folded into the energy: it no longer commutes with marginalizing a label.
 *
 * @param factor above 0.
 *
 * @example
 * ```ts
 * import { scale } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * console.log(scale(gaussian({ dimension: 1 }), 3).energy(Float64Array.of(2))); // 6
 * ```
 *
 * @throws {ArgumentError} for a factor that is not a finite number above 0.
 */
export function scale<E extends Energy<never>>(energy: E, factor: number): E {
  return affine(energy, checkNumber("factor", factor, { above: 0 }), 0);
}

/**
 * Returns E + `constant`, with every capability of E: the same distribution, since only differences of energy matter.
 *
 * @example
 * ```ts
 * import { shift } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * console.log(shift(gaussian({ dimension: 1 }), 10).energy(Float64Array.of(2))); // 12
 * ```
 *
 * @throws {ArgumentError} for a constant that is not finite.
 */
export function shift<E extends Energy<never>>(energy: E, constant: number): E {
  return affine(energy, 1, checkNumber("constant", constant));
}

function affine<E extends Energy<never>>(energy: E, factor: number, constant: number): E {
  const { lacking } = energy as Lacking;
  const combined = {
    space: energy.space,
    energy: (x: never) => factor * energy.energy(x) + constant,
    ...(lacking && { lacking }),
  };
  if (isDifferentiable(energy)) {
    Object.assign(combined, {
      energyAndGradient(x, out) {
        const value = energy.energyAndGradient(x, out);
        for (let i = 0; i < out.length; i++) out[i] *= factor;
        return factor * value + constant;
      },
    } satisfies Pick<DifferentiableEnergy, "energyAndGradient">);
  }
  if (isSpinEnergy(energy)) {
    Object.assign(combined, {
      attach: (x: Int8Array) => new AffineCursor(energy.attach(x), factor, constant),
    });
  }
  if (isJoint(energy as Energy<never>)) {
    const joint = energy as unknown as { energies(x: unknown, out: Float64Array): Float64Array };
    Object.assign(combined, {
      energies(x: unknown, out: Float64Array) {
        joint.energies(x, out);
        for (let y = 0; y < out.length; y++) out[y] = factor * out[y] + constant;
        return out;
      },
    });
  }
  if (isLearnable(energy as Energy<never>)) {
    const learnable = energy as unknown as {
      parameters: Float64Array;
      addParameterGradient(x: unknown, weight: number, out: Float64Array): void;
    };
    Object.assign(combined, {
      parameters: learnable.parameters,
      addParameterGradient: (x: unknown, weight: number, out: Float64Array) =>
        learnable.addParameterGradient(x, factor * weight, out),
    });
  }
  return combined as unknown as E;
}

class AffineCursor implements SpinCursor {
  readonly #inner: SpinCursor;
  readonly #factor: number;
  readonly #constant: number;

  constructor(inner: SpinCursor, factor: number, constant: number) {
    this.#inner = inner;
    this.#factor = factor;
    this.#constant = constant;
  }

  get state(): Int8Array {
    return this.#inner.state;
  }

  get energy(): number {
    return this.#factor * this.#inner.energy + this.#constant;
  }

  delta(i: number): number {
    return this.#factor * this.#inner.delta(i);
  }

  deltas(out: Float64Array): Float64Array {
    this.#inner.deltas(out);
    for (let i = 0; i < out.length; i++) out[i] *= this.#factor;
    return out;
  }

  flip(i: number): void {
    this.#inner.flip(i);
  }
}
