export { type ContrastiveOptions, contrastive } from "../objectives/contrastive.ts";
export { type FitOptions, type FitProgress, fit } from "../objectives/fit.ts";
export {
  type AdversarialOptions,
  adversarialNegatives,
  type CdOptions,
  cdNegatives,
  type NegativeDraw,
  type Negatives,
  type PersistentNegativesOptions,
  persistentNegatives,
  timeReversalNegatives,
} from "../objectives/negatives.ts";
export type { Batch, Objective } from "../objectives/objective.ts";
export { type PairLossName, type PairLossOptions, pairLoss, pairLossNames } from "../objectives/pairs.ts";
export { type PgdOptions, pgd } from "../objectives/pgd.ts";
export {
  type DenoisingOptions,
  denoisingScoreMatching,
  type SlicedOptions,
  slicedScoreMatching,
} from "../objectives/score-matching.ts";
export type { CellResult } from "./cell-job.ts";
export {
  type Cell,
  type CellOptions,
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
export { type MovementOptions, marginalMovement } from "./movement.ts";
export { type NetOptions, type PlaneNetOptions, planeNet } from "./nets.ts";
export { type BoxPartitionOptions, boxPartition } from "./partition.ts";
export type { ImageData } from "./problem.ts";
export {
  type ExperimentOptions,
  type ExperimentProgress,
  type ExperimentRow,
  runExperiment,
  summarizeExperiment,
} from "./run.ts";
