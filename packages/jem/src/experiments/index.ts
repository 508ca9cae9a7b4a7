export { contrastive } from "../objectives/contrastive.ts";
export { fit } from "../objectives/fit.ts";
export {
  adversarialNegatives,
  cdNegatives,
  type Negatives,
  persistentNegatives,
  timeReversalNegatives,
} from "../objectives/negatives.ts";
export type { Objective } from "../objectives/objective.ts";
export { pgd } from "../objectives/pgd.ts";
export {
  denoisingScoreMatching,
  slicedScoreMatching,
} from "../objectives/score-matching.ts";
export type { CellResult } from "./cell-job.ts";
export { type Cell, type ExperimentName, experimentCells, type ProblemName } from "./cells.ts";
export { marginalMovement } from "./movement.ts";
export { planeNet } from "./nets.ts";
export { boxPartition } from "./partition.ts";
export type { ImageData } from "./problem.ts";
export { type ExperimentRow, runExperiment, summarizeExperiment } from "./run.ts";
