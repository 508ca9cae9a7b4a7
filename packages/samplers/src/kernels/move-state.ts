import {
  ArgumentError,
  type Can,
  type Cursor,
  checkNumber,
  type Energy,
  EnergyValueError,
} from "@basin/energy-core";
import { checkName, movesOf, requireMoves } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { MoveState } from "../kernel.ts";
import { checkStart } from "./hamiltonian.ts";
import { sitesOf } from "./spaces.ts";

class CursorState<X> implements MoveState<X> {
  readonly cursor: Cursor<X>;

  constructor(cursor: Cursor<X>) {
    this.cursor = cursor;
  }

  get position(): X {
    return this.cursor.state;
  }

  get energy(): number {
    return this.cursor.energy;
  }
}

/**
 * Returns the function that returns the state at a copy of a position, and throws {DimensionError} or {ArgumentError}
 * for a position that is not a state, or with energy +∞.
 *
 * @throws {CapabilityError} for an energy without moves.
 */
export function startsOf<X>(
  energy: Energy<X, Can<X, "moves">>,
  kernel: string,
): (position: X) => MoveState<X> {
  const attach = requireMoves<X>(energy, kernel);
  return (position) => {
    energy.space.check(position, "the start");
    const state = new CursorState(attach(position));
    checkStart(state.energy, position, energy);
    return state;
  };
}

/** In which order single-site kernels visit the sites. */
export type SiteOrder = "random" | "sequential";

/** Options of the single-site kernels. */
export interface SingleSiteOptions {
  /**
   * `"random"` (the default) picks each site at random; `"sequential"` visits them in index order. Sequential
   * Metropolis is not irreducible on every lattice (on a 2×2 torus it reaches 12 of 16 states).
   */
  order?: SiteOrder;
  /** Sites that never change. Default none. */
  clamped?: readonly number[];
  /** Site visits a step. Default one for each free site: a sweep. */
  visits?: number;
}

/** The number and the kind of visits of a single-site kernel. */
export interface Visits {
  readonly count: number;
  /** The moves of site i are those from `starts[i]` up to `starts[i + 1]`. */
  readonly starts: Uint32Array;
  /** Returns the site of visit number `k`. */
  site(rng: Rng, k: number): number;
}

/**
 * Returns the visits of one step. States that are not values at sites count as one site to which all moves belong.
 *
 * @throws {ArgumentError} for an unknown order, a clamped site that does not exist, and if every site is clamped.
 */
export function planVisits<X>(energy: Energy<X, object>, options: SingleSiteOptions, kernel: string): Visits {
  const moves = movesOf(energy.space, kernel);
  const order = checkName("order", options.order ?? "random", ["random", "sequential"]);
  const visits = (most: number) => checkNumber("visits", options.visits ?? most, { min: 1, integer: true });
  if (moves.sites === undefined && order === "random" && options.clamped === undefined) {
    const { dimension } = energy.space;
    return { count: visits(dimension), starts: Uint32Array.of(0, moves.count), site: () => 0 };
  }
  const { starts, count: sites } = sitesOf(energy, `${kernel} in sequence or with clamped sites`);
  const free = freeSites(sites, options.clamped ?? []);
  const count = visits(free.length);
  const site =
    order === "random"
      ? (rng: Rng) => free[rng.index(free.length)]
      : (_: Rng, k: number) => free[k % free.length];
  return { count, starts, site };
}

/** Returns the sites that are not clamped, ascending. */
export function freeSites(count: number, clamped: readonly number[]): Int32Array {
  for (const site of clamped) {
    if (!(Number.isInteger(site) && site >= 0 && site < count)) {
      throw new ArgumentError(`clamped site ${site} does not exist; the sites are 0 to ${count - 1}`);
    }
  }
  const held = new Set(clamped);
  const sites = Int32Array.from({ length: count }, (_, i) => i).filter((site) => !held.has(site));
  if (sites.length === 0) throw new ArgumentError("every site is clamped; nothing is left to sample");
  return sites;
}

/**
 * Returns β · delta for a move.
 * @throws {EnergyValueError} if the difference is NaN or −∞.
 */
export function scaledDelta(cursor: Cursor<unknown>, move: number, inverseTemperature: number): number {
  const delta = cursor.delta(move);
  if (!(delta > -Infinity)) {
    throw new EnergyValueError(`the energy difference of move ${move} is ${delta}`);
  }
  return scaled(delta, inverseTemperature);
}

/** Returns β · delta. At β = 0, all states of finite energy are equally likely. */
export function scaled(delta: number, inverseTemperature: number): number {
  return delta === Infinity ? Infinity : inverseTemperature * delta;
}
