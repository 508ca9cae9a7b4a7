import {
  ArgumentError,
  type Cursor,
  checkNumber,
  type DifferentiableEnergy,
  type Energy,
  plainEnergy,
  reals,
  type SpinEnergy,
  spins,
} from "@basin/energy-core";
import { bindByName, type Kernel, type KernelState } from "../kernel.ts";
import { cycle } from "./cycle.ts";
import type { RealState } from "./random-walk.ts";

/** The parts of {@link mixedEnergy}: E(x, s) for x in ℝⁿ and s in {−1, +1}ᵐ. */
export interface MixedParts {
  /** n, at least 1. */
  readonly reals: number;
  /** m, at least 1. */
  readonly spins: number;
  energy(x: Float64Array, s: Int8Array): number;
  /** Writes ∇ₓE(x, s) into `out` and returns E(x, s). Kernels of the reals that use gradients need it. */
  energyAndGradient?(x: Float64Array, s: Int8Array, out: Float64Array): number;
  /** Returns E(x, s with spin i flipped) − E(x, s). Default: the difference of two energies. */
  delta?(x: Float64Array, s: Int8Array, i: number): number;
}

/** An energy over reals and spins together. A state is one vector: the n reals, then the m spins as −1 or +1. */
export type MixedEnergy = Energy<Float64Array, { readonly parts: MixedParts }>;

/**
 * Returns an energy over ℝⁿ × {−1, +1}ᵐ whose states are vectors of n reals followed by m spins, +∞ if a spin is
 * neither −1 nor +1. So draws, summaries and files are those of vectors. {@link alternating} samples it.
 *
 * @throws {ArgumentError} for numbers of reals or spins below 1.
 *
 * @example
 * ```ts
 * import { mixedEnergy } from "@basin/samplers";
 *
 * const energy = mixedEnergy({ reals: 1, spins: 1, energy: ([x], [s]) => 0.5 * (x - s) ** 2 });
 * console.log(energy.energy(Float64Array.of(2, 1)), energy.energy(Float64Array.of(2, 0))); // 0.5, Infinity
 * ```
 */
export function mixedEnergy(parts: MixedParts): MixedEnergy {
  const n = checkNumber("reals", parts.reals, { min: 1, integer: true });
  const m = checkNumber("spins", parts.spins, { min: 1, integer: true });
  return {
    space: reals(n + m),
    can: { parts },
    energy(state) {
      const spins = state.subarray(n);
      if (spins.some((spin) => spin !== 1 && spin !== -1)) return Infinity;
      return parts.energy(state.subarray(0, n), Int8Array.from(spins));
    },
  };
}

/** The kernels of {@link alternating}. */
export interface AlternatingKernels {
  /** Moves the reals while the spins stand: any kernel over reals. */
  readonly reals: Kernel<DifferentiableEnergy, Float64Array>;
  /** Moves the spins while the reals stand: any kernel over spins. */
  readonly spins: Kernel<SpinEnergy, Int8Array>;
}

/**
 * Returns the composition of a kernel for the reals and one for the spins of a {@link mixedEnergy}: a step moves x
 * given s, then s given x (Metropolis within Gibbs; Tierney 1994). Both leave exp(−βE) invariant, and so does the
 * composition. Warm-up adapts each as if it were alone. The spins of a start are rounded to the nearest values.
 *
 * @example
 * ```ts
 * import { alternating, heatBath, mixedEnergy, nuts, sample, summary } from "@basin/samplers";
 *
 * // Two wells: x ~ N(2s, 1), and s = +1 three times as likely as s = −1.
 * const wells = mixedEnergy({
 *   reals: 1,
 *   spins: 1,
 *   energy: ([x], [s]) => 0.5 * (x - 2 * s) ** 2 - 0.5 * Math.log(3) * s,
 *   energyAndGradient([x], [s], gradient) {
 *     gradient[0] = x - 2 * s;
 *     return 0.5 * (x - 2 * s) ** 2 - 0.5 * Math.log(3) * s;
 *   },
 * });
 * const kernel = alternating({ reals: nuts(), spins: heatBath() });
 * console.table(summary(await sample(wells, kernel, { seed: 1, names: ["x", "s"] }))); // ⟨s⟩ = ½, ⟨x⟩ = 1
 * ```
 */
