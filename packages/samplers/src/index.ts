export type { Metric } from "./adapt/hamiltonian-warmup.ts";
export * from "./diagnose/index.ts";
export type * from "./kernel.ts";
export { type KernelName, kernelByName, kernelNames } from "./kernels/by-name.ts";
export { type CycleState, cycle, type MoveCycle } from "./kernels/cycle.ts";
export {
  type EllipticalSliceKernel,
  ellipticalSlice,
} from "./kernels/elliptical-slice.ts";
export { colorClasses, gibbs } from "./kernels/gibbs.ts";
export type { GradientState, HamiltonianInfo } from "./kernels/hamiltonian.ts";
export { type HmcKernel, hmc } from "./kernels/hmc.ts";
export { discreteLangevin, gibbsWithGradients } from "./kernels/informed.ts";
export {
  type LangevinInfo,
  mala,
  type SgldKernel,
  type SgldOptions,
  type SgldState,
  sgld,
  type UlaKernel,
  ula,
} from "./kernels/langevin.ts";
export {
  type AlternatingKernels,
  alternating,
  type MixedEnergy,
  type MixedParts,
  mixedEnergy,
} from "./kernels/mixed.ts";
export type { SiteOrder } from "./kernels/move-state.ts";
export { type NutsInfo, type NutsKernel, nuts } from "./kernels/nuts.ts";
export {
  adaptiveMetropolis,
  type RandomWalkKernel,
  type RealState,
  randomWalk,
} from "./kernels/random-walk.ts";
export { heatBath, metropolis } from "./kernels/single-site.ts";
export { type SliceKernel, slice } from "./kernels/slice.ts";
export {
  type GenerativeModel,
  simulationBasedCalibration,
} from "./run/calibration.ts";
export { SamplingError } from "./run/chain.ts";
export type { ChainProgress, StreamedDraw } from "./run/chain-plan.ts";
export { type ChainSummaryRow, chainSummary, type Divergence, divergences } from "./run/chain-summary.ts";
export {
  type ChainDraws,
  type Draws,
  deriveDraws,
  drawsArray,
  type PartDraws,
  type StateArray,
  series,
  statistic,
} from "./run/draws.ts";
export type { Initial } from "./run/initial.ts";
export { type Moments, momentObserver, type Observer } from "./run/observer.ts";
export type { Rejections } from "./run/rejections.ts";
export { type SampleOptions, type SampleProgress, sample } from "./run/sample.ts";
export { sampleModule } from "./run/sample-module.ts";
export { stream } from "./run/stream.ts";
export { type SummaryRow, summarize, summary } from "./run/summary.ts";
export { warnings } from "./run/warnings.ts";
export * from "./walkers/index.ts";
