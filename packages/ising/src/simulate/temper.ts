import { ArgumentError, checkNumber, type QuadraticEnergy } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { pacer } from "@basin/energy-core/run";
import { type Level, temperingRound } from "@basin/samplers/temper";
import { type ExactValues, exactValues } from "../exact/exact-values.ts";
import { type Estimates, estimates, type Series } from "../observables/estimates.ts";
import { type Overlap, overlapEstimates, overlapOf } from "../observables/overlap.ts";
import { type Thermalization, thermalization } from "../observables/thermalization.ts";
import { type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";
import type { Dynamics } from "../sweep/dynamics.ts";
import { createEngine } from "./engine.ts";
import { type Algorithm, resolveOptions, type SimulateOptions, type SimulateProgress } from "./options.ts";
import { driftWarning } from "./simulate.ts";

/** How {@link temper} works. */
export interface TemperOptions
  extends Pick<
    SimulateOptions,
    "algorithm" | "sweeps" | "warmup" | "measureEvery" | "seed" | "kernel" | "signal" | "onProgress"
  > {
  /** T of the levels, each above 0, all different; sorted from hot to cold. One alone is a plain run. */
  temperatures: readonly number[];
  /** 2 runs a second, independent ladder and measures the overlap between the two. Default 1. */
  replicas?: 1 | 2;
}

/** What was measured at one temperature. */
export interface TemperedLevel extends Estimates {
  readonly temperature: number;
  readonly inverseTemperature: number;
  /** Of the two replicas, when there are two. */
  readonly overlap?: Overlap;
  readonly exact: ExactValues;
  /** Of the first replica's energy. */
  readonly thermalization: Thermalization;
  /** One series a replica. */
  readonly series: readonly Series[];
}

/** What {@link temper} found. */
export interface Tempered {
  readonly algorithm: Algorithm;
  readonly sites: number;
  readonly sweeps: number;
  readonly warmup: number;
  readonly measureEvery: number;
  readonly seed: number;
  readonly replicas: 1 | 2;
  /** From hot to cold. */
  readonly levels: readonly TemperedLevel[];
  /** Share of the swaps accepted between each level and the next, colder one. */
  readonly swapRates: readonly number[];
  /** Journeys of a state from the hottest to the coldest level and back, all replicas together. */
  readonly roundTrips: number;
  readonly warnings: readonly string[];
}

/** A traveling state: the dynamics that holds it. */
interface Walker {
  readonly position: Dynamics;
  energy: number;
}

const NOTHING = { acceptanceProbability: 1, diverged: false };

/**
 * Resolves to averages at each of a ladder of temperatures whose states change places (Geyer 1991; Hukushima & Nemoto 1996), by any of the
 * dynamics of {@link simulate}: each round is a sweep at every temperature, then swaps with probability min(1, exp((β_i − β_j)(E_i − E_j))) of
 * total energies. What glasses need below their freezing; with `replicas: 2` their order parameter, the overlap q of two
 * independent replicas, is measured with χ_SG and Binder's ratio.
 *
 * @example
 * ```ts
 * import { squareLattice, temper } from "@basin/ising";
 *
 * const glass = squareLattice(8, { disorder: "gaussian", disorderSeed: 3 });
 * const { levels, swapRates } = await temper(glass, { temperatures: [0.6, 0.8, 1, 1.3, 1.7], sweeps: 1000, replicas: 2, seed: 1 });
 * for (const { temperature, overlap } of levels) console.log(temperature, overlap?.absolute, overlap?.binder);
 * console.log(swapRates);
 * ```
 *
 * @throws {ArgumentError} for temperatures that repeat, and as {@link simulate} does.
 */
export async function temper(energy: QuadraticEnergy, options: TemperOptions): Promise<Tempered> {
  const model = toSpinProblem(energy, "temper");
  const temperatures = checkLadder(options.temperatures);
  const replicas = checkNumber("replicas", options.replicas ?? 1, { min: 1, max: 2, integer: true }) as 1 | 2;
  const { algorithm, sweeps, warmup, measureEvery, seed } = resolveOptions({
    ...options,
    temperature: temperatures[0],
    inverseTemperature: undefined,
  });
  const count = Math.floor(sweeps / measureEvery);
  const root = createRng(seed);
  const ladders: Ladder[] = [];
  for (let r = 0; r < replicas; r++)
    ladders.push(await makeLadder(model, algorithm, temperatures, root.split(r), options.kernel, count));
  const buffers = [new Int8Array(model.variables), new Int8Array(model.variables)] as const;
  const overlaps = temperatures.map(() => new Float64Array(replicas === 2 ? count : 0));
  const all = warmup + sweeps;
  const pace = pacer(options);
  const pause = async (done: number) => {
    const phase: SimulateProgress["phase"] = done <= warmup ? "warmup" : "measure";
    if (pace.due) await pace.breathe(() => ({ done, total: all, phase }));
  };
  for (let round = 0; round < warmup; round++) {
    for (const ladder of ladders) ladder.round();
    await pause(round + 1);
  }
  for (const ladder of ladders) ladder.settle();
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < measureEvery; k++) for (const ladder of ladders) ladder.round();
    for (const ladder of ladders) ladder.measure(i);
    for (const [k, q] of overlaps.entries()) {
      if (replicas === 1) break;
      q[i] = overlapOf(ladders[0].spins(k, buffers[0]), ladders[1].spins(k, buffers[1]));
    }
    await pause(warmup + (i + 1) * measureEvery);
  }
  const levels = temperatures.map((temperature, k): TemperedLevel => {
    const series = ladders.map((ladder) => ladder.series[k]);
    const overlap =
      replicas === 2 ? { overlap: overlapEstimates(overlaps[k], model.variables, measureEvery) } : {};
    return {
      temperature,
      inverseTemperature: 1 / temperature,
      ...estimates(series, model.variables, 1 / temperature, measureEvery),
      ...overlap,
      exact: exactValues(model, 1 / temperature),
      thermalization: thermalization(series[0].energy),
      series,
    };
  });
  const swapRates = temperatures
    .slice(1)
    .map((_, k) => ladders.reduce((sum, ladder) => sum + ladder.swapRate(k), 0) / replicas);
  const roundTrips = ladders.reduce((sum, ladder) => sum + ladder.roundTrips, 0);
  return {
    algorithm,
    sites: model.variables,
    sweeps,
    warmup,
    measureEvery,
    seed,
    replicas,
    levels,
    swapRates,
    roundTrips,
    warnings: warnings(levels, swapRates),
  };
}

