import type { Lacking } from "../capability.ts";
import {
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isLearnable,
  isSpinEnergy,
  type LearnableEnergy,
  type RealSpace,
  type SpinCursor,
  type SpinEnergy,
  type SpinSpace,
} from "../energy.ts";
import { ArgumentError, CapabilityError, checkLength } from "../errors.ts";

/** Which coordinates are known: true or 1 where they are. */
export type Mask = ArrayLike<boolean | number>;

/** What a clamped energy adds: the way between the free part and the whole state. */
export interface Clamped<X> {
  /** Indices of the free coordinates in the whole state, ascending. */
  readonly free: Uint32Array;
  /** Returns the whole state with `part` in the free coordinates. */
  embed(part: X): X;
  /** Returns the free coordinates of a whole state. */
  extract(whole: X): X;
}

/**
 * Returns the energy of the free coordinates alone, E(x_free | x_known): the coordinates that `known` marks are held at
 * their values in `x`. It keeps the gradient, the cursors and the parameters that `energy` has.
 *
 * @example
 * ```ts
 * import { clamp, denseQuadratic } from "@basin/energy-core";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * const second = clamp(pair, Int8Array.of(1, 1), [true, false]);
 * console.log(second.energy(Int8Array.of(-1))); // 1
 * ```
 *
 * @throws {DimensionError} when `x` or `known` do not have the length of a state.
 * @throws {ArgumentError} when nothing is free; {CapabilityError} for states that are neither spins nor reals.
 */
export function clamp(energy: SpinEnergy, x: Int8Array, known: Mask): SpinEnergy & Clamped<Int8Array>;
export function clamp(
  energy: DifferentiableEnergy,
  x: Float64Array,
  known: Mask,
): DifferentiableEnergy & Clamped<Float64Array>;
export function clamp<X extends Int8Array | Float64Array>(
  energy: Energy<X>,
  x: X,
  known: Mask,
): Energy<X> & Clamped<X>;
export function clamp(energy: Energy<never>, x: Int8Array | Float64Array, known: Mask): Energy<never> {
  const { space } = energy;
  if (space.kind !== "spins" && space.kind !== "reals") {
    throw new CapabilityError(`clamp needs an energy over spins or reals, this one is over ${space.kind}`);
  }
  const free = freeCoordinates(x, known, space.dimension);
  if (free.length === 0) throw new ArgumentError(`known marks all ${x.length} coordinates; nothing is free`);
  const whole = x.slice();
  const parts = new Parts(whole, free);
  const reduced: SpinSpace | RealSpace = { kind: space.kind, dimension: free.length };
  const { lacking } = energy as Lacking;
  const base = {
    space: reduced,
    ...(lacking && { lacking }),
    free,
    energy: (part: never) => energy.energy(parts.place(part) as never),
    embed: (part: never) => parts.place(part).slice() as never,
    extract: (state: never) => parts.extract(state) as never,
  };
  return Object.assign(
    base,
    isDifferentiable(energy) ? gradientOf(energy, parts as Parts<Float64Array>) : {},
    isSpinEnergy(energy) ? cursorsOf(energy, parts as Parts<Int8Array>) : {},
    isLearnable(energy) ? parametersOf(energy, parts) : {},
  );
}

/** Returns the indices that `known` leaves free. */
export function freeCoordinates(x: ArrayLike<number>, known: Mask, dimension: number): Uint32Array {
  checkLength("state", x.length, dimension);
  checkLength("known", known.length, dimension);
  const free: number[] = [];
  for (let i = 0; i < dimension; i++) if (!known[i]) free.push(i);
  return Uint32Array.from(free);
}

class Parts<X extends Int8Array | Float64Array> {
  readonly whole: X;
  readonly free: Uint32Array;

  constructor(whole: X, free: Uint32Array) {
    this.whole = whole;
    this.free = free;
  }

  /** The whole state holding `part`; valid until the next call. */
  place(part: X): X {
    checkLength("state", part.length, this.free.length);
    for (let k = 0; k < part.length; k++) this.whole[this.free[k]] = part[k];
    return this.whole;
  }

  extract(state: X): X {
    checkLength("state", state.length, this.whole.length);
    const part = state.slice(0, this.free.length) as X;
    for (let k = 0; k < part.length; k++) part[k] = state[this.free[k]];
    return part;
  }
}

function gradientOf(
  energy: DifferentiableEnergy,
  parts: Parts<Float64Array>,
): Pick<DifferentiableEnergy, "energyAndGradient"> {
  const gradient = new Float64Array(parts.whole.length);
  return {
    energyAndGradient(part, out) {
      checkLength("out", out.length, parts.free.length);
      const value = energy.energyAndGradient(parts.place(part), gradient);
      for (let k = 0; k < out.length; k++) out[k] = gradient[parts.free[k]];
      return value;
    },
  };
}

function cursorsOf(energy: SpinEnergy, parts: Parts<Int8Array>): Pick<SpinEnergy, "attach"> {
  return { attach: (part) => new ClampedCursor(energy.attach(parts.place(part)), parts.free, part.slice()) };
}

function parametersOf(
  energy: LearnableEnergy<never>,
  parts: Parts<Int8Array | Float64Array>,
): Pick<LearnableEnergy<never>, "parameters" | "addParameterGradient"> {
  return {
    parameters: energy.parameters,
    addParameterGradient(part, weight, out) {
      energy.addParameterGradient(parts.place(part) as never, weight, out);
    },
  };
}

class ClampedCursor implements SpinCursor {
  readonly state: Int8Array;
  readonly #inner: SpinCursor;
  readonly #free: Uint32Array;

  constructor(inner: SpinCursor, free: Uint32Array, state: Int8Array) {
    this.#inner = inner;
    this.#free = free;
    this.state = state;
  }

  get energy(): number {
    return this.#inner.energy;
  }

  delta(k: number): number {
    return this.#inner.delta(this.#free[k]);
  }

  deltas(out: Float64Array): Float64Array {
    for (let k = 0; k < this.#free.length; k++) out[k] = this.#inner.delta(this.#free[k]);
    return out;
  }

  flip(k: number): void {
    this.#inner.flip(this.#free[k]);
    this.state[k] = -this.state[k];
  }
}
