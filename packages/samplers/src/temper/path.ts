import { DimensionError, type Energy, pointwise, type Rule } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import { type BoundKernel, bindByName, type Kernel, type KernelState, type StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";

/**
 * A way from a law that can be drawn from to the wanted one, in λ. Without `base` λ is β itself, and the laws are exp(−λE); with it they
 * are exp(−(1−λ) E_base − λE), λ from 0 to 1.
 */
export interface Path<X, S extends KernelState<X> = KernelState<X>> {
  /** Returns a state of the kernel at `position`. */
  start(position: X, lambda: number): S;
  /** Moves a state by one kernel step at λ, and returns it: the same object or another. */
  move(rng: Rng, state: S, lambda: number): S;
  /** Returns d/dλ of the energy of the path: what the weights of annealed importance sampling add up. */
  slope(state: S): number;
}

/**
 * @throws {DimensionError} when base and energy are over different spaces; {CapabilityError} when the kernel needs more than they have
 * together.
 */
export function pathOf<X extends StateArray, C extends object, S extends KernelState<X>, I extends StepInfo>(
  energy: Energy<X, C>,
  kernel: Kernel<Energy<X, C>, X, S, I>,
  base: Energy<X> | undefined,
): Path<X, S> {
  if (base === undefined) return temperedPath(kernel.bind(energy));
  if (base.space.name !== energy.space.name) {
    throw new DimensionError(
      `the base is over ${base.space.name}, the energy over ${energy.space.name}: they must be over the same space`,
    );
  }
  const between = interpolate<X, object>(base, energy);
  const bound = bindByName(kernel, between.energy);
  return {
    start(position, lambda) {
      between.at(lambda);
      return bound.init(position);
    },
    move(rng, state, lambda) {
      between.at(lambda);
      // What the state has cached belongs to another λ.
      const renewed = bound.init(state.position, bound.memory?.(state));
      bound.step(rng, renewed, 1);
      return renewed;
    },
    slope: ({ position }) => energy.energy(position) - base.energy(position),
  };
}

function temperedPath<X extends StateArray, S extends KernelState<X>>(bound: BoundKernel<X, S>): Path<X, S> {
  return {
    start: (position) => bound.init(position),
    move(rng, state, lambda) {
      bound.step(rng, state, lambda);
      return state;
    },
    slope: ({ energy }) => energy,
  };
}

/** Returns (1−λ) E_base + λ E with a λ that can be moved. */
function interpolate<X, C extends object>(base: Energy<X, C>, energy: Energy<X, C>) {
  let lambda = 0;
  // 0 · ∞ is 0 here: the ends are the two energies themselves.
  const mix = (values: Float64Array) =>
    lambda === 0 ? values[0] : lambda === 1 ? values[1] : (1 - lambda) * values[0] + lambda * values[1];
  const rule: Rule = {
    value: mix,
    slopes: () => [1 - lambda, lambda],
    difference: (_, deltas) => mix(deltas),
  };
  const at = (next: number) => {
    lambda = next;
  };
  return { at, energy: pointwise("the path", [base, energy], rule) };
}

/** Returns log mean of weights given by their logarithms, its relative error, and (Σw)²/Σw². */
export function logMeanOf(logWeights: ArrayLike<number>): {
  logMean: number;
  relativeError: number;
  effective: number;
} {
  let top = -Infinity;
  for (let i = 0; i < logWeights.length; i++) top = Math.max(top, logWeights[i]);
  if (top === -Infinity) return { logMean: -Infinity, relativeError: Number.NaN, effective: 0 };
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < logWeights.length; i++) {
    const weight = Math.exp(logWeights[i] - top);
    sum += weight;
    squares += weight * weight;
  }
  const n = logWeights.length;
  const mean = sum / n;
  const variance = Math.max(0, squares / n - mean * mean);
  return {
    logMean: top + Math.log(mean),
    relativeError: Math.sqrt(variance / (n - 1)) / mean,
    effective: (sum * sum) / squares,
  };
}
