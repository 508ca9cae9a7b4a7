export type { Learner, LearnReport } from "./learner.ts";
export { learn } from "./loop.ts";
export {
  contrastiveDivergence,
  type NegativePhase,
  type PersistentPhase,
  persistentChains,
  replayBuffer,
} from "./negatives.ts";
export { cosineRate, type LearningRate } from "./rates.ts";
export { temperedChains } from "./tempered-negatives.ts";
export { maximizeLikelihood } from "./train.ts";
export { DivergenceError } from "./watch.ts";
