/**
 * Plumbing that Basin's packages share. Random streams of walkers, their batches, and the parts of the one loop of
 * learning. It is not for users: names here change or go in any release.
 */
export type { Metric } from "../adapt/metric-learner.ts";
export { quantileOfSorted } from "../diagnose/chains.ts";
export { Batches, type BatchesState } from "../learn/batches.ts";
export { GoodStates } from "../learn/good-states.ts";
export type {
  BackOff,
  KeptLearning,
  LearningState,
  LearnOptions,
  UpdatePlace,
  UpdateReport,
} from "../learn/learner.ts";
export { type MomentumStep, momentumStep } from "../learn/momentum.ts";
export { rateAt } from "../learn/rates.ts";
export { ReplayBuffer } from "../learn/replay-buffer.ts";
export { finiteWatch, type Watch } from "../learn/watch.ts";
export { loadEnergy } from "../run/chain-job.ts";
export type { Initial } from "../run/initial.ts";
export { checkTimeLimit, inLooks, type Look, missedWarning } from "../run/looks.ts";
export type { SampleOptions } from "../run/sample.ts";
export { LEAST_ESS, WORST_R_HAT } from "../run/warnings.ts";
export { followSchedule } from "../temper/follow.ts";
export type { AnnealedImportance } from "../temper/importance.ts";
export { Ladder, type LadderState } from "../temper/ladder.ts";
export { inBatches } from "../walkers/batches.ts";
export { together } from "../walkers/together.ts";
export {
  groupsOf,
  groupTemperature,
  type Streams,
  type WalkerMoves,
  type WalkerOptions,
  type WalkersState,
  writeInitial,
} from "../walkers/walkers.ts";
