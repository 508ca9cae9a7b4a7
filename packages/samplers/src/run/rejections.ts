import {
  CapabilityError,
  type Cursor,
  DimensionError,
  type Energy,
  EnergyValueError,
  type Moves,
  type Space,
} from "@basin/energy-core";
import { movesOf } from "@basin/energy-core/internal";

/** What the energy threw during a chain, each counted as +∞, outside the support. */
export interface Rejections {
  /** Evaluations that threw. */
  readonly count: number;
  /** What the first of them said. */
  readonly first: string;
  /** The first place where the energy was NaN, if the energy reports one. */
  readonly nan?: FirstNaN;
}

/** A state at which an energy was NaN. */
export interface FirstNaN {
  readonly state: readonly number[];
  /** The operation that gave NaN, such as an operation of a formula with its line. */
  readonly where: string;
}

/** Errors that are mistakes in a program: more draws do not help. */
const FAULTS = [TypeError, ReferenceError, SyntaxError, EnergyValueError, DimensionError, CapabilityError];

/**
 * Whether a thrown value means that the energy is not defined there, as `cholesky` throws for a matrix that is not
 * positive definite.
 */
export function isRejection(error: unknown): boolean {
  return !FAULTS.some((Fault) => error instanceof Fault);
}

/** An energy that is +∞ where the user's energy throws, with a record of what it threw. */
export class RejectingEnergy<X> {
  readonly energy: Energy<X>;
  /** Whether rejections are on. They are off during the search for a start, where the reason matters more. */
  on = false;
  #count = 0;
  #first = "";
  #nan: FirstNaN | undefined;

  constructor(energy: Energy<X>) {
    this.energy = this.wrap(energy);
  }

  get rejections(): Rejections {
    const met = { count: this.#count, first: this.#first };
    return this.#nan === undefined ? met : { ...met, nan: this.#nan };
  }

  /** Continues the record of an earlier part of the chain. */
  resume({ count, first, nan }: Rejections): void {
    this.#count = count;
    this.#first = first;
    this.#nan = nan;
  }

  /** The warnings of a run in which the energy threw, for results other than draws of chains. */
  get warnings(): string[] {
    const nan =
      this.#nan &&
      `the energy or its gradient was NaN, first in ${this.#nan.where}: what lies beyond is never reached.`;
    const thrown = `the energy threw ${this.#count} times, first: "${this.#first}". Each was taken for +Infinity, outside the support; where that is not what it means, the results are of another law.`;
    return [...(this.#count > 0 ? [thrown] : []), ...(nan === undefined ? [] : [nan])];
  }

  /** Returns an energy that is +∞ where `energy` throws. It records here what was thrown. */
  wrap(energy: Energy<X>): Energy<X> {
    const can = forwarding(energy.can);
    const { gradient, moves } = energy.can;
    if (gradient !== undefined) {
      can.gradient = (x: X, out: Float64Array) => {
        try {
          return this.#told(gradient.call(energy.can, x, out), energy, x, out);
        } catch (error) {
          out.fill(0);
          return this.#reject(error);
        }
      };
    }
    // Energies of pairs of spins are Basin's own and throw nothing, and they are called most often.
    if (moves !== undefined && energy.can.quadratic === undefined) {
      const attach = (x: X) => moves.call(energy.can, x);
      can.moves = (x: X) => new RejectingCursor(energy.space, attach, x, (error) => this.#reject(error));
    }
    const value = (x: X) => {
      try {
        return this.#told(energy.energy(x), energy, x);
      } catch (error) {
        return this.#reject(error);
      }
    };
    return Object.assign(forwarding(energy, ["can"]), { can, energy: value }) as unknown as Energy<X>;
  }

  /** Returns an energy, and records where it or its gradient is NaN first. */
  #told(value: number, energy: Energy<X>, x: X, gradient?: Float64Array): number {
    if (!this.on || this.#nan !== undefined || energy.firstNaN === undefined) return value;
    if (!Number.isNaN(value) && !gradient?.some(Number.isNaN)) return value;
    const where = energy.firstNaN(x);
    if (where !== undefined) this.#nan = { state: Array.from(x as ArrayLike<number>), where };
    return value;
  }

  #reject(error: unknown): number {
    if (!this.on || !isRejection(error)) throw error;
    if (this.#count++ === 0) this.#first = error instanceof Error ? error.message : String(error);
    return Infinity;
  }
}

/**
 * A cursor over a user's cursor that may throw. After a move that threw, it is outside the support, at energy +∞. The
 * next move that leads inside attaches a new cursor of the user, because the move that threw may have been made in
 * part.
 */
class RejectingCursor<X> implements Cursor<X> {
  readonly #moves: Moves<X>;
  readonly #attach: (x: X) => Cursor<X>;
  readonly #reject: (error: unknown) => number;
  /** The state after all moves. */
  readonly #state: X;
  /** Absent outside the support. */
  #cursor: Cursor<X> | undefined;
  #last = 0;

  constructor(space: Space<X>, attach: (x: X) => Cursor<X>, x: X, reject: (error: unknown) => number) {
    this.#cursor = attach(x);
    this.#moves = movesOf(space, "a cursor");
    this.#attach = attach;
    this.#reject = reject;
    this.#state = space.copy(x);
  }

  get state(): X {
    return this.#cursor === undefined ? this.#state : this.#cursor.state;
  }

  get energy(): number {
    return this.#cursor === undefined ? Infinity : this.#cursor.energy;
  }

  delta(move: number): number {
    if (this.#cursor === undefined) return -Infinity;
    try {
      return this.#cursor.delta(move);
    } catch (error) {
      return this.#reject(error);
    }
  }

  deltas(out: Float64Array): Float64Array {
    if (this.#cursor === undefined) return out.fill(-Infinity);
    try {
      return this.#cursor.deltas(out);
    } catch (error) {
      if (!isRejection(error)) throw error;
      for (let move = 0; move < out.length; move++) out[move] = this.delta(move);
      return out;
    }
  }

  apply(move: number): void {
    this.#moves.apply(this.#state, move);
    this.#last = move;
    try {
      if (this.#cursor === undefined) this.#cursor = this.#attach(this.#state);
      else this.#cursor.apply(move);
    } catch (error) {
      this.#reject(error);
      this.#cursor = undefined;
    }
  }

  retreat(): void {
    if (this.#cursor === undefined) this.apply(this.#moves.inverse(this.#last));
  }
}

/** Makes a move that a kernel has chosen. Takes it back if it threw. */
export function settleMove(cursor: Cursor<unknown> & { retreat?: () => void }, move: number): void {
  cursor.apply(move);
  cursor.retreat?.();
}

/**
 * Returns an object with all members of another. Its methods run on the original, whose private fields no other object
 * has.
 */
function forwarding(original: object, without: readonly string[] = []): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (let at: object = original; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name === "constructor" || without.includes(name) || Object.hasOwn(out, name)) continue;
      const get = () => Reflect.get(original, name);
      if (typeof value === "function") out[name] = value.bind(original);
      else Object.defineProperty(out, name, { get, configurable: true, enumerable: true });
    }
  }
  return out;
}
