export {
  type Annealed,
  type SimulatedAnnealingOptions,
  simulatedAnnealing,
} from "./annealing.ts";
export { followSchedule } from "./follow.ts";
export {
  type AnnealedImportance,
  type AnnealedImportanceOptions,
  annealedImportance,
  type PartitionEstimate,
  partitionEstimate,
} from "./importance.ts";
export { Ladder, type LadderOptions } from "./ladder.ts";
export { type Particles, type SequentialMonteCarloOptions, sequentialMonteCarlo } from "./particles.ts";
export { adaptiveSchedule, crowdedSchedule, geometricSchedule, linearSchedule } from "./schedule.ts";
export { type TemperedDraws, type TemperOptions, temper } from "./temper.ts";
