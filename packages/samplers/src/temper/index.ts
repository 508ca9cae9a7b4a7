export {
  type Annealed,
  type SimulatedAnnealingOptions,
  simulatedAnnealing,
} from "./annealing.ts";
export {
  type AnnealedImportanceOptions,
  annealedImportance,
  type PartitionEstimate,
  partitionEstimate,
} from "./importance.ts";
export {
  type Level,
  type ParallelTemperingOptions,
  parallelTempering,
  type TemperedDraws,
  temperingRound,
} from "./parallel.ts";
export { type Particles, type SequentialMonteCarloOptions, sequentialMonteCarlo } from "./particles.ts";
export { geometricSchedule } from "./schedule.ts";
