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
import type { Rng } from "@basin/energy-core/random";
import type { BoundKernel, Kernel, KernelState, StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";

/**
 * A way from a law that can be drawn from to the wanted one, in λ. Without `base` λ is β itself, and the laws are exp(−λE); with it they
 * are exp(−(1−λ) E_base − λE), λ from 0 to 1.
 */
export interface Path<X extends StateArray> {
  /** Returns a state of the kernel at `position`. */
  start(position: X, lambda: number): KernelState<X>;
  /** Moves a state by one kernel step at λ, and returns it: the same object or another. */
  move(rng: Rng, state: KernelState<X>, lambda: number): KernelState<X>;
  /** Returns d/dλ of the energy of the path: what the weights of annealed importance sampling add up. */
  slope(state: KernelState<X>): number;
}

/** @throws {CapabilityError} when the kernel needs more than the two energies have together. */
export function pathOf<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  E extends Energy<X>,
>(energy: E, kernel: Kernel<E, X, S, I>, base: Energy<X> | undefined): Path<X> {
  if (base === undefined) return temperedPath(kernel.bind(energy) as unknown as BoundKernel<X>);
  const between = interpolate(base, energy);
  const bound = (kernel as unknown as Kernel<Energy<X>, X>).bind(between.energy);
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

function temperedPath<X extends StateArray>(bound: BoundKernel<X>): Path<X> {
  return {
    start: (position) => bound.init(position),
    move(rng, state, lambda) {
      bound.step(rng, state, lambda);
      return state;
    },
    slope: ({ energy }) => energy,
  };
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

/** @throws {CapabilityError} for an energy whose states are no vectors. */
export function checkVectors(energy: Energy<never>, what: string): void {
  if (!("dimension" in energy.space))
    throw new CapabilityError(`${what} moves vectors; this energy is over ${energy.space.kind}`);
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
