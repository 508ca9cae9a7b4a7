import type { Energy, Partials } from "./energy.ts";
import type { Rng } from "./random/rng.ts";

/** Which coordinates are known: true or 1 where they are. */
export type Mask = ArrayLike<boolean | number>;

/** A box of real coordinates, one interval each. */
export type Intervals = readonly (readonly [low: number, high: number])[];

/** How a descent goes; every space reads the options that concern it. */
export interface DescendOptions {
  /**
   * Discrete states: the next move. `"steepest"` (default): the move that lowers the energy most, the lowest number
   * among equals. `"random"`: passes over all moves in random order, much faster if a move changes few differences.
   */
  order?: "steepest" | "random";
  /** Seed of the random order. Default: drawn, and reported in the result. */
  seed?: number;
  /** Reals: converged when the largest |∂E/∂x_i| is at most this. Default 1e-8. */
  gradientTolerance?: number;
  /** Reals: iterations at most. Default 5000. */
  maxIterations?: number;
  /** Reals: pairs of steps that the Hessian is modeled by. Default 20. */
  memory?: number;
}

/** The local minimum below a state. */
export interface Descent<X> {
  readonly state: X;
  /** E(state). */
  readonly energy: number;
  /** Moves made, or iterations. */
  readonly steps: number;
  /** Whether a local minimum was reached: always true for discrete states; within the tolerance for reals. */
  readonly converged: boolean;
  readonly certificate: "local";
  /** The seed of a random order. */
  readonly seed?: number;
}

/** The options of a search inside a ball. Each space reads those that apply to it. */
export interface BallOptions {
  /** ε, the radius of the ball: sites that may change (an integer), or a distance. Required. */
  radius: number;
  /** How distance is measured on reals: `"l2"` (default) or `"linf"`. Sites use the Hamming distance. */
  norm?: "l2" | "linf";
  /** Maximum number of states of a Hamming ball for which all are compared. Default 200 000. */
  maxStates?: number;
  /** Reals: converged when a projected gradient step moves no coordinate by more than this. Default 1e-8. */
  tolerance?: number;
  /** Reals: iterations at most. Default 1000. */
  maxIterations?: number;
}

/** The state of low energy found inside a ball. */
export interface BallMinimum<X> {
  readonly state: X;
  /** E(state), never above that of the center. */
  readonly energy: number;
  /** Distance from the center in the norm used, at most the radius. */
  readonly distance: number;
  /** Whether the search ended by itself rather than by a limit. */
  readonly converged: boolean;
  readonly certificate: "exact" | "local";
}

/** Where starts of a census come from. */
export interface StartOptions {
  /** Random starts. Default 1000. */
  starts?: number;
  /** Reals only, and required there: the box of the starts, one interval for each coordinate. */
  box?: Intervals;
  /** Reals only: starts on a grid with this many points per side, instead of random ones. */
  grid?: number;
}

/** The numbered moves from a state of a discrete space, the same number for every state. */
export interface Moves<X> {
  /** Moves that lead away from a state. */
  readonly count: number;
  /** Makes move number `move` from `x`, in place. */
  apply(x: X, move: number): void;
  /** Returns the number of the move that leads back after `move` was made. */
  inverse(move: number): number;
  /** Returns a state to begin {@link tour} at. */
  first(): X;
  /** Calls `step` with a sequence of moves that visits every state once, starting from {@link first}. */
  tour(step: (move: number) => void): void;
  /** Returns the place of `x` among all states, from 0; the inverse of {@link state}. */
  index(x: X): number;
  /** Returns the state at a place. */
  state(index: number): X;
  /** The moves by site, if states are products of sites; otherwise absent. */
  readonly sites?: Sites<X>;
}

/**
 * States that are a value at each of `count` sites. The moves of site i are those from `starts[i]` up to
 * `starts[i + 1]`: one to each other value of the site. A draw from the conditional law of the site chooses among these
 * and no move.
 */
export interface Sites<X> {
  readonly count: number;
  readonly starts: Uint32Array;
  /** The values that a site can have, ascending: −1 and +1 for spins. */
  readonly values: readonly number[];
  /** Returns the number of the move that gives `site` the value `value`, or −1 if it already has that value. */
  move(x: X, site: number, value: number): number;
}

