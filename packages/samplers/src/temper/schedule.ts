import { ArgumentError, checkNumber } from "@basin/energy-core";
import { exp, log } from "@basin/energy-core/random";
import { groupsOf, type Walkers } from "../walkers/walkers.ts";

/**
 * Returns `steps` values of β rising geometrically from `from` to `to`, both above 0; a single one is `to`.
 *
 * @example
 * ```ts
 * import { geometricSchedule } from "@basin/samplers/temper";
 *
 * console.log(geometricSchedule(1, 100, 3)); // 1, 10, 100
 * ```
 */
export function geometricSchedule(from: number, to: number, steps: number): Float64Array {
  checkNumber("from", from, { above: 0 });
  const ratio = log(to / from);
  return schedule(from, to, steps, (t) => from * exp(ratio * t));
}

/**
 * Returns `steps` values of β rising evenly from `from` to `to`; a single one is `to`.
 *
 * @example
 * ```ts
 * import { linearSchedule } from "@basin/samplers/temper";
 *
 * console.log(linearSchedule(0, 1, 5)); // 0, 0.25, 0.5, 0.75, 1
 * ```
 */
export function linearSchedule(from: number, to: number, steps: number): Float64Array {
  checkNumber("from", from, { min: 0 });
  return schedule(from, to, steps, (t) => from + (to - from) * t);
}

/**
 * Returns `steps` values of β from 0 to 1 that crowd where a model is nearly the one wanted (Salakhutdinov & Murray
 * 2008): a share 1/29 of them from 0 to 0.5, 8/29 on to 0.9 and the rest up to 1.
 *
 * @example
 * ```ts
 * import { crowdedSchedule } from "@basin/samplers/temper";
 *
 * console.log(crowdedSchedule(30)); // 0, 0.5, 0.55 … 0.9, 0.905 … 1
 * ```
 */
export function crowdedSchedule(steps: number): Float64Array {
  checkNumber("steps", steps, { min: 2, integer: true });
  return schedule(0, 1, steps, (t) => {
    const part = KNOTS.findIndex(([end], i) => i > 0 && t <= end);
    const [[from, low], [to, high]] = [KNOTS[part - 1], KNOTS[part]];
    return low + ((t - from) / (to - from)) * (high - low);
  });
}

/** Shares of {@link crowdedSchedule}, and β reached by then. */
const KNOTS = [
  [0, 0],
  [1 / 29, 0.5],
  [9 / 29, 0.9],
  [1, 1],
] as const;

function schedule(from: number, to: number, steps: number, at: (share: number) => number): Float64Array {
  checkNumber("to", to, { min: from });
  checkNumber("steps", steps, { min: 1, integer: true });
  const betas = Float64Array.from({ length: steps }, (_, t) => at(t / Math.max(1, steps - 1)));
  betas[steps - 1] = to;
  return betas;
}

/** β at which the pilot run measures. */
const POINTS = 24;
/** Least share of the largest spread, so that frozen temperatures get steps too. */
const FLOOR = 0.05;

/**
 * Returns `steps` values of β from `from` to `to` for annealing at constant thermodynamic speed (Salamon & Berry 1983):
 * dβ/dt ∝ 1/σ_E(β), σ_E the spread of the energies among `walkers` in a pilot run of an eighth of the steps, which
 * leaves them cold. More steps go where the energy changes most.
 *
 * @throws {ArgumentError} for a single walker, which has no spread.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { createRng } from "@basin/energy-core/random";
 * import { lift, metropolis } from "@basin/samplers";
 * import { adaptiveSchedule } from "@basin/samplers/temper";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * const walkers = await lift(metropolis()).walkers(pair, { groups: 16, streams: (group) => createRng(1).split(group) });
 * console.log(adaptiveSchedule(walkers, 0.1, 10, 50)[49]); // 10
 * ```
 */
export function adaptiveSchedule<X>(
  walkers: Walkers<X>,
  from: number,
  to: number,
  steps: number,
): Float64Array {
  checkNumber("steps", steps, { min: 1, integer: true });
  checkNumber("walkers.count", walkers.count, { min: 2 });
  const grid = geometricSchedule(from, to, POINTS);
  const each = Math.max(2, Math.min(1000, Math.ceil(steps / (8 * POINTS))));
  const energies = new Float64Array(walkers.count);
  const spreads = Array.from(grid, (beta) => {
    const [first, end] = groupsOf(walkers);
    for (let group = first; group < end; group++) {
      walkers.step(each, beta, group);
      walkers.energies(energies, group);
    }
    return spreadOf(energies);
  });
  const floor = FLOOR * Math.max(...spreads);
  const length = new Float64Array(POINTS);
  for (let k = 1; k < POINTS; k++) {
    const spread = (Math.max(floor, spreads[k - 1]) + Math.max(floor, spreads[k])) / 2;
    length[k] = length[k - 1] + (floor > 0 ? spread : 1) * (grid[k] - grid[k - 1]);
  }
  const betas = new Float64Array(steps);
  for (let s = 0, k = 0; s < steps; s++) {
    const aim = steps === 1 ? length[POINTS - 1] : (length[POINTS - 1] * s) / (steps - 1);
    while (k < POINTS - 2 && length[k + 1] < aim) k++;
    const share = length[k + 1] > length[k] ? (aim - length[k]) / (length[k + 1] - length[k]) : 0;
    betas[s] = grid[k] + Math.min(1, share) * (grid[k + 1] - grid[k]);
  }
  betas[steps - 1] = to;
  return betas;
}

function spreadOf(energies: Float64Array): number {
  const mean = energies.reduce((sum, energy) => sum + energy / energies.length, 0);
  const square = energies.reduce((sum, energy) => sum + (energy - mean) ** 2 / energies.length, 0);
  return Math.sqrt(square);
}

/** @throws {ArgumentError} for fewer than two values, and values that are negative or fall. */
export function checkSchedule(betas: ArrayLike<number>): void {
  if (betas.length < 2)
    throw new ArgumentError(`inverseTemperatures has ${betas.length} values, expected at least 2`);
  for (let k = 0; k < betas.length; k++) {
    checkNumber(`inverseTemperatures[${k}]`, betas[k], { min: 0 });
    if (k > 0 && betas[k] < betas[k - 1]) {
      throw new ArgumentError(`inverseTemperatures must not fall, but ${betas[k]} follows ${betas[k - 1]}`);
    }
  }
}
