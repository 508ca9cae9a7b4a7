export { contrastive } from "../objectives/contrastive.ts";
export { type FitProgress, fit } from "../objectives/fit.ts";
export {
  adversarialNegatives,
  cdNegatives,
  type NegativeDraw,
  type Negatives,
  persistentNegatives,
  timeReversalNegatives,
} from "../objectives/negatives.ts";
export type { Objective } from "../objectives/objective.ts";
export { type PairLossName, pairLoss, pairLossNames } from "../objectives/pairs.ts";
export { pgd } from "../objectives/pgd.ts";
export {
  denoisingScoreMatching,
  slicedScoreMatching,
} from "../objectives/score-matching.ts";
export type { CellResult } from "./cell-job.ts";
export {
  type Cell,
  densityMethodNames,
  type ExperimentName,
  experimentCells,
  experimentNames,
  innerSteps,
  type ProblemName,
  problemNames,
} from "./cells.ts";
export type { Measures, TestSet } from "./measures.ts";
export { type MethodName, methodNames } from "./methods.ts";
export { marginalMovement } from "./movement.ts";
export { planeNet } from "./nets.ts";
export { boxPartition } from "./partition.ts";
export type { ImageData } from "./problem.ts";
export {
  type ExperimentProgress,
  type ExperimentRow,
  runExperiment,
  summarizeExperiment,
} from "./run.ts";
