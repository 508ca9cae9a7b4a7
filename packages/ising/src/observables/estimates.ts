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
  const runs = "energy" in series ? [series] : series;
  const m = runs.map(({ magnetization }) => magnetization.map((value) => value / sites));
  const absolute = m.map((run) => run.map(Math.abs));
  const u = runs.map(({ energy }) => energy.map((value) => value / sites));
  const inSweeps = (estimate: Estimate, value = estimate.mean): Estimate => ({
    ...estimate,
    mean: value,
    autocorrelationTime: estimate.autocorrelationTime * interval,
  });
  // Each takes a while for a long series.
  const estimate = async (chains: readonly Float64Array[]) => {
    await yieldToEvents();
    throwIfAborted(signal);
    return estimateMean(chains);
  };
  const over = (chains: readonly Float64Array[], of: (x: number) => number) =>
    estimate(chains.map((run) => run.map(of)));
  const meanAbsolute = await estimate(absolute);
  const meanEnergy = await estimate(u);
  const square = mean(m, (x) => x * x);
  const fourth = mean(m, (x) => x ** 4);
  const heat = inverseTemperature * inverseTemperature * sites;
  const strength = inverseTemperature * sites;
  return {
    magnetization: inSweeps(await estimate(m)),
    absoluteMagnetization: inSweeps(meanAbsolute),
    energyPerSite: inSweeps(meanEnergy),
    // Deviations first: at large N the squares of the energies differ in their last digits only.
    specificHeat: inSweeps(await over(u, (x) => heat * (x - meanEnergy.mean) ** 2)),
    susceptibility: inSweeps(
      await over(absolute, (x) => strength * (x * x - 2 * meanAbsolute.mean * x)),
      strength * mean(absolute, (x) => (x - meanAbsolute.mean) ** 2),
    ),
    binder: inSweeps(
      await over(m, (x) => (2 * fourth * x * x) / (3 * square ** 3) - x ** 4 / (3 * square ** 2)),
      1 - fourth / (3 * square ** 2),
    ),
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
