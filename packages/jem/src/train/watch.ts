import { BasinError } from "@basin/energy-core";
import type { WatchState } from "./checkpoint.ts";
import type { TrainStep } from "./options.ts";

/** Training that went wrong beyond repair; the model is left with the averaged parameters of the last good state. */
export class DivergenceError extends BasinError {
  override name = "DivergenceError";
  /** The update at which it showed. */
  readonly step: number;

  constructor(message: string, step: number) {
    super(message);
    this.step = step;
  }
}

/** Weight of the newest update in running means. */
const SHARE = 0.05;
/** Updates before running means are believed. */
const SETTLED = 100;
const LARGEST_NORM_RATIO = 1e4;
const LARGEST_MEAN_NORM_RATIO = 30;
const LARGEST_LOSS_RATIO = 10;
const LEAST_SPREAD = 1e-4;
const STILL = 50;

/** Looks at every update for the ways in which joint training fails. */
export class Watch {
  #state: WatchState = {
    gap: 0,
    accuracy: 0,
    bestAccuracy: 0,
    loss: 0,
    bestLoss: Number.MAX_VALUE,
    logNorm: 0,
    leastLogNorm: Number.MAX_VALUE,
    still: 0,
    seen: 0,
  };
  readonly #largestGap: number;

  constructor(largestGap: number) {
    this.#largestGap = largestGap;
  }

  /** Takes an update in and returns what is wrong, if anything. */
  look(step: TrainStep): string | undefined {
    const { crossEntropy, dataEnergy, sampleEnergy, gradientNorm, accuracy, sampleSpread } = step;
    const sampling = !Number.isNaN(sampleSpread);
    if (![crossEntropy, dataEnergy, gradientNorm, sampling ? sampleEnergy : 0].every(Number.isFinite)) {
      return `a loss or a gradient is no longer finite (cross-entropy ${crossEntropy}, energies ${dataEnergy} and ${sampleEnergy}, gradient norm ${gradientNorm})`;
    }
    const before = this.#state;
    const mix = (old: number, value: number): number =>
      before.seen === 0 ? value : (1 - SHARE) * old + SHARE * value;
    const gap = sampling ? dataEnergy - sampleEnergy : 0;
    const logNorm = Math.log(gradientNorm + 1e-30);
    const meanAccuracy = mix(before.accuracy, accuracy);
    const settled = before.seen >= SETTLED;
    this.#state = {
      gap: mix(before.gap, gap),
      accuracy: meanAccuracy,
      bestAccuracy: settled ? Math.max(before.bestAccuracy, meanAccuracy) : 0,
      loss: mix(before.loss, crossEntropy),
      bestLoss: settled ? Math.min(before.bestLoss, mix(before.loss, crossEntropy)) : Number.MAX_VALUE,
      logNorm: mix(before.logNorm, logNorm),
      leastLogNorm: settled ? Math.min(before.leastLogNorm, mix(before.logNorm, logNorm)) : Number.MAX_VALUE,
      still: sampling && sampleSpread < LEAST_SPREAD ? before.still + 1 : 0,
      seen: before.seen + 1,
    };
    return this.#verdict(gap, logNorm - before.logNorm, settled);
  }

  /** Whether a state is fit to go back to. */
  get calm(): boolean {
    const { gap, accuracy, bestAccuracy, still, logNorm, leastLogNorm, seen } = this.#state;
    const steady = seen < SETTLED || logNorm < leastLogNorm + Math.log(LARGEST_MEAN_NORM_RATIO / 6);
    return steady && Math.abs(gap) < this.#largestGap / 10 && accuracy >= 0.9 * bestAccuracy && still === 0;
  }

  save(): WatchState {
    return this.#state;
  }

  restore(state: WatchState): void {
    this.#state = state;
  }

  #verdict(gap: number, growth: number, settled: boolean): string | undefined {
    const { gap: mean, accuracy, bestAccuracy, loss, bestLoss, logNorm, leastLogNorm, still } = this.#state;
    if (Math.abs(gap) > 10 * this.#largestGap || (settled && Math.abs(mean) > this.#largestGap)) {
      return `the energies of data and samples drifted apart (gap ${gap.toPrecision(4)}, on average ${mean.toPrecision(4)})`;
    }
    if (settled && growth > Math.log(LARGEST_NORM_RATIO))
      return `the gradient's norm grew ${Math.exp(growth).toPrecision(3)}-fold over its running mean`;
    if (still >= STILL) return `the chains have collapsed onto one point for ${still} updates`;
    if (settled && bestAccuracy > 0.5 && accuracy < 0.5 * bestAccuracy)
      return `accuracy fell from ${bestAccuracy.toFixed(3)} to ${accuracy.toFixed(3)}`;
    if (settled && loss > 1 && loss > LARGEST_LOSS_RATIO * bestLoss)
      return `cross-entropy rose from ${bestLoss.toPrecision(3)} to ${loss.toPrecision(3)}`;
    if (settled && logNorm > leastLogNorm + Math.log(LARGEST_MEAN_NORM_RATIO) && logNorm > 0)
      return `the gradient's norm rose from ${Math.exp(leastLogNorm).toPrecision(3)} to ${Math.exp(logNorm).toPrecision(3)} on average`;
    return undefined;
  }
}