export function alternating(kernels: AlternatingKernels): Kernel<MixedEnergy, Float64Array> {
  const whole = cycle<MixedEnergy, Float64Array>([movingReals(kernels.reals), movingSpins(kernels.spins)]);
  return {
    name: `alternating(${kernels.reals.name}, ${kernels.spins.name})`,
    bind(energy) {
      if (energy.can.parts === undefined) {
        throw new ArgumentError("alternating moves reals and spins together; make its energy by mixedEnergy");
      }
      const bound = whole.bind(energy);
      const { reals: n } = energy.can.parts;
      const rounded = (position: Float64Array) => position.map((x, i) => (i < n ? x : x < 0 ? -1 : 1));
      return {
        init: (position, memory) => bound.init(rounded(position), memory),
        memory: (state) => bound.memory?.(state) ?? [],
        step: (rng, state, beta) => bound.step(rng, state, beta),
        warmup: (steps, state, rng, beta) =>
          bound.warmup?.(steps, state, rng, beta) ?? { update: () => {}, finish: () => ({}) },
        restore: (tuned) => bound.restore?.(tuned),
      };
    },
  };
}

/** The halves of a mixed state, in buffers that a conditional energy reads. */
interface Halves {
  readonly x: Float64Array;
  readonly s: Int8Array;
}

/** One half of a mixed state: its place in the whole, and its energy given the other half. */
interface Half<X> {
  readonly offset: number;
  readonly buffer: X;
  readonly energy: Energy<X, object>;
}

/** A kernel of one half of a mixed state as one of the whole. */
function movingHalf<X extends Float64Array | Int8Array>(
  kernel: Kernel<never, X>,
  halfOf: (parts: MixedParts, halves: Halves) => Half<X>,
): Kernel<MixedEnergy, Float64Array, NestedState<X>> {
  return {
    name: kernel.name,
    bind({ can: { parts } }) {
      const n = parts.reals;
      const halves = { x: new Float64Array(n), s: new Int8Array(parts.spins) };
      const half = halfOf(parts, halves);
      const bound = bindByName(kernel, half.energy);
      return {
        init(position, memory) {
          halves.x.set(position.subarray(0, n));
          halves.s.set(position.subarray(n));
          const inner = bound.init(half.buffer, memory);
          return { position: position.slice(), energy: inner.energy, inner };
        },
        memory: ({ inner }) => bound.memory?.(inner) ?? [],
        step(rng, state, beta) {
          const info = bound.step(rng, state.inner, beta);
          state.position.set(state.inner.position, half.offset);
          state.energy = state.inner.energy;
          return info;
        },
        warmup(steps, state, rng, beta) {
          const adaptation = bound.warmup?.(steps, state.inner, rng, beta);
          return {
            update: (after, info) => adaptation?.update(after.inner, info),
            finish: () => adaptation?.finish() ?? {},
          };
        },
        restore: (tuned) => bound.restore?.(tuned),
      };
    },
  };
}

/** A mixed state with the state of the kernel that moves one half of it. */
interface NestedState<X> extends RealState {
  readonly inner: KernelState<X>;
}

function movingReals(kernel: AlternatingKernels["reals"]) {
  return movingHalf(kernel, (parts, { x, s }) => {
    const { energyAndGradient } = parts;
    const can = energyAndGradient && {
      gradient: (at: Float64Array, out: Float64Array) => energyAndGradient.call(parts, at, s, out),
    };
    const energy = {
      space: reals(parts.reals),
      energy: (at: Float64Array) => parts.energy(at, s),
      can: { ...can },
    };
    return { offset: 0, buffer: x, energy };
  });
}

function movingSpins(kernel: AlternatingKernels["spins"]) {
  return movingHalf(kernel, (parts, { x, s }) => {
    const plain = plainEnergy(spins(parts.spins), (at) => parts.energy(x, at));
    const { delta } = parts;
    const energy = delta === undefined ? plain : withDelta(plain, (at, i) => delta.call(parts, x, at, i));
    return { offset: parts.reals, buffer: s, energy };
  });
}

/** A spin energy that gives differences. */
function withDelta(plain: SpinEnergy, delta: (s: Int8Array, i: number) => number): SpinEnergy {
  const moves = (start: Int8Array): Cursor<Int8Array> => {
    const state = start.slice();
    const cursor = {
      state,
      energy: plain.energy(state),
      delta: (i: number) => delta(state, i),
      deltas(out: Float64Array) {
        for (let i = 0; i < out.length; i++) out[i] = delta(state, i);
        return out;
      },
      apply(i: number) {
        cursor.energy += delta(state, i);
        state[i] = -state[i];
      },
    };
    return cursor;
  };
  return { space: plain.space, energy: (s) => plain.energy(s), can: { moves } };
}
