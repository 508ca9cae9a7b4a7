import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, exp, log, type Rng } from "@basin/energy-core/random";
import { pacer, type RunOptions } from "@basin/energy-core/run";
import type { SpinProblem } from "../problem/spin-problem.ts";

/** How {@link wangLandau} works; `onProgress` counts sweeps. */
export interface WangLandauOptions extends RunOptions {
  /** Sweeps in all; the error falls as one over their square root. Default 100,000. */
  sweeps?: number;
  /** A histogram is flat when its least count is at least this share of its mean. Default 0.8. */
  flatness?: number;
  /** Default: drawn, and reported in the result. */
  seed?: number;
}

/** The number of states of each energy. */
export interface DensityOfStates {
  /** The energies that were met, ascending. */
  readonly energies: Float64Array;
  /** ln g(E) of each, normalized so that Σ g = 2ⁿ. */
  readonly logDensity: Float64Array;
  /** The last modification ln f: the update that g still received at the end. */
  readonly lastUpdate: number;
  readonly seed: number;
}

/** What one run holds: ln g and the histogram over the energies met so far. */
interface Walk {
  readonly unit: number;
  readonly offset: number;
  /** The place of each level, by (E − offset)/unit. */
  readonly bins: Map<number, number>;
  readonly energies: number[];
  readonly logDensity: number[];
  readonly histogram: number[];
}

/**
 * Resolves to the density of states g(E) by the flat-histogram walk of Wang & Landau (2001): single-spin flips accepted
 * with min(1, g(E)/g(E′)), g(E) multiplied by f at every visit. ln f is halved whenever the histogram is flat and, once
 * it would fall below 1/t for t sweeps, is 1/t (Belardinelli & Pereyra 2007); otherwise the error would stop falling.
 * Energies must be multiples of one unit, such as with integer couplings. {@link thermodynamics} gives thermal averages
 * at every temperature from g.
 *
 * @example
 * ```ts
 * import { createModel, kaufman, thermodynamics, wangLandau } from "@basin/ising";
 *
 * const density = await wangLandau(createModel("square", 4), { sweeps: 20_000, seed: 1 });
 * console.log(density.energies[0], Math.exp(density.logDensity[0])); // −32, and about 2 states: all up, all down
 * console.log(thermodynamics(density, 0.4).energy / 16, kaufman(4, 4, 2.5).energyPerSite); // the same up to sampling error
 * ```
 *
 * @throws {ArgumentError} for couplings without a common unit, and options out of range.
 */
export async function wangLandau(
  problem: SpinProblem,
  options: WangLandauOptions = {},
): Promise<DensityOfStates> {
  checkOptions("wangLandau", options, "sweeps flatness seed signal onProgress");
  const seed = seedOf(options);
  const sweeps = checkNumber("sweeps", options.sweeps ?? 100_000, { min: 1, max: 1e9, integer: true });
  const flatness = checkNumber("flatness", options.flatness ?? 0.8, { above: 0, max: 1 });
  const pace = pacer(options);
  const { unit, offset } = problem;
  if (unit === undefined) {
    throw new ArgumentError(
      "the couplings and fields are not multiples of one unit, so energies have no levels to count",
    );
  }
  const rng = createRng(seed);
  const cursor = problem.can.moves(problem.space.random(rng));
  const walk: Walk = { unit, offset, bins: new Map(), energies: [], logDensity: [], histogram: [] };
  let update = 1;
  let late = false;
  let bin = binOf(walk, cursor.energy);
  for (let sweep = 1; sweep <= sweeps; sweep++) {
    for (let k = 0; k < problem.variables; k++) bin = step(walk, cursor, rng, bin, update);
    if (late) update = 1 / sweep;
    else if (isFlat(walk.histogram, flatness)) {
      walk.histogram.fill(0);
      update /= 2;
      late = update <= 1 / sweep;
    }
    if (pace.due) await pace.breathe(() => ({ done: sweep, total: sweeps }));
  }
  return { ...sorted(walk, problem.variables), lastUpdate: update, seed };
}

function step(
  walk: Walk,
  cursor: ReturnType<SpinProblem["can"]["moves"]>,
  rng: Rng,
  bin: number,
  update: number,
): number {
  const i = rng.index(cursor.state.length);
  const proposed = binOf(walk, cursor.energy + cursor.delta(i));
  const { logDensity, histogram } = walk;
  const difference = logDensity[bin] - logDensity[proposed];
  let here = bin;
  if (difference >= 0 || rng.bernoulli(exp(difference))) {
    cursor.apply(i);
    here = proposed;
  }
  logDensity[here] += update;
  histogram[here]++;
  return here;
}

function binOf(walk: Walk, energy: number): number {
  // Sums of units are exact; with an offset on top, one level may be rounded in several ways.
  const level = Math.round((energy - walk.offset) / walk.unit);
  let bin = walk.bins.get(level);
  if (bin === undefined) {
    bin = walk.energies.length;
    walk.bins.set(level, bin);
    walk.energies.push(walk.offset + level * walk.unit);
    // A new level begins as rare as the rarest: from zero it would hold the walk for as long as the others took.
    walk.logDensity.push(bin === 0 ? 0 : Math.min(...walk.logDensity));
    walk.histogram.push(0);
  }
  return bin;
}

function isFlat(histogram: readonly number[], flatness: number): boolean {
  let least = Number.POSITIVE_INFINITY;
  let total = 0;
  for (const count of histogram) {
    least = Math.min(least, count);
    total += count;
  }
  return least >= flatness * (total / histogram.length) && least >= 100;
}

function sorted({ energies, logDensity }: Walk, spins: number) {
  const order = energies.map((_, k) => k).sort((a, b) => energies[a] - energies[b]);
  const highest = Math.max(...logDensity);
  const sum = logDensity.reduce((total, value) => total + exp(value - highest), 0);
  const shift = spins * Math.LN2 - highest - log(sum);
  return {
    energies: Float64Array.from(order, (k) => energies[k]),
    logDensity: Float64Array.from(order, (k) => logDensity[k] + shift),
  };
}
