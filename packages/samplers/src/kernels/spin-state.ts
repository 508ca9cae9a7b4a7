import {
  ArgumentError,
  checkLength,
  checkName,
  EnergyValueError,
  type SpinCursor,
  type SpinEnergy,
} from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import type { Kernel, KernelState, StepInfo } from "../kernel.ts";
import { checkStart } from "./hamiltonian.ts";

/** A spin configuration with its cursor; `position` and `energy` are the cursor's. */
export interface SpinState extends KernelState<Int8Array> {
  readonly cursor: SpinCursor;
}

/** A kernel over spin energies. */
export type SpinKernel = Kernel<SpinEnergy, Int8Array, SpinState, StepInfo>;

class CursorState implements SpinState {
  readonly cursor: SpinCursor;

  constructor(cursor: SpinCursor) {
    this.cursor = cursor;
  }

  get position(): Int8Array {
    return this.cursor.state;
  }

  get energy(): number {
    return this.cursor.energy;
  }
}

/**
 * Returns the spin state at a copy of `position`.
 *
 * @throws {DimensionError} for the wrong number of spins. @throws {ArgumentError} for entries other than ±1, or an energy of +∞.
 */
export function spinState(energy: SpinEnergy, position: Int8Array): SpinState {
  checkLength("position", position.length, energy.space.dimension);
  const bad = position.findIndex((spin) => spin !== 1 && spin !== -1);
  if (bad >= 0) throw new ArgumentError(`spin ${bad} of the start is ${position[bad]}, expected -1 or 1`);
  const state = new CursorState(energy.attach(position));
  checkStart(state.energy, state.position);
  return state;
}

/** In which order single-site kernels visit the sites. */
export type SiteOrder = "random" | "sequential";

/** Options of the single-site kernels. */
export interface SingleSiteOptions {
  /**
   * `"random"` (the default) picks every site anew; `"sequential"` visits them in index order. Sequential Metropolis is not
   * irreducible on every lattice (on a 2×2 torus it reaches 12 of 16 states).
   */
  order?: SiteOrder;
  /** Sites that never change. Default none. */
  clamped?: readonly number[];
  /** Site visits a step. Default one for each free site: a sweep. */
  visits?: number;
}

/** How often a single-site kernel visits what. */
export interface Visits {
  readonly sites: Int32Array;
  readonly count: number;
  /** Returns the site of visit number `k`. */
  site(rng: Rng, k: number): number;
}

/**
 * Returns the visits of one step over `dimension` spins.
 *
 * @throws {ArgumentError} for an unknown order, a clamped site that does not exist, and when every site is clamped.
 */
export function planVisits(dimension: number, options: SingleSiteOptions): Visits {
  const order = checkName("order", options.order ?? "random", ["random", "sequential"]);
  const sites = freeSites(dimension, options.clamped ?? []);
  const count = options.visits ?? sites.length;
  if (!(Number.isSafeInteger(count) && count >= 1)) {
    throw new ArgumentError(`visits is ${count}, expected an integer of at least 1`);
  }
  const site =
    order === "random"
      ? (rng: Rng) => sites[rng.index(sites.length)]
      : (_: Rng, k: number) => sites[k % sites.length];
  return { sites, count, site };
}

/** Returns the sites that are not clamped, ascending. */
export function freeSites(dimension: number, clamped: readonly number[]): Int32Array {
  for (const site of clamped) {
    if (!(Number.isInteger(site) && site >= 0 && site < dimension)) {
      throw new ArgumentError(`clamped site ${site} does not exist; the sites are 0 to ${dimension - 1}`);
    }
  }
  const held = new Set(clamped);
  const sites = Int32Array.from({ length: dimension }, (_, i) => i).filter((site) => !held.has(site));
  if (sites.length === 0) throw new ArgumentError("every site is clamped; nothing is left to sample");
  return sites;
}

/** Returns β · delta for a flip. @throws {EnergyValueError} where the difference is NaN or −∞. */
export function scaledDelta(cursor: SpinCursor, site: number, inverseTemperature: number): number {
  const delta = cursor.delta(site);
  if (!(delta > -Infinity)) {
    throw new EnergyValueError(`the energy difference of flipping spin ${site} is ${delta}`);
  }
  // At β = 0 every state is as likely as any other, those of infinite energy excepted.
  return delta === Infinity ? Infinity : inverseTemperature * delta;
}
