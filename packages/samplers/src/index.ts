export * from "./diagnose/index.ts";
export type {
  Adaptation,
  BoundKernel,
  Kernel,
  KernelState,
  MoveKernel,
  MoveState,
  StepInfo,
  TunedParameters,
} from "./kernel.ts";
export { type KernelName, kernelByName } from "./kernels/by-name.ts";
export { cycle } from "./kernels/cycle.ts";
export { ellipticalSlice } from "./kernels/elliptical-slice.ts";
export { gibbs } from "./kernels/gibbs.ts";
export { type HmcKernel, hmc } from "./kernels/hmc.ts";
export { discreteLangevin, gibbsWithGradients } from "./kernels/informed.ts";
export { mala, type SgldKernel, sgld, type UlaKernel, ula } from "./kernels/langevin.ts";
export { alternating, type MixedEnergy, mixedEnergy } from "./kernels/mixed.ts";
export { type NutsKernel, nuts } from "./kernels/nuts.ts";
export { type RealKernel, randomWalk } from "./kernels/random-walk.ts";
export { heatBath, metropolis } from "./kernels/single-site.ts";
export { slice } from "./kernels/slice.ts";
export { walnuts } from "./kernels/walnuts.ts";
export { simulationBasedCalibration } from "./run/calibration.ts";
export { SamplingError } from "./run/chain.ts";
export type { StreamedDraw } from "./run/chain-plan.ts";
export { type ChainSummaryRow, chainSummary, type Divergence, divergences } from "./run/chain-summary.ts";
export {
  type Draws,
  deriveDraws,
  drawsArray,
  type PartDraws,
  type StateArray,
  series,
  statistic,
} from "./run/draws.ts";
export { generateDraws } from "./run/generate.ts";
export { type Moments, momentObserver, type Observer } from "./run/observer.ts";
export { predictiveCheck } from "./run/predictive-check.ts";
export { type SampleProgress, sample } from "./run/sample.ts";
export { sampleModule } from "./run/sample-module.ts";
export { stream } from "./run/stream.ts";
export { type SummaryRow, summarize, summary } from "./run/summary.ts";
export type { SampleUntil } from "./run/until.ts";
export { warnings } from "./run/warnings.ts";
export { lift } from "./walkers/lift.ts";
export type { WalkerKernel, Walkers } from "./walkers/walkers.ts";
