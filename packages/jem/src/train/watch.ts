import type { Watch } from "@basin/samplers/internal";
import type { WatchState } from "./checkpoint.ts";
import type { TrainFigures } from "./step.ts";

/** Weight of the newest update in running means. */
const SHARE = 0.05;
/** Updates before running means are believed. */
const SETTLED = 100;
const LARGEST_NORM_RATIO = 1e4;
/** Norm below which all is learned by heart: one noisy input makes it grow by any factor then. */
const LEARNED_NORM = 0.01;
const LARGEST_MEAN_NORM_RATIO = 30;
const LARGEST_LOSS_RATIO = 10;
/** Ratio of the gradient's running norm to its least up to which a run is well. */
const WELL_NORM_RATIO = 5;
/** Cross-entropy that is small however much smaller it has been. */
const SMALL_LOSS = 0.1;
/** A gap of energies is unusual beyond so many times the usual one, and a nat. */
const LARGEST_GAP_RATIO = 10;
const SLOW_SHARE = 0.005;
const UNWELL = 200;
/** Running cross-entropy is hopeless beyond so many times the first one, which is about that of guessing, and a nat. */
const HOPELESS_RATIO = 3;
/**
 * A single cross-entropy beyond so many times the first one, and ten nats: parameters were thrown where they may never
 * come back from.
 */
const THROWN_RATIO = 50;
const LEAST_SPREAD = 1e-4;
const STILL = 50;

