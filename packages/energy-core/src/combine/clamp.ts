import type { Cursor, Energy, Parameters, Partials } from "../energy.ts";
import { checkLength } from "../errors.ts";
import type { Mask, Part } from "../space.ts";
import { carried, type Known } from "./pointwise.ts";
import { clampedQuadratic } from "./quadratic.ts";

/** What a clamped energy adds: the way between the free part and the whole state. */
export interface Clamped<X> {
  /** Indices of the free coordinates in the whole state, ascending. */
  readonly free: Uint32Array;
  /** Returns the whole state with `part` in the free coordinates. */
  embed(part: X): X;
  /** Returns the free coordinates of a whole state. */
  extract(whole: X): X;
}

/** What a clamped energy does not have: its states have no label, and their shape is not that of the batches. */
type Lost = "labels" | "batch";

/**
 * Returns the energy of the free coordinates, E(x_free | x_known). The coordinates marked in `known` keep their values
 * in `x`. The result has every capability of `energy` except labels and batches.
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
 * @throws {ArgumentError} when nothing is free; {CapabilityError} for states that cannot be masked.
 */
export function clamp<X, C extends object>(
  energy: Energy<X, C>,
  x: X,
  known: Mask,
): Energy<X, Known<Omit<C, Lost>>> & Clamped<X> {
  const part = energy.space.part(x, known);
  const { gradient, moves, parameters, quadratic }: Partials<X> = energy.can;
  return {
    space: part.space,
    energy: (state) => energy.energy(part.place(state)),
    can: carried<Known<Omit<C, Lost>>>({
      ...(gradient && { gradient: gradientOf(gradient, part, energy.space.dimension) }),
      ...(moves && { moves: (state: X) => new ClampedCursor(moves(part.place(state)), part, state) }),
      ...(parameters && { parameters: parametersOf(parameters, part) }),
      ...(quadratic && { quadratic: clampedQuadratic(quadratic, part.free, Float64Array.from(part.held)) }),
    }),
    lacking: energy.lacking,
    free: part.free,
    embed: (state) => energy.space.copy(part.place(state)),
    extract: (whole) => part.extract(whole),
  };
}

function gradientOf<X>(gradient: NonNullable<Partials<X>["gradient"]>, part: Part<X>, dimension: number) {
  const whole = new Float64Array(dimension);
  return (state: X, out: Float64Array) => {
    checkLength("out", out.length, part.free.length);
    const value = gradient(part.place(state), whole);
    for (let k = 0; k < out.length; k++) out[k] = whole[part.free[k]];
    return value;
  };
}

function parametersOf<X>({ values, addGradient }: Parameters<X>, part: Part<X>): Parameters<X> {
  return { values, addGradient: (state, weight, out) => addGradient(part.place(state), weight, out) };
}

class ClampedCursor<X> implements Cursor<X> {
  readonly state: X;
  readonly #inner: Cursor<X>;
  readonly #part: Part<X>;
  readonly #moves: Uint32Array;

  constructor(inner: Cursor<X>, part: Part<X>, state: X) {
    this.#inner = inner;
    this.#part = part;
    this.#moves = part.moves ?? new Uint32Array(0);
    this.state = part.space.copy(state);
  }

  get energy(): number {
    return this.#inner.energy;
  }

  delta(move: number): number {
    return this.#inner.delta(this.#moves[move]);
  }

  deltas(out: Float64Array): Float64Array {
    for (let k = 0; k < out.length; k++) out[k] = this.#inner.delta(this.#moves[k]);
    return out;
  }

  apply(move: number): void {
    this.#inner.apply(this.#moves[move]);
    this.#part.space.moves?.apply(this.state, move);
  }
}
