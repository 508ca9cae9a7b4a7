export { type ContrastiveGradient, contrastiveGradient } from "./gradient.ts";
export {
  type Copyable,
  contrastiveDivergence,
  type NegativeOptions,
  type NegativePhase,
  type PersistentOptions,
  type PersistentPhase,
  persistentChains,
  type ReplayOptions,
  replayBuffer,
} from "./negatives.ts";
export {
  type LikelihoodOptions,
  type LikelihoodReport,
  maximizeLikelihood,
  type UpdateProgress,
} from "./train.ts";
