export { type Annealed, simulatedAnnealing } from "./annealing.ts";
export { annealedImportance, type PartitionEstimate } from "./importance.ts";
export { type Particles, sequentialMonteCarlo } from "./particles.ts";
export { adaptiveSchedule, crowdedSchedule, geometricSchedule, linearSchedule } from "./schedule.ts";
export { type TemperedDraws, temper } from "./temper.ts";
