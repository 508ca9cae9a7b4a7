import type { QuadraticEnergy } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { keepRun, type RunKeeper } from "@basin/energy-core/run";
import { type ExactValues, exactValues } from "../exact/exact-values.ts";
import { type Estimates, estimates, LEAST_EFFECTIVE, type Series } from "../observables/estimates.ts";
import { type Thermalization, thermalization } from "../observables/thermalization.ts";
import { toSpinProblem } from "../problem/spin-problem.ts";
import { defaultStart, type StartName } from "../sweep/start.ts";
import type { SimulationState } from "./checkpoint.ts";
import { createEngine } from "./engine.ts";
import { fingerprint } from "./fingerprint.ts";
import { type Algorithm, resolveOptions, type SimulateOptions } from "./options.ts";
import { type Performance, SweepRunner } from "./run-sweeps.ts";
import { type StoppedSimulation, stoppedWarning } from "./until.ts";

/** What a simulation found. */
export interface Simulation extends Estimates {
  readonly algorithm: Algorithm;
  readonly temperature: number;
  readonly inverseTemperature: number;
  readonly sites: number;
  readonly sweeps: number;
  readonly warmup: number;
  readonly measureEvery: number;
  readonly start: StartName | "given";
  readonly seed: number;
  readonly replica: number;
  /** Exact values for this model, as far as they are known. */
  readonly exact: ExactValues;
  readonly thermalization: Thermalization;
  /** Why it stopped; only with `until`. */
  readonly stopped?: StoppedSimulation;
  /** What makes the error bars doubtful, in words; empty when nothing does. */
  readonly warnings: readonly string[];
  readonly performance: Performance;
  /** The measured totals, one entry a measurement. */
  readonly series: Series;
  /** The last state, row by row. */
  readonly spins: Int8Array;
}

/**
 * Resolves to averages over the Boltzmann distribution exp(−βH)/Z of a model, each with an error bar that includes the
 * autocorrelation of its series, and the exact values if there are any.
 *
 * Square, triangular, honeycomb and cubic tori with one |J| and one field (or none) run 128 spins at once for
 * "metropolis" and "heat-bath" where their sides are multiples of 32; every other model runs one spin at a time and
 * obeys the same law. Metropolis acceptances are (1 − 1/64) min(1, exp(−βΔE)), because the plain rule is not
 * irreducible in a fixed order. The same seed gives the same bits on every platform and kernel.
 *
 * @example
 * ```ts
 * import { createModel, onsager, simulate } from "@basin/ising";
 *
 * const run = await simulate(createModel("square", 64), { temperature: 2.0, sweeps: 2000, seed: 1 });
 * console.log(run.magnetization.mean, "±", run.magnetization.standardError, "exact", onsager.magnetization(2.0));
 * ```
 *
 * @throws {ArgumentError} for no temperature, an option out of range or unknown, and for a checkpoint of another run.
 * @throws {CostError} for more measurements than memory holds.
 * @throws {CapabilityError} for cluster algorithms on a model with fields.
 */
export async function simulate(energy: QuadraticEnergy, options: SimulateOptions): Promise<Simulation> {
  checkOptions(
    "simulate",
    options,
    "temperature inverseTemperature algorithm sweeps until warmup start measureEvery seed replica",
    "kernel device checkpoint checkpointEvery signal onProgress",
  );
  const model = toSpinProblem(energy, "simulate");
  const settings = resolveOptions(options);
  // Exchanges of an ordered state's equal spins would change nothing.
  const conserved = settings.algorithm === "kawasaki";
  const start = options.start ?? (conserved ? "random" : defaultStart(model, settings.inverseTemperature));
  const root = createRng(settings.seed);
  const rng = settings.replica === 0 ? root : root.split(1 + settings.replica);
  const engine = await createEngine(model, settings.algorithm, start, rng, options.kernel, options.device);
  const { walkers } = engine;
  const identity = {
    format: "simulate",
    version: 2,
    fingerprint: () => fingerprint(model, settings, start, walkers.kernel),
  };
  const measured = await keepRun(options, identity, (keeper: RunKeeper<SimulationState>) =>
    new SweepRunner(engine, settings, model.variables, options, keeper).run(),
  ).finally(() => walkers.dispose());
  const { series, stopped } = measured;
  const { until, ...facts } = settings;
  const { inverseTemperature, measureEvery } = facts;
  const found = await estimates(series, model.variables, inverseTemperature, measureEvery, options.signal);
  const check = thermalization(series.energy);
  let spins: Int8Array | undefined;
  return {
    ...found,
    ...facts,
    ...(stopped && { sweeps: series.energy.length * measureEvery }),
    temperature: 1 / settings.inverseTemperature,
    sites: model.variables,
    start: typeof start === "string" ? start : "given",
    exact: exactValues(model, settings.inverseTemperature),
    thermalization: check,
    warnings: [...stoppedWarning(found, stopped, until), ...driftWarning(check), ...fewDrawsWarning(found)],
    ...measured,
    // Built when asked for: a byte a spin is eight times what the lattice took.
    get spins() {
      spins ??= walkers.read(0);
      return spins;
    },
  };
}

/** Returns what {@link thermalization} found wrong, in words. */
export function driftWarning({ passed, z }: Thermalization): string[] {
  if (passed) return [];
  return [
    `the energy still drifts: its first fifth and its last half differ by ${z.toFixed(1)} standard errors; warm up longer`,
  ];
}

/** Says when the error bars rest on too few independent draws. */
export function fewDrawsWarning({ absoluteMagnetization: { effectiveSampleSize } }: Estimates): string[] {
  if (!(effectiveSampleSize < LEAST_EFFECTIVE)) return [];
  return [
    `|m| has only ${effectiveSampleSize.toFixed(0)} independent draws, too few to trust its error bar; run longer, or use wolff near T_c`,
  ];
}
