import { checkOptions } from "../check-options.ts";
import type { Energy } from "../energy.ts";
import { checkNumber } from "../errors.ts";
import { createRng } from "../random/rng.ts";
import { seedOf } from "../random/seed.ts";
import type { StartOptions } from "../space.ts";
import { type Attractor, basins, byEnergy } from "./basins.ts";

/** The options of {@link attractors}. */
export interface AttractorOptions extends StartOptions {
  /** Maximum number of states for which every one is followed downhill. Default 65 536: 16 spins. */
  maxStates?: number;
  /** Seed of the census. Default: drawn, and reported in the result. */
  seed?: number;
  /** Minima within this distance count as one. Default 1e-4. */
  tolerance?: number;
}

/** The local minima that were found, lowest energy first. */
export interface Attractors<X> {
  readonly attractors: readonly Attractor<X>[];
  /** Whether every state was followed, so that the list is complete and the basins exact. */
  readonly exhaustive: boolean;
  /** Number of starts. */
  readonly starts: number;
  /** The seed of the census. */
  readonly seed: number;
}

/**
 * Returns the local minima of an energy with the share of the space that descends into each. For a few spins it follows
 * every state along its steepest flips, which is exact. Otherwise it takes a census from random states, or from a grid
 * on reals. A minimum is a state that no single flip lowers, so each state of a plateau counts.
 *
 * @example
 * ```ts
 * import { attractors } from "@basin/energy-core";
 * import { doubleWell } from "@basin/energy-core/targets";
 *
 * const wells = attractors(doubleWell({ tilt: 0.5 }), { box: [[-2, 2]], grid: 40 });
 * console.log(wells.attractors.map(({ state, basin }) => [state[0], basin]));
 * ```
 *
 * @throws {CapabilityError} when the energy has neither moves nor a gradient.
 * @throws {ArgumentError} for a missing or empty box, or options out of range; {EnergyValueError} for NaN and −∞.
 */
export function attractors<X>(energy: Energy<X>, options: AttractorOptions = {}): Attractors<X> {
  checkOptions("attractors", options, "maxStates seed tolerance starts box grid");
  const { space } = energy;
  const seed = seedOf(options);
  const most = checkNumber("maxStates", options.maxStates ?? 2 ** 16, { min: 0, max: 2 ** 22 });
  if (space.count <= most) {
    return { attractors: basins(energy), exhaustive: true, starts: space.count, seed };
  }
  return census(energy, seed, options);
}

function census<X>(energy: Energy<X>, seed: number, options: AttractorOptions): Attractors<X> {
  const { space } = energy;
  const tolerance = checkNumber("tolerance", options.tolerance ?? 1e-4, { above: 0 });
  const found: { state: X; energy: number; count: number }[] = [];
  let starts = 0;
  for (const x of space.starts(createRng(seed), options)) {
    if (energy.energy(x) === Number.POSITIVE_INFINITY) continue;
    starts++;
    const { state, energy: value } = space.descend(energy, x, {}, "attractors");
    const known = found.find((minimum) => space.distance(minimum.state, state) <= tolerance);
    if (known === undefined) found.push({ state, energy: value, count: 1 });
    else known.count++;
  }
  const random = options.grid === undefined;
  const list = found.map(({ state, energy: value, count }): Attractor<X> => {
    const basin = count / starts;
    return {
      state,
      energy: value,
      basin,
      standardError: random ? Math.sqrt((basin * (1 - basin)) / starts) : 0,
    };
  });
  return { attractors: list.sort(byEnergy), exhaustive: false, starts, seed };
}
