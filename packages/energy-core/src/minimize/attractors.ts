import { requireDifferentiable } from "../capability.ts";
import { type DifferentiableEnergy, type Energy, isSpinEnergy, type SpinEnergy } from "../energy.ts";
import { ArgumentError, checkNumber } from "../errors.ts";
import { createRng } from "../random/rng.ts";
import { descend } from "./descend.ts";
import { spinBasins } from "./spin-basins.ts";

/** The options of {@link attractors}. */
export interface AttractorOptions {
  /** Up to how many spins every state is followed down. Default 16, at most 22. */
  maximumSpins?: number;
  /** Random starts of a census, where not every state can be tried. Default 1000. */
  starts?: number;
  /** Reals only, required there: the box that starts are drawn from, one interval a coordinate. */
  box?: readonly (readonly [low: number, high: number])[];
  /** Reals only: starts on a grid of this many points a side, instead of random ones. */
  grid?: number;
  /** Seed of the census. Default 1. */
  seed?: number;
  /** Reals only: minima closer than this are one. Default 1e-4. */
  tolerance?: number;
}

/** A local minimum and how much of the space flows into it. */
export interface Attractor<X> {
  readonly state: X;
  /** E(state). */
  readonly energy: number;
  /** Share of the starts that descend to it; of all states when `exhaustive`. */
  readonly basin: number;
  /** Standard error of `basin` from the finite number of random starts; 0 when exhaustive or on a grid. */
  readonly standardError: number;
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
 * Returns the local minima of an energy with the shares of the space that descend into them: exact for a few spins, by
 * following every state down its steepest flips; a census from random states, or from a grid on reals, beyond. A minimum
 * is a state that no single flip lowers, so a plateau counts state by state.
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
 * @throws {CapabilityError} when the energy has neither cursors nor a gradient.
 * @throws {ArgumentError} for a missing or empty box, or options out of range; {EnergyValueError} for NaN and −∞.
 */
export function attractors(energy: SpinEnergy, options?: AttractorOptions): Attractors<Int8Array>;
export function attractors(energy: DifferentiableEnergy, options: AttractorOptions): Attractors<Float64Array>;
export function attractors(
  energy: Energy<never>,
  options: AttractorOptions = {},
): Attractors<Int8Array> | Attractors<Float64Array> {
  const seed = options.seed ?? 1;
  if (!isSpinEnergy(energy)) return censusOfReals(requireDifferentiable(energy, "attractors"), seed, options);
  const most = checkNumber("maximumSpins", options.maximumSpins ?? 16, { min: 0, max: 22, integer: true });
  if (energy.space.dimension <= most) {
    const found = spinBasins(energy);
    return { attractors: found, exhaustive: true, starts: 2 ** energy.space.dimension, seed };
  }
  return censusOfSpins(energy, seed, options);
}

function censusOfSpins(energy: SpinEnergy, seed: number, options: AttractorOptions): Attractors<Int8Array> {
  const starts = checkNumber("starts", options.starts ?? 1000, { min: 1, integer: true });
  const rng = createRng(seed);
  const found = new Map<string, { state: Int8Array; energy: number; count: number }>();
  for (let start = 0; start < starts; start++) {
    const x = Int8Array.from({ length: energy.space.dimension }, () => (rng.bernoulli(0.5) ? 1 : -1));
    const { state, energy: value } = descend(energy, x);
    const key = state.join("");
    const known = found.get(key);
    if (known === undefined) found.set(key, { state, energy: value, count: 1 });
    else known.count++;
  }
  return { attractors: sorted([...found.values()], starts, true), exhaustive: false, starts, seed };
}

function censusOfReals(
  energy: DifferentiableEnergy,
  seed: number,
  options: AttractorOptions,
): Attractors<Float64Array> {
  const { dimension } = energy.space;
  const box = checkBox(options.box, dimension);
  const tolerance = checkNumber("tolerance", options.tolerance ?? 1e-4, { above: 0 });
  const points =
    options.grid === undefined ? randomPoints(box, seed, options) : gridPoints(box, options.grid);
  const found: { state: Float64Array; energy: number; count: number }[] = [];
  let starts = 0;
  for (const x of points) {
    if (energy.energy(x) === Number.POSITIVE_INFINITY) continue;
    starts++;
    const { state, energy: value } = descend(energy, x);
    const known = found.find(
      (minimum) => Math.hypot(...state.map((v, i) => v - minimum.state[i])) <= tolerance,
    );
    if (known === undefined) found.push({ state, energy: value, count: 1 });
    else known.count++;
  }
  const random = options.grid === undefined;
  return { attractors: sorted(found, starts, random), exhaustive: false, starts, seed };
}

function checkBox(box: AttractorOptions["box"], dimension: number): NonNullable<AttractorOptions["box"]> {
  if (box === undefined || box.length !== dimension) {
    throw new ArgumentError(
      `box has ${box?.length ?? 0} intervals, expected one for each of ${dimension} coordinates`,
    );
  }
  for (const [i, [low, high]] of box.entries()) {
    if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
      throw new ArgumentError(
        `interval ${i} of the box is [${low}, ${high}], expected finite and ascending ends`,
      );
    }
  }
  return box;
}

function* randomPoints(box: NonNullable<AttractorOptions["box"]>, seed: number, options: AttractorOptions) {
  const starts = checkNumber("starts", options.starts ?? 1000, { min: 1, integer: true });
  const rng = createRng(seed);
  for (let start = 0; start < starts; start++) {
    yield Float64Array.from(box, ([low, high]) => low + (high - low) * rng.uniform());
  }
}

/** The centers of grid^n equal cells. */
function* gridPoints(box: NonNullable<AttractorOptions["box"]>, grid: number) {
  checkNumber("grid", grid, { min: 1, integer: true });
  const total = checkNumber("number of grid points", grid ** box.length, { max: 1e6 });
  for (let k = 0; k < total; k++) {
    let rest = k;
    yield Float64Array.from(box, ([low, high]) => {
      const cell = rest % grid;
      rest = Math.floor(rest / grid);
      return low + ((high - low) * (cell + 0.5)) / grid;
    });
  }
}

function sorted<X>(
  found: readonly { state: X; energy: number; count: number }[],
  starts: number,
  random: boolean,
): Attractor<X>[] {
  return found
    .map(({ state, energy, count }) => {
      const basin = count / starts;
      return { state, energy, basin, standardError: random ? Math.sqrt((basin * (1 - basin)) / starts) : 0 };
    })
    .sort((a, b) => a.energy - b.energy || b.basin - a.basin);
}
