export { type LiftedMoves, lift } from "./lift.ts";
export { together } from "./together.ts";
export {
  beginWalkers,
  groupsOf,
  groupTemperature,
  type Streams,
  type WalkerKernel,
  type WalkerMoves,
  type WalkerOptions,
  type Walkers,
  type WalkersState,
} from "./walkers.ts";
