import type { UpdateReport } from "@basin/samplers/internal";

/** What an update saw. */
export interface TrainFigures {
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
  /** w, less where `maxLag` restrains it. */
  readonly marginalWeight: number;
  /** Standard deviation between the batch's chains, averaged over their coordinates; NaN without samples. */
  readonly sampleSpread: number;
}

/** What an `onProgress` is told after every update. */
export type TrainProgress = UpdateReport<TrainFigures>;
