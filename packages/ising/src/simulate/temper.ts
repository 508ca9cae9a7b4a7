import { ArgumentError, checkNumber, type QuadraticEnergy } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { keepRun, type RunKeeper } from "@basin/energy-core/run";
import { type ExactValues, exactValues } from "../exact/exact-values.ts";
import { type Estimates, estimates, type Series } from "../observables/estimates.ts";
import { type Overlap, overlapEstimates } from "../observables/overlap.ts";
import { type Thermalization, thermalization } from "../observables/thermalization.ts";
import { type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";
import { fingerprint } from "./fingerprint.ts";
import { LadderRunner, type LaddersState, type Measured, measuredLadder } from "./ladder-runner.ts";
import { type Algorithm, resolveOptions, type SimulateOptions } from "./options.ts";
import { driftWarning } from "./simulate.ts";

/** How {@link simulateTempering} works. */
export interface TemperOptions
  extends Pick<
    SimulateOptions,
    | "algorithm"
    | "sweeps"
    | "warmup"
    | "measureEvery"
    | "seed"
    | "kernel"
    | "device"
    | "signal"
    | "onProgress"
    | "checkpoint"
    | "checkpointEvery"
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

/** What {@link simulateTempering} found. */
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

/**
 * Resolves to averages at each temperature of a ladder with replica exchange (Geyer 1991; Hukushima & Nemoto 1996),
 * with any dynamics of {@link simulate}. Each round is a sweep at every temperature, then swaps with probability min(1,
 * exp((β_i − β_j)(E_i − E_j))) of total energies. Spin glasses need this at low temperature. With `replicas: 2` it
 * measures their order parameter, the overlap q of two independent replicas, with χ_SG and Binder's ratio.
 *
 * @example
 * ```ts
 * import { createModel, simulateTempering } from "@basin/ising";
 *
 * const glass = createModel("square", 8, { disorder: "gaussian", disorderSeed: 3 });
 * const { levels, swapRates } = await simulateTempering(glass, { temperatures: [0.6, 0.8, 1, 1.3, 1.7], sweeps: 1000, replicas: 2, seed: 1 });
 * for (const { temperature, overlap } of levels) console.log(temperature, overlap?.absolute, overlap?.binder);
 * console.log(swapRates);
 * ```
 *
 * @throws {ArgumentError} for temperatures that repeat, and as {@link simulate} does.
 */
export async function simulateTempering(energy: QuadraticEnergy, options: TemperOptions): Promise<Tempered> {
  checkOptions(
    "simulateTempering",
    options,
    "temperatures replicas algorithm sweeps warmup measureEvery seed",
    "kernel device checkpoint checkpointEvery signal onProgress",
  );
  const model = toSpinProblem(energy, "simulateTempering");
  const temperatures = checkLadder(options.temperatures);
  const replicas = checkNumber("replicas", options.replicas ?? 1, { min: 1, max: 2, integer: true }) as 1 | 2;
  const settings = resolveOptions({
    ...options,
    temperature: temperatures[0],
    inverseTemperature: undefined,
  });
  const { algorithm, sweeps, warmup, measureEvery, seed } = settings;
  const count = Math.floor(sweeps / measureEvery);
  const root = createRng(seed);
  const runs: Measured[] = [];
  for (let r = 0; r < replicas; r++)
    runs.push(await measuredLadder(model, algorithm, temperatures, root.split(r), options, count));
  const overlaps = temperatures.map(() => new Float64Array(replicas === 2 ? count : 0));
  const identity = {
    format: "simulateTempering",
    version: 1,
    fingerprint: () => ({
      ...fingerprint(model, settings, "random", runs[0].kernel),
      temperatures: temperatures.join(", "),
      replicas,
    }),
  };
  await keepRun(options, identity, (keeper: RunKeeper<LaddersState>) =>
    new LadderRunner(model, runs, overlaps, settings, options, keeper).run(),
  ).finally(() => {
    for (const { ladder } of runs) ladder.walkers.dispose();
  });
  const measured = { temperatures, runs, overlaps: replicas === 2 ? overlaps : undefined, measureEvery };
  const levels = await levelsOf(model, measured, options.signal);
  const swapRates = temperatures
    .slice(1)
    .map((_, k) => runs.reduce((sum, { ladder }) => sum + (1 - ladder.rejections[k]), 0) / replicas);
  const roundTrips = runs.reduce((sum, { ladder }) => sum + ladder.roundTrips[0], 0);
  return {
    ...{ algorithm, sites: model.variables, sweeps, warmup, measureEvery, seed, replicas },
    ...{ levels, swapRates, roundTrips, warnings: warnings(levels, swapRates) },
  };
}

interface MeasuredLevels {
  readonly temperatures: readonly number[];
  readonly runs: readonly Measured[];
  readonly overlaps: readonly Float64Array[] | undefined;
  readonly measureEvery: number;
}

async function levelsOf(
  model: SpinProblem,
  { temperatures, runs, overlaps, measureEvery }: MeasuredLevels,
  signal: TemperOptions["signal"],
): Promise<TemperedLevel[]> {
  const levels: TemperedLevel[] = [];
  for (const [k, temperature] of temperatures.entries()) {
    const series = runs.map((run) => run.series[k]);
    levels.push({
      temperature,
      inverseTemperature: 1 / temperature,
      ...(await estimates(series, model.variables, 1 / temperature, measureEvery, signal)),
      ...(overlaps && { overlap: overlapEstimates(overlaps[k], model.variables, measureEvery) }),
      exact: exactValues(model, 1 / temperature),
      thermalization: thermalization(series[0].energy),
      series,
    });
  }
  return levels;
}

function checkLadder(temperatures: readonly number[]): number[] {
  if (temperatures.length === 0) throw new ArgumentError("temperatures is empty, expected at least one");
  for (const [k, T] of temperatures.entries()) checkNumber(`temperatures[${k}]`, T, { above: 0 });
  const sorted = [...temperatures].sort((a, b) => b - a);
  const twice = sorted.find((T, k) => k > 0 && T === sorted[k - 1]);
  if (twice !== undefined) throw new ArgumentError(`temperature ${twice} is given twice`);
  return sorted;
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
