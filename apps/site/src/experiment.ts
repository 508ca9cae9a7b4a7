import type { LiveLattice } from "@basin/ising";
import { estimateMean } from "@basin/samplers";

/** A mean with its standard error, NaN where there are too few measurements. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

const longestSeries = 20_000;
const fewestForAnError = 20;
/** Standard errors between the halves of the energies from which they count as drifting. */
const driftLimit = 4;
/** Flips from one look at the clock to the next: well under a millisecond. */
const flipsBetweenLooks = 2 ** 19;

/** A lattice under observation: runs it in slices of time, records a measurement a slice, and keeps the score. */
export class Experiment {
  readonly lattice: LiveLattice;
  /** Magnetization and energy per spin after each slice since conditions last changed, oldest first. */
  readonly magnetizations: number[] = [];
  readonly energies: number[] = [];
  #sweeps = 0;
  #milliseconds = 0;

  constructor(lattice: LiveLattice) {
    this.lattice = lattice;
    // Before the first sweep this makes one cluster the unit of cluster algorithms: runs of any pace then add up to the
    // bit.
    lattice.settle();
    this.#record();
  }

  /** Runs `sweeps` sweeps, or fewer when `budget` milliseconds are over, and measures once. */
  advance(sweeps: number, temperature: number, budget: number): void {
    const slow = this.lattice.path === "cluster";
    const chunk = slow ? 1 : Math.max(1, Math.floor(flipsBetweenLooks / this.lattice.model.variables));
    const began = performance.now();
    let done = 0;
    do {
      const count = Math.min(chunk, sweeps - done);
      this.lattice.sweep(count, { temperature });
      done += count;
    } while (done < sweeps && performance.now() - began < budget);
    this.#milliseconds += performance.now() - began;
    this.#sweeps += done;
    this.#record();
  }

  /** Forgets the measurements, since they belong to conditions that no longer hold. */
  conditionsChanged(): void {
    this.magnetizations.length = 0;
    this.energies.length = 0;
    this.#sweeps = 0;
    this.#milliseconds = 0;
    this.#record();
  }

  /** Sweeps a second of the sweeps themselves, NaN before there is time to measure. */
  sweepsPerSecond(): number {
    return this.#milliseconds >= 5 ? (1000 * this.#sweeps) / this.#milliseconds : Number.NaN;
  }

  /** Sweeps since conditions last changed. */
  get sweepsSinceChange(): number {
    return this.#sweeps;
  }

  /** Means over the newer half of the measurements; the older half is taken for the way to equilibrium. */
  estimates(): { magnetization: Estimate; energy: Estimate; drifting: boolean } {
    const energies = newerHalf(this.energies);
    const middle = energies.length >> 1;
    const [before, after] = [estimate(energies.slice(0, middle)), estimate(energies.slice(middle))];
    const drift = Math.abs(after.mean - before.mean) / Math.hypot(before.standardError, after.standardError);
    return {
      magnetization: estimate(newerHalf(this.magnetizations).map(Math.abs)),
      energy: estimate(energies),
      drifting: drift > driftLimit,
    };
  }

  #record(): void {
    const { magnetization, energy, model } = this.lattice;
    this.magnetizations.push(magnetization / model.variables);
    this.energies.push(energy / model.variables);
    for (const series of [this.magnetizations, this.energies]) {
      if (series.length > longestSeries) series.splice(0, longestSeries / 2);
    }
  }
}

function newerHalf(series: readonly number[]): number[] {
  return series.slice(series.length >> 1);
}

function estimate(series: readonly number[]): Estimate {
  if (series.length < fewestForAnError) return { mean: Number.NaN, standardError: Number.NaN };
  return estimateMean(series);
}
