import {
  CapabilityError,
  type Cursor,
  DimensionError,
  type Energy,
  EnergyValueError,
} from "@basin/energy-core";

/** What the energy threw during a chain, each counted as +∞, outside the support. */
export interface Rejections {
  /** Evaluations that threw. */
  readonly count: number;
  /** What the first of them said. */
  readonly first: string;
}

/** Faults of a program, which more draws do not cure. */
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

  constructor(energy: Energy<X>) {
    this.energy = this.#wrap(energy);
  }

  get rejections(): Rejections {
    return { count: this.#count, first: this.#first };
  }

  /** Goes on from what a chain had met before. */
  resume({ count, first }: Rejections): void {
    this.#count = count;
    this.#first = first;
  }

  #wrap(energy: Energy<X>): Energy<X> {
    const can = forwarding(energy.can);
    const { gradient, moves } = energy.can;
    if (gradient !== undefined) {
      can.gradient = (x: X, out: Float64Array) => {
        try {
          return gradient.call(energy.can, x, out);
        } catch (error) {
          out.fill(0);
          return this.#reject(error);
        }
      };
    }
    // Energies of pairs of spins are Basin's own, throw nothing, and are asked most often.
    if (moves !== undefined && energy.can.quadratic === undefined) {
      can.moves = (x: X) => new RejectingCursor(moves.call(energy.can, x), (error) => this.#reject(error));
    }
    const value = (x: X) => {
      try {
        return energy.energy(x);
      } catch (error) {
        return this.#reject(error);
      }
    };
    return Object.assign(forwarding(energy, ["can"]), { can, energy: value }) as unknown as Energy<X>;
  }

  #reject(error: unknown): number {
    if (!this.on || !isRejection(error)) throw error;
    if (this.#count++ === 0) this.#first = error instanceof Error ? error.message : String(error);
    return Infinity;
  }
}

/**
 * A cursor whose differences are +∞ where the cursor of a user throws. Moves that were made and then throw end the run,
 * as before.
 */
class RejectingCursor<X> implements Cursor<X> {
  readonly #cursor: Cursor<X>;
  readonly #reject: (error: unknown) => number;

  constructor(cursor: Cursor<X>, reject: (error: unknown) => number) {
    this.#cursor = cursor;
    this.#reject = reject;
  }

  get state(): X {
    return this.#cursor.state;
  }

  get energy(): number {
    return this.#cursor.energy;
  }

  delta(move: number): number {
    try {
      return this.#cursor.delta(move);
    } catch (error) {
      return this.#reject(error);
    }
  }

  deltas(out: Float64Array): Float64Array {
    try {
      return this.#cursor.deltas(out);
    } catch (error) {
      if (!isRejection(error)) throw error;
      for (let move = 0; move < out.length; move++) out[move] = this.delta(move);
      return out;
    }
  }

  apply(move: number): void {
    this.#cursor.apply(move);
  }
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
