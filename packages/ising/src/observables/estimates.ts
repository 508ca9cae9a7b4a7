import { type AbortSignal, throwIfAborted, yieldToEvents } from "@basin/energy-core/internal";
import { type Estimate, estimateMean } from "@basin/samplers";

/** Everything measured of a magnet at one temperature, each with its error bar. Times are in sweeps. */
export interface Estimates {
  /** ⟨M⟩/N. */
  readonly magnetization: Estimate;
  /** ⟨|M|⟩/N. */
  readonly absoluteMagnetization: Estimate;
  /** ⟨H⟩/N. */
  readonly energyPerSite: Estimate;
  /** c = β²(⟨H²⟩ − ⟨H⟩²)/N. */
  readonly specificHeat: Estimate;
  /** χ = β(⟨M²⟩ − ⟨|M|⟩²)/N. */
  readonly susceptibility: Estimate;
  /** Binder's cumulant U₄ = 1 − ⟨M⁴⟩/(3⟨M²⟩²). */
  readonly binder: Estimate;
}

/** The name of one of the {@link Estimates}. */
export type Quantity = keyof Estimates;

/** Every value of {@link Quantity}. */
export const quantityNames: readonly Quantity[] = [
  "magnetization",
  "absoluteMagnetization",
  "energyPerSite",
  "specificHeat",
  "susceptibility",
  "binder",
];

/** Effective draws below which an error bar is a guess. */
export const LEAST_EFFECTIVE = 50;

/** How each quantity is estimated: together they share what they have in common. */
export type Estimators = { readonly [name in Quantity]: () => Estimate };

/** The measured series of a run: total magnetization and total energy, a value a measurement. */
export interface Series {
  readonly magnetization: Float64Array;
  readonly energy: Float64Array;
}

/**
 * Resolves to the estimates of a model of `sites` spins from one run, or from several independent ones taken together.
 *
 * Errors of the derived quantities are those of their influence functions: to first order a function of means varies as
 * the mean of its linearized draws does, whose error {@link estimateMean} gives with its autocorrelation.
 *
 * @param interval sweeps between measurements. @param signal heard between the estimates. @throws its reason.
 */
export async function estimates(
  series: Series | readonly Series[],
  sites: number,
  inverseTemperature: number,
  interval: number,
  signal?: AbortSignal,
): Promise<Estimates> {
  const of = estimators(series, sites, inverseTemperature, interval);
  const found: Partial<Record<Quantity, Estimate>> = {};
  for (const name of quantityNames) {
    // Each takes a while for a long series.
    await yieldToEvents();
    throwIfAborted(signal);
    found[name] = of[name]();
  }
  return found as Estimates;
}

/** Returns the estimates as {@link estimates} does, each made when it is asked for. */
export function estimators(
  series: Series | readonly Series[],
  sites: number,
  inverseTemperature: number,
  interval: number,
): Estimators {
  const runs = "energy" in series ? [series] : series;
  const m = once(() => runs.map(({ magnetization }) => magnetization.map((value) => value / sites)));
  const absolute = once(() => m().map((run) => run.map(Math.abs)));
  const u = once(() => runs.map(({ energy }) => energy.map((value) => value / sites)));
  const inSweeps = (estimate: Estimate, value = estimate.mean): Estimate => ({
    ...estimate,
    mean: value,
    autocorrelationTime: estimate.autocorrelationTime * interval,
  });
  const over = (chains: readonly Float64Array[], of: (x: number) => number) =>
    estimateMean(chains.map((run) => run.map(of)));
  const meanAbsolute = once(() => estimateMean(absolute()));
  const meanEnergy = once(() => estimateMean(u()));
  const square = once(() => mean(m(), (x) => x * x));
  const fourth = once(() => mean(m(), (x) => x ** 4));
  const heat = inverseTemperature * inverseTemperature * sites;
  const strength = inverseTemperature * sites;
  return {
    magnetization: () => inSweeps(estimateMean(m())),
    absoluteMagnetization: () => inSweeps(meanAbsolute()),
    energyPerSite: () => inSweeps(meanEnergy()),
    // Deviations first: at large N the squares of the energies differ in their last digits only.
    specificHeat: () => inSweeps(over(u(), (x) => heat * (x - meanEnergy().mean) ** 2)),
    susceptibility: () =>
      inSweeps(
        over(absolute(), (x) => strength * (x * x - 2 * meanAbsolute().mean * x)),
        strength * mean(absolute(), (x) => (x - meanAbsolute().mean) ** 2),
      ),
    binder: () =>
      inSweeps(
        over(m(), (x) => (2 * fourth() * x * x) / (3 * square() ** 3) - x ** 4 / (3 * square() ** 2)),
        1 - fourth() / (3 * square() ** 2),
      ),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function mean(runs: readonly Float64Array[], of: (x: number) => number): number {
  let sum = 0;
  let count = 0;
  for (const values of runs) {
    for (let i = 0; i < values.length; i++) sum += of(values[i]);
    count += values.length;
  }
  return sum / count;
}
