import type { Progress } from "@basin/energy-core/run";

/** What an update saw; `done` and `total` count updates, +∞ in all while the time decides and their speed is not yet known. */
export interface TrainProgress extends Progress {
  /** Since the run began, pauses between a checkpoint and its resumption left out. */
  readonly seconds: number;
  /** −log p(y|x) averaged over the batch, in nats. */
  readonly crossEntropy: number;
  /** α (E_data[E²] + E_model[E²]). */
  readonly penalty: number;
  /** λ times the hinges of energy fine-tuning. */
  readonly outlierLoss: number;
  /** Mean E(x) of the data and of the samples of the model; NaN without samples. */
  readonly dataEnergy: number;
  readonly sampleEnergy: number;
  /** Share of the batch classified rightly. */
  readonly accuracy: number;
  /** Norm of the gradient before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** w, less where `maxLag` restrains it. */
  readonly marginalWeight: number;
  /** Standard deviation between the batch's chains, averaged over their coordinates; NaN without samples. */
  readonly sampleSpread: number;
}
