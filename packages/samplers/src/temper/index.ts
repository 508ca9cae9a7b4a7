export {
  type Annealed,
  type AnnealedImportanceOptions,
  annealedImportance,
  geometricSchedule,
  type PartitionEstimate,
  type SimulatedAnnealingOptions,
  simulatedAnnealing,
} from "./annealing.ts";
export { type ParallelTemperingOptions, parallelTempering, type TemperedDraws } from "./parallel.ts";
