export { differentiable, type NumericGradientOptions, numericGradient, plainEnergy } from "./adapt.ts";
export { type Capability, type Lacking, requireDifferentiable, requireSpinEnergy } from "./capability.ts";
export { type CheckGradientOptions, checkGradient, type GradientReport } from "./check-gradient.ts";
export { cholesky, inverseFromCholesky } from "./cholesky.ts";
export { scale, shift } from "./combine/affine.ts";
export { type Clamped, clamp, type Mask } from "./combine/clamp.ts";
export { marginalize } from "./combine/marginalize.ts";
export { type MixtureInfo, type MixtureOptions, mixture } from "./combine/mixture.ts";
export { type Box, restrict } from "./combine/restrict.ts";
export { sum } from "./combine/sum.ts";
export { energyDifference, type LogDensityOptions, logDensity } from "./density.ts";
export {
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isJoint,
  isLearnable,
  isSpinEnergy,
  type JointEnergy,
  type JointSpace,
  type Labeled,
  type LearnableEnergy,
  type RealSpace,
  type Space,
  type SpinCursor,
  type SpinEnergy,
  type SpinSpace,
  type TensorSpace,
} from "./energy.ts";
export {
  ArgumentError,
  BasinError,
  CapabilityError,
  CostError,
  checkEnergy,
  checkLength,
  checkName,
  checkNumber,
  DimensionError,
  EnergyValueError,
  type NumberRange,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "./errors.ts";
export { type EliminateOptions, type Elimination, eliminate } from "./exact/eliminate.ts";
export { type EnumerateOptions, type Enumeration, enumerate } from "./exact/enumerate.ts";
export { indexFromSpins, spinsFromIndex } from "./exact/gray.ts";
export { type SpinLikelihood, type SpinLikelihoodOptions, spinLikelihood } from "./exact/likelihood.ts";
export { type Quadrature, type QuadratureOptions, quadrature } from "./exact/quadrature.ts";
export { freeEnergy, type LogSumExp, logSumExp, softmin, streamingLogSumExp } from "./gibbs.ts";
export {
  type Landscape,
  type LandscapeAxis,
  type LandscapePlane,
  type LandscapePlaneOptions,
  landscape,
  landscapePlane,
} from "./landscape.ts";
export { type LossName, type LossOptions, type LossValue, loss, lossMargins, lossNames } from "./losses.ts";
export { type Attractor, type AttractorOptions, type Attractors, attractors } from "./minimize/attractors.ts";
export { type DescendOptions, type Descent, descend } from "./minimize/descend.ts";
export { type MinimizeRealsOptions, minimizeReals, type RealMinimum } from "./minimize/lbfgs.ts";
export { type Matrix, type MatrixLike, matrix, type NdArrayLike, row, toMatrix } from "./ndarray.ts";
export { type Couplings, couplings, type Edge } from "./quadratic/couplings.ts";
export { type DenseQuadratic, denseQuadratic } from "./quadratic/dense.ts";
export { type SparseQuadratic, sparseQuadratic } from "./quadratic/sparse.ts";
export { checkSpins } from "./spins.ts";
export type { Certificate } from "./tasks/certificate.ts";
export { type CompleteOptions, type Completion, complete, type DrawingKernel } from "./tasks/complete.ts";
export { type Correction, type CorrectOptions, correct } from "./tasks/correct.ts";
export { type Detector, type DetectorOptions, detector } from "./tasks/detect.ts";
export {
  type OutlierFigures,
  type OutlierMetrics,
  type OutlierMetricsOptions,
  outlierMetrics,
} from "./tasks/outlier-metrics.ts";
export { type Prediction, predict } from "./tasks/predict.ts";
export { type Ranking, rank } from "./tasks/rank.ts";
export { type Recall, recall } from "./tasks/recall.ts";
