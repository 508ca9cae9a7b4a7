import { CapabilityError, DimensionError, type Energy } from "@basin/energy-core";
import { pointwise, type Rule } from "@basin/energy-core/internal";
import { type BoundKernel, bindByName, type Kernel, type KernelState, type StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import type { RejectingEnergy } from "../run/rejections.ts";
import { lift } from "../walkers/lift.ts";
import type { WalkerKernel } from "../walkers/walkers.ts";
import { type AnyKernel, walkerKernel } from "./start.ts";

/**
 * Returns a kernel of walkers on the path from a law with exact draws to the target, in λ. Without `base` λ is β
 * itself, and the laws are exp(−λE); with it they are exp(−(1−λ) E_base − λE), λ from 0 to 1. The energies of its
 * walkers are d/dλ of those. What the energies throw goes into the record of `rejecting`.
 *
 * @throws {DimensionError} when base and energy are over different spaces.
 * @throws {CapabilityError} when the kernel needs more than they have together.
 */
export function pathKernel<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  C extends object,
>(
  energy: Energy<X, C>,
  kernel: AnyKernel<X, C, S, I>,
  base: Energy<X> | undefined,
  rejecting: RejectingEnergy<X>,
): WalkerKernel<Energy<X, C>, X> {
  if (base === undefined) return walkerKernel(kernel);
  if ("walkers" in kernel) {
    throw new CapabilityError(
      `a base takes a kernel that moves one state, and ${kernel.name} moves many on one energy; go from β = 0 without one`,
    );
  }
  if (base.space.name !== energy.space.name) {
    throw new DimensionError(
      `the base is over ${base.space.name}, the energy over ${energy.space.name}: they must be over the same space`,
    );
  }
  const bind = (): BoundKernel<X, PathState<X, S>, I> => {
    const between = interpolate<X, object>(base, energy);
    const bound = bindByName(kernel, rejecting.wrap(between.energy));
    const enter = (state: PathState<X, S>, lambda: number): S => {
      between.at(lambda);
      // What the state has cached belongs to another λ.
      const memory = state.inner === undefined ? undefined : bound.memory?.(state.inner);
      state.inner = bound.init(state.position, memory);
      return state.inner;
    };
    const path: BoundKernel<X, PathState<X, S>, I> = {
      init: (position) => new PathState(position.slice() as X, rejecting.energy, base),
      step(rng, state, lambda) {
        const inner = enter(state, lambda);
        const info = bound.step(rng, inner, 1);
        state.position = inner.position;
        return info;
      },
    };
    if (bound.warmup === undefined) return path;
    return {
      ...path,
      warmup(steps, state, rng, lambda) {
        const adaptation = bound.warmup?.(steps, enter(state, lambda), rng, 1);
        return {
          update: (after, info) => adaptation?.update(after.inner ?? enter(after, lambda), info),
          finish: () => adaptation?.finish() ?? {},
        };
      },
      restore: (tuned) => bound.restore?.(tuned),
    };
  };
  const onPath: Kernel<Energy<X, C>, X, PathState<X, S>, I> = { name: kernel.name, bind };
  return lift(onPath);
}

class PathState<X extends StateArray, S> implements KernelState<X> {
  position: X;
  inner: S | undefined;
  readonly #energy: Energy<X, object>;
  readonly #base: Energy<X, object>;

  constructor(position: X, energy: Energy<X, object>, base: Energy<X, object>) {
    this.position = position;
    this.#energy = energy;
    this.#base = base;
  }

  get energy(): number {
    return this.#energy.energy(this.position) - this.#base.energy(this.position);
  }
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