/** The part of a state that a mask leaves free. */
export interface Part<X> {
  /** The space of the free part alone. */
  readonly space: Space<X>;
  /** Free coordinates in the whole state, ascending. */
  readonly free: Uint32Array;
  /** Returns the whole state with `part` in its free coordinates, in a buffer that is valid until the next call. */
  place(part: X): X;
  /** Returns the free part of a whole state. */
  extract(whole: X): X;
  /** The coordinates of the whole state as numbers; those that are held count. */
  readonly held: ArrayLike<number>;
  /** Number of the whole state's move for each move of the part. Absent for spaces without moves. */
  readonly moves?: Uint32Array;
}

/** The quantities behind the coordinates of a state, if they differ from the coordinates. */
export interface Quantities<X, N extends string = string> {
  /** The parts that the quantities belong to, by name, with their shapes: `[]`, `[n]` or `[rows, columns]`. */
  readonly parts: Readonly<Record<N, readonly number[]>>;
  /** A name for each, part by part and by rows: `mu`, `z[3]`. */
  readonly names: readonly string[];
  /** Writes the quantities at a state into `out` (one for each name) and returns it. */
  write(x: X, out: Float64Array): Float64Array;
}

/**
 * A set of states X with everything that depends on the kind of state. Tasks, combinators and samplers call the space
 * and never test which space it is, so a new kind of state is one implementation of this interface. `D` are the
 * capabilities that every function on it has.
 */
export interface Space<X, D extends object = Partials<X>> {
  /** The name of the space, such as "12 spins", for messages and comparison. */
  readonly name: string;
  /** Coordinates of a state, which a mask marks. */
  readonly dimension: number;
  /** Number of states; +∞ if they are not discrete or too many for a number. */
  readonly count: number;
  /** Logarithm of the number of states, log Z at β = 0; +∞ if they are not discrete. */
  readonly logCount: number;
  /**
   * @throws {DimensionError} or {ArgumentError} when `x` is not a state, naming the entry; `what` names the value.
   */
  check(x: X, what?: string): void;
  /** Returns a copy. */
  copy(x: X): X;
  /** Makes `target` equal to `source`. */
  assign(target: X, source: X): void;
  /**
   * Returns a random state: uniform over a discrete space; on reals uniform on (−2, 2) in every coordinate, like the
   * starts of Stan.
   */
  random(rng: Rng): X;
  /**
   * Returns a new start for a descent near `x`: on reals normal around `x` with standard deviation `spread`, elsewhere
   * {@link random}.
   */
  restart(rng: Rng, x: X, spread: number): X;
  /** Returns a state from `x` in which free coordinates without a legal value are drawn at random. */
  fill(rng: Rng, x: X, known: Mask, spread: number): X;
  /** Distance of two states: sites that differ, or Euclidean. */
  distance(a: X, b: X): number;
  /** Yields the starts of a census. */
  starts(rng: Rng, options: StartOptions): Iterable<X>;
  /**
   * Returns the part of a state like `x` that `known` leaves free.
   * @throws {CapabilityError} where a mask has no meaning.
   */
  part(x: X, known: Mask): Part<X>;
  /** Returns the capabilities of any function on this space, such as moves that call it twice. */
  derive(energy: (x: X) => number): D;
  /**
   * Returns the local minimum below `x`.
   * @throws {CapabilityError} naming `asker` if the energy lacks what the descent needs.
   */
  descend(energy: Energy<X>, x: X, options: DescendOptions, asker: string): Descent<X>;
  /**
   * Returns a state of low energy in the ball around `x`.
   * @throws as {@link descend}.
   */
  descendWithin(energy: Energy<X>, x: X, options: BallOptions, asker: string): BallMinimum<X>;
  /** Named quantities that samplers report instead of the coordinates. Absent if they report the coordinates. */
  readonly quantities?: Quantities<X>;
  /** The moves between states of a discrete space. Absent if there are none. */
  readonly moves?: Moves<X>;
}
