import {
  ArgumentError,
  CapabilityError,
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isSpinEnergy,
  type SpinCursor,
  type SpinEnergy,
} from "@basin/energy-core";
import type { BoundKernel, Kernel, KernelState, StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { lift } from "../walkers/lift.ts";
import type { WalkerKernel } from "../walkers/walkers.ts";
import { walkerKernel } from "./start.ts";

/**
 * Returns a kernel of walkers on the way from a law that can be drawn from to the wanted one, in λ. Without `base` λ is β itself, and the laws
 * are exp(−λE); with it they are exp(−(1−λ) E_base − λE), λ from 0 to 1. The energies of its walkers are d/dλ of those.
 *
 * @throws {CapabilityError} at binding, when the kernel needs more than the two energies have together.
 */
export function pathKernel<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  E extends Energy<X>,
>(
  energy: E,
  kernel: Kernel<E, X, S, I> | WalkerKernel<E, X>,
  base: Energy<X> | undefined,
): WalkerKernel<E, X> {
  if (base === undefined) return walkerKernel(kernel);
  if ("walkers" in kernel) {
    throw new CapabilityError(
      `a base takes a kernel that moves one state, and ${kernel.name} moves many on one energy; go from β = 0 without one`,
    );
  }
  const bind = (): BoundKernel<X, PathState<X, S>, I> => {
    const between = interpolate(base, energy);
    const bound = (kernel as unknown as Kernel<Energy<X>, X, S, I>).bind(between.energy);
    return {
      init: (position) => new PathState(position.slice() as X, energy, base),
      step(rng, state, lambda) {
        between.at(lambda);
        // What the state has cached belongs to another λ.
        const memory = state.inner === undefined ? undefined : bound.memory?.(state.inner);
        state.inner = bound.init(state.position, memory);
        const info = bound.step(rng, state.inner, 1);
        state.position = state.inner.position;
        return info;
      },
    };
  };
  return lift({ name: kernel.name, bind });
}

class PathState<X extends StateArray, S> implements KernelState<X> {
  position: X;
  inner: S | undefined;
  readonly #energy: Energy<X>;
  readonly #base: Energy<X>;

  constructor(position: X, energy: Energy<X>, base: Energy<X>) {
    this.position = position;
    this.#energy = energy;
    this.#base = base;
  }

  get energy(): number {
    return this.#energy.energy(this.position) - this.#base.energy(this.position);
  }
}

/** Returns (1−λ) E_base + λ E with a λ that can be moved, with the capabilities that both have. */
function interpolate<X extends StateArray>(
  base: Energy<X>,
  energy: Energy<X>,
): { energy: Energy<X>; at(lambda: number): void } {
  const [from, to] = [base.space, energy.space];
  if (
    !("dimension" in from && "dimension" in to) ||
    from.kind !== to.kind ||
    from.dimension !== to.dimension
  ) {
    throw new ArgumentError(
      `the base is over ${describe(from)}, the energy over ${describe(to)}: they must be over the same space`,
    );
  }
  let lambda = 0;
  const mix = (a: number, b: number) => (lambda === 0 ? a : lambda === 1 ? b : (1 - lambda) * a + lambda * b);
  const plain = { space: to, energy: (x: X) => mix(base.energy(x), energy.energy(x)) };
  const at = (next: number) => {
    lambda = next;
  };
  if (isDifferentiable(base as Energy<never>) && isDifferentiable(energy as Energy<never>)) {
    const pair = [base, energy] as unknown as [DifferentiableEnergy, DifferentiableEnergy];
    const gradient = new Float64Array(to.dimension);
    const energyAndGradient = (x: Float64Array, out: Float64Array) => {
      const a = pair[0].energyAndGradient(x, gradient);
      const b = pair[1].energyAndGradient(x, out);
      for (let i = 0; i < out.length; i++) out[i] = mix(gradient[i], out[i]);
      return mix(a, b);
    };
    return { at, energy: { ...plain, energyAndGradient } as Energy<X> };
  }
  if (isSpinEnergy(base as Energy<never>) && isSpinEnergy(energy as Energy<never>)) {
    const pair = [base, energy] as unknown as [SpinEnergy, SpinEnergy];
    const attach = (x: Int8Array): SpinCursor => joined(pair[0].attach(x), pair[1].attach(x), mix);
    return { at, energy: { ...plain, attach } as unknown as Energy<X> };
  }
  return { at, energy: plain };
}

function describe(space: Energy<never>["space"]): string {
  return "dimension" in space ? `${space.kind} of dimension ${space.dimension}` : space.kind;
}

function joined(a: SpinCursor, b: SpinCursor, mix: (a: number, b: number) => number): SpinCursor {
  return {
    state: a.state,
    get energy() {
      return mix(a.energy, b.energy);
    },
    delta: (i) => mix(a.delta(i), b.delta(i)),
    deltas(out) {
      for (let i = 0; i < out.length; i++) out[i] = mix(a.delta(i), b.delta(i));
      return out;
    },
    flip(i) {
      a.flip(i);
      b.flip(i);
    },
  };
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
