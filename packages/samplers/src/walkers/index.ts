export { inBatches } from "./batches.ts";
export { type LiftedKernel, type LiftedMoveKernel, type LiftedMoves, lift } from "./lift.ts";
export { together } from "./together.ts";
export {
  groupsOf,
  groupTemperature,
  type Streams,
  type WalkerKernel,
  type WalkerMoves,
  type WalkerOptions,
  type Walkers,
  type WalkersState,
  writeInitial,
} from "./walkers.ts";
