export { autocorrelation, autocorrelationTime } from "./autocorrelation.ts";
export { autocovariance } from "./autocovariance.ts";
export { type Chains, whyUndefined } from "./chains.ts";
export {
  kernelSteinDiscrepancy,
  type MmdOptions,
  maximumMeanDiscrepancy,
  type SteinOptions,
} from "./discrepancy.ts";
export { essBulk, essMean, essQuantile, essSd, essTail } from "./effective-sample-size.ts";
export { energyFraction } from "./energy-fraction.ts";
export { type Estimate, estimateIndependent, estimateMean } from "./estimate.ts";
export { type LeaveOneOut, leaveOneOut } from "./leave-one-out.ts";
export { paretoSmooth } from "./pareto-smooth.ts";
export { type RHatOptions, rHat } from "./r-hat.ts";
export { rankHistogram } from "./rank-histogram.ts";
export { standardErrorMean, standardErrorQuantile, standardErrorSd } from "./standard-error.ts";
