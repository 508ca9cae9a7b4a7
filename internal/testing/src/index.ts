export {
  assertIrreducible,
  assertReversible,
  assertStationary,
  assertStochastic,
  type BranchOptions,
  boltzmann,
  branches,
  type ForkingRng,
  spinStates,
  type TransitionMatrix,
  transitionMatrix,
} from "./forking-rng.ts";
export {
  type AssertMeanOptions,
  assertMean,
  type EstimateLike,
  type GTest,
  gTest,
  kolmogorovSmirnov,
  upperGamma,
  zThreshold,
} from "./statistics.ts";