/** Looks at every update for the ways in which joint training fails. */
export class JointWatch implements Watch<TrainFigures, WatchState> {
  #state: WatchState = {
    gap: 0,
    usualGap: 0,
    accuracy: 0,
    bestAccuracy: 0,
    loss: 0,
    firstLoss: 0,
    bestLoss: Number.MAX_VALUE,
    logNorm: 0,
    leastLogNorm: Number.MAX_VALUE,
    still: 0,
    unwell: 0,
    seen: 0,
  };
  readonly #maxGap: number;

  constructor(maxGap: number) {
    this.#maxGap = maxGap;
  }

  /** Takes an update in and returns what is wrong, if anything. */
  look(step: TrainFigures): string | undefined {
    const { crossEntropy, dataEnergy, sampleEnergy, gradientNorm, sampleSpread } = step;
    const sampling = !Number.isNaN(sampleSpread);
    if (![crossEntropy, dataEnergy, gradientNorm, sampling ? sampleEnergy : 0].every(Number.isFinite)) {
      return `a loss or a gradient is no longer finite (cross-entropy ${crossEntropy}, energies ${dataEnergy} and ${sampleEnergy}, gradient norm ${gradientNorm})`;
    }
    const gap = sampling ? dataEnergy - sampleEnergy : 0;
    const growth = Math.log(gradientNorm + 1e-30) - Math.max(this.#state.logNorm, Math.log(LEARNED_NORM));
    const { settled } = this;
    this.#takeIn(step, gap);
    const { unwell } = this.#state;
    this.#state = { ...this.#state, unwell: settled && this.#ill !== undefined ? unwell + 1 : 0 };
    return this.#verdict(step, gap, growth, settled);
  }

  #takeIn({ crossEntropy, gradientNorm, accuracy, sampleSpread }: TrainFigures, gap: number): void {
    const before = this.#state;
    const { settled } = this;
    const mix = (old: number, value: number, share = SHARE): number =>
      before.seen === 0 ? value : (1 - share) * old + share * value;
    const [meanAccuracy, loss] = [mix(before.accuracy, accuracy), mix(before.loss, crossEntropy)];
    const logNorm = mix(before.logNorm, Math.log(gradientNorm + 1e-30));
    // An unusual gap does not count, or it would soon be usual.
    const learns = !settled || !isUnusual(gap, before.usualGap);
    const slow = settled ? SLOW_SHARE : 1 / (before.seen + 1);
    this.#state = {
      ...before,
      gap: mix(before.gap, gap),
      usualGap: learns ? mix(before.usualGap, Math.abs(gap), slow) : before.usualGap,
      accuracy: meanAccuracy,
      loss,
      firstLoss: before.firstLoss === 0 ? crossEntropy : before.firstLoss,
      logNorm,
      ...(settled && {
        bestAccuracy: Math.max(before.bestAccuracy, meanAccuracy),
        bestLoss: Math.min(before.bestLoss, loss),
        leastLogNorm: Math.min(before.leastLogNorm, logNorm),
      }),
      still: sampleSpread < LEAST_SPREAD ? before.still + 1 : 0,
      seen: before.seen + 1,
    };
  }

  /** Running mean of E_data − E_model. */
  get gap(): number {
    return this.#state.gap;
  }

  /** Whether a run looks well. */
  get calm(): boolean {
    const { gap, accuracy, bestAccuracy, still } = this.#state;
    const near = !this.#gapIsUp && Math.abs(gap) < this.#maxGap / 100;
    return near && !this.#normIsUp && !this.#lossIsUp && accuracy >= 0.9 * bestAccuracy && still === 0;
  }

  /** Whether enough was seen to tell. */
  get settled(): boolean {
    return this.#state.seen >= SETTLED;
  }

  get #normIsUp(): boolean {
    const { logNorm, leastLogNorm } = this.#state;
    return logNorm > leastLogNorm + Math.log(WELL_NORM_RATIO);
  }

  get #lossIsUp(): boolean {
    const { loss, bestLoss } = this.#state;
    return loss > Math.max(SMALL_LOSS, LARGEST_LOSS_RATIO * bestLoss);
  }

  get #gapIsUp(): boolean {
    return isUnusual(this.#state.gap, this.#state.usualGap);
  }

  /** What would be a divergence if it lasted. */
  get #ill(): string | undefined {
    const { logNorm, leastLogNorm, loss, bestLoss, gap, usualGap } = this.#state;
    if (this.#normIsUp && this.#lossIsUp)
      return `the gradient's norm (${Math.exp(logNorm).toPrecision(3)}) and the cross-entropy (${loss.toPrecision(3)}) have been far above their least (${Math.exp(leastLogNorm).toPrecision(3)} and ${bestLoss.toPrecision(3)})`;
    if (this.#gapIsUp)
      return `the energies of data and samples have been unusually far apart (${gap.toPrecision(3)}, usually ${usualGap.toPrecision(3)})`;
    return undefined;
  }

  save(): WatchState {
    return this.#state;
  }

  restore(state: WatchState): void {
    this.#state = state;
  }

  /**
   * Goes back to a state and judges anew what comes, by the least norm that the run has reached: after a sick state
   * nothing would be far above what is learned there. Loss and accuracy start over, since an early state has still to
   * reach the best ones.
   */
  goBack(state: WatchState): void {
    const leastLogNorm = Math.min(this.#state.leastLogNorm, state.leastLogNorm);
    const { firstLoss } = this.#state;
    this.#state = {
      ...state,
      firstLoss,
      bestAccuracy: 0,
      bestLoss: Number.MAX_VALUE,
      leastLogNorm,
      unwell: 0,
      seen: 0,
    };
  }

  #verdict(
    { crossEntropy }: TrainFigures,
    gap: number,
    growth: number,
    settled: boolean,
  ): string | undefined {
    const {
      gap: mean,
      accuracy,
      bestAccuracy,
      loss,
      firstLoss,
      bestLoss,
      logNorm,
      leastLogNorm,
      still,
      unwell,
    } = this.#state;
    if (Math.abs(gap) > 10 * this.#maxGap || (settled && Math.abs(mean) > this.#maxGap)) {
      return `the energies of data and samples drifted apart (gap ${gap.toPrecision(4)}, on average ${mean.toPrecision(4)})`;
    }
    if (crossEntropy > THROWN_RATIO * firstLoss + 10)
      return `cross-entropy jumped from ${firstLoss.toPrecision(3)} to ${crossEntropy.toPrecision(3)}`;
    if (settled && growth > Math.log(LARGEST_NORM_RATIO))
      return `the gradient's norm grew ${Math.exp(growth).toPrecision(3)}-fold over its running mean`;
    if (still >= STILL) return `the chains have collapsed onto one point for ${still} updates`;
    if (settled && bestAccuracy > 0.5 && accuracy < 0.5 * bestAccuracy)
      return `accuracy fell from ${bestAccuracy.toFixed(3)} to ${accuracy.toFixed(3)}`;
    if (settled && loss > 1 && loss > LARGEST_LOSS_RATIO * bestLoss)
      return `cross-entropy rose from ${bestLoss.toPrecision(3)} to ${loss.toPrecision(3)}`;
    if (settled && loss > HOPELESS_RATIO * firstLoss + 1)
      return `cross-entropy is ${loss.toPrecision(3)}, where that of the first update was ${firstLoss.toPrecision(3)}`;
    if (settled && logNorm > leastLogNorm + Math.log(LARGEST_MEAN_NORM_RATIO) && logNorm > 0)
      return `the gradient's norm rose from ${Math.exp(leastLogNorm).toPrecision(3)} to ${Math.exp(logNorm).toPrecision(3)} on average`;
    if (unwell >= UNWELL) return `for ${unwell} updates ${this.#ill}`;
    return undefined;
  }
}

function isUnusual(gap: number, usual: number): boolean {
  return Math.abs(gap) > LARGEST_GAP_RATIO * usual + 1;
}
