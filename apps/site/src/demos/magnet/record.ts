import { estimateMean } from "@basin/samplers";

interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

const longest = 20_000;
const fewestForAnError = 20;
/** Standard errors between the halves of the energies from which they count as drifting. */
const driftLimit = 4;

/** The measurements since conditions last changed. */
export class MagnetRecord {
  readonly orders: number[] = [];
  readonly energies: number[] = [];
  attempted = 0;
  milliseconds = 0;

  add(slice: { order: number; energy: number; attempted: number; milliseconds: number }): void {
    this.orders.push(slice.order);
    this.energies.push(slice.energy);
    this.attempted += slice.attempted;
    this.milliseconds += slice.milliseconds;
    for (const series of [this.orders, this.energies]) {
      if (series.length > longest) series.splice(0, longest / 2);
    }
  }

  /** Means over the newer half of the measurements; the older half is taken for the way to equilibrium. */
  estimates(sites: number, temperature: number) {
    const [orders, energies] = [newerHalf(this.orders).map(Math.abs), newerHalf(this.energies)];
    const middle = energies.length >> 1;
    const [before, after] = [estimate(energies.slice(0, middle)), estimate(energies.slice(middle))];
    const drift = Math.abs(after.mean - before.mean) / Math.hypot(before.standardError, after.standardError);
    return {
      magnetization: estimate(orders),
      energy: estimate(energies),
      susceptibility: variance(orders, sites / temperature),
      specificHeat: variance(energies, sites / temperature ** 2),
      drifting: drift > driftLimit,
    };
  }
}

function newerHalf(series: readonly number[]): number[] {
  return series.slice(series.length >> 1);
}

/** Returns `factor` times the variance of a series, with its error. */
function variance(series: readonly number[], factor: number): Estimate {
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  return estimate(series.map((value) => factor * (value - mean) ** 2));
}

function estimate(series: readonly number[]): Estimate {
  if (series.length < fewestForAnError) return { mean: Number.NaN, standardError: Number.NaN };
  return estimateMean(series);
}
