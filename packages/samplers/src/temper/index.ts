export {
  type Annealed,
  simulatedAnnealing,
} from "./annealing.ts";
export { followSchedule } from "./follow.ts";
export {
  type AnnealedImportance,
  annealedImportance,
  type PartitionEstimate,
  partitionEstimate,
} from "./importance.ts";
export { Ladder } from "./ladder.ts";
export { type Particles, sequentialMonteCarlo } from "./particles.ts";
export { adaptiveSchedule, crowdedSchedule, geometricSchedule, linearSchedule } from "./schedule.ts";
export { type TemperedDraws, type TemperOptions, temper } from "./temper.ts";