function checkLadder(temperatures: readonly number[]): number[] {
  if (temperatures.length === 0) throw new ArgumentError("temperatures is empty, expected at least one");
  for (const [k, T] of temperatures.entries()) checkNumber(`temperatures[${k}]`, T, { above: 0 });
  const sorted = [...temperatures].sort((a, b) => b - a);
  const twice = sorted.find((T, k) => k > 0 && T === sorted[k - 1]);
  if (twice !== undefined) throw new ArgumentError(`temperature ${twice} is given twice`);
  return sorted;
}

async function makeLadder(
  model: SpinProblem,
  algorithm: Algorithm,
  temperatures: readonly number[],
  rng: Rng,
  kernel: SimulateOptions["kernel"],
  count: number,
): Promise<Ladder> {
  const dynamics: Dynamics[] = [];
  // The ordered state would be the same in all replicas and flatter their overlap.
  for (let k = 0; k < temperatures.length; k++)
    dynamics.push((await createEngine(model, algorithm, "random", rng.split(k), kernel)).dynamics);
  return new Ladder(dynamics, temperatures, rng.split(temperatures.length), count);
}

/** One ladder of temperatures with a state at each. */
class Ladder {
  readonly series: Series[];
  readonly #levels: Level<Dynamics, Walker>[];
  readonly #rng: Rng;
  readonly #refused: Float64Array;
  readonly #refusals: Float64Array;
  readonly #offers: Float64Array;
  /** 0: not yet at an end; −1: last at the hot end; 1: at the cold end after the hot one. */
  readonly #direction: Int8Array;
  #round = 0;
  roundTrips = 0;

  constructor(dynamics: readonly Dynamics[], temperatures: readonly number[], rng: Rng, count: number) {
    this.#rng = rng;
    const bound = {
      init: (position: Dynamics): Walker => ({ position, energy: position.energy() }),
      step: (_rng: Rng, state: Walker, inverseTemperature: number) => {
        state.position.sweep(1, inverseTemperature);
        state.energy = state.position.energy();
        return NOTHING;
      },
    };
    this.#levels = temperatures.map((T, traveler) => {
      const state = bound.init(dynamics[traveler]);
      return { inverseTemperature: 1 / T, bound, state, traveler };
    });
    this.#refused = new Float64Array(temperatures.length - 1);
    this.#refusals = new Float64Array(temperatures.length - 1);
    this.#offers = new Float64Array(temperatures.length - 1);
    this.#direction = new Int8Array(temperatures.length);
    this.series = temperatures.map(() => ({
      magnetization: new Float64Array(count),
      energy: new Float64Array(count),
    }));
  }

  round(): void {
    const parity = (this.#round++ & 1) as 0 | 1;
    temperingRound(this.#levels, parity, this.#rng, this.#refused);
    for (let k: number = parity; k < this.#refused.length; k += 2) {
      this.#refusals[k] += this.#refused[k];
      this.#offers[k]++;
    }
    if (this.#levels.length === 1) return;
    const hot = this.#levels[0].traveler;
    const cold = this.#levels[this.#levels.length - 1].traveler;
    if (this.#direction[hot] === 1) this.roundTrips++;
    this.#direction[hot] = -1;
    if (this.#direction[cold] === -1) this.#direction[cold] = 1;
  }

  settle(): void {
    for (const { state } of this.#levels) state.position.settle?.();
    this.#refusals.fill(0);
    this.#offers.fill(0);
    this.#direction.fill(0);
    this.roundTrips = 0;
  }

  measure(i: number): void {
    for (const [k, { state }] of this.#levels.entries()) {
      this.series[k].energy[i] = state.energy;
      this.series[k].magnetization[i] = state.position.magnetization();
    }
  }

  spins(k: number, out: Int8Array): Int8Array {
    return this.#levels[k].state.position.spins(out);
  }

  swapRate(k: number): number {
    return 1 - this.#refusals[k] / this.#offers[k];
  }
}

const LEAST_RATE = 0.05;

function warnings(levels: readonly TemperedLevel[], swapRates: readonly number[]): string[] {
  const drifting = levels.flatMap(({ temperature, thermalization: check }) =>
    driftWarning(check).map((text) => `T = ${temperature}: ${text}`),
  );
  const rare = swapRates.flatMap((rate, k) =>
    rate < LEAST_RATE
      ? [
          `only ${(100 * rate).toFixed(1)} % of the swaps between T = ${levels[k].temperature} and ${levels[k + 1].temperature} were accepted; put a temperature between them`,
        ]
      : [],
  );
  return [...drifting, ...rare];
}
