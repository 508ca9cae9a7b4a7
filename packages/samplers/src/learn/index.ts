export { Batches, type BatchesState } from "./batches.ts";
export { GoodStates } from "./good-states.ts";
export { type ContrastiveGradient, contrastiveGradient } from "./gradient.ts";
export {
  type BackOff,
  type KeptLearning,
  type Learner,
  type LearningState,
  type LearnOptions,
  type LearnReport,
  learn,
  type UpdatePlace,
  type UpdateReport,
} from "./loop.ts";
export { type MomentumStep, momentumStep } from "./momentum.ts";
export {
  type Copyable,
  contrastiveDivergence,
  type NegativePhase,
  type PersistentPhase,
  persistentChains,
  replayBuffer,
} from "./negatives.ts";
export { cosineRate, type LearningRate, rateAt } from "./rates.ts";
export { ReplayBuffer } from "./replay-buffer.ts";
export { temperedChains } from "./tempered-negatives.ts";
export {
  type LikelihoodReport,
  maximizeLikelihood,
  type UpdateProgress,
} from "./train.ts";
export { DivergenceError, finiteWatch, type Watch } from "./watch.ts";
