export { differentiable, numericGradient, plainEnergy } from "./adapt.ts";
export { type CursorReport, checkCursor, requireMoves } from "./check-cursor.ts";
export {
  checkGradient,
  type GradientReport,
  type NumberArray,
} from "./check-gradient.ts";
export { checkOptions } from "./check-options.ts";
export { cholesky, inverseFromCholesky } from "./cholesky.ts";
export { scale, shift } from "./combine/affine.ts";
export { type Clamped, clamp } from "./combine/clamp.ts";
export { type Marginal, marginalize } from "./combine/marginalize.ts";
export { type MixtureInfo, mixture } from "./combine/mixture.ts";
export { type Combined, type Known, pointwise } from "./combine/pointwise.ts";
export { type Box, restrict } from "./combine/restrict.ts";
export type { LinearRule, Rule } from "./combine/rule.ts";
export { sum } from "./combine/sum.ts";
export { energyDifference, logDensity } from "./density.ts";
export {
  type Arrays,
  type Batch,
  type Can,
  type Capabilities,
  type CapabilityName,
  type Cursor,
  type DifferentiableEnergy,
  type Energy,
  type Gradient,
  type JointEnergy,
  type Labeled,
  type Labels,
  type Lacking,
  type LearnableEnergy,
  type Parameters,
  type Partials,
  type Quadratic,
  type QuadraticEnergy,
  requireCapability,
  type SpinEnergy,
} from "./energy.ts";
export {
  ArgumentError,
  BasinError,
  CapabilityError,
  CostError,
  checkEnergy,
  checkLength,
  checkList,
  checkName,
  checkNumber,
  DimensionError,
  EnergyValueError,
  type NumberRange,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "./errors.ts";
export { type Elimination, eliminate } from "./exact/eliminate.ts";
export { type Enumeration, enumerate } from "./exact/enumerate.ts";
export { type ExactLikelihood, exactLikelihood } from "./exact/likelihood.ts";
export { type Quadrature, quadrature } from "./exact/quadrature.ts";
export { freeEnergy, type LogSumExp, logSumExp, softmin, streamingLogSumExp } from "./gibbs.ts";
export { kindOf } from "./kind-of.ts";
export {
  type Landscape,
  type LandscapeAxis,
  type LandscapePlane,
  landscape,
  landscapePlane,
} from "./landscape.ts";
export { type LossName, type LossValue, loss, lossMargins, lossNames } from "./losses.ts";
export {
  type Matrix,
  type MatrixLike,
  matrix,
  type NdArrayLike,
  row,
  toMatrix,
  toVector,
  type VectorLike,
} from "./matrix.ts";
export { type Attractors, attractors } from "./minimize/attractors.ts";
export type { Attractor } from "./minimize/basins.ts";
export { descend } from "./minimize/descend.ts";
export { minimizeReals, type RealMinimum } from "./minimize/lbfgs.ts";
export { descendMoves, type MoveSpace, plainCursor } from "./minimize/moves.ts";
export { movesOf } from "./moves-of.ts";
export { type Couplings, couplings, type Edge } from "./quadratic/couplings.ts";
export { type DenseQuadratic, denseQuadratic } from "./quadratic/dense.ts";
export { type SparseQuadratic, sparseQuadratic } from "./quadratic/sparse.ts";
export type {
  BallMinimum,
  BallOptions,
  Descent,
  Intervals,
  Mask,
  Moves,
  Part,
  Quantities,
  Sites,
  Space,
} from "./space.ts";
export { labeled } from "./spaces/labeled.ts";
export { type LabelSpace, labels } from "./spaces/labels.ts";
export { type RealSpace, reals } from "./spaces/reals.ts";
export { type SiteSpace, type SiteValues, siteSpace } from "./spaces/sites.ts";
export { type SpinSpace, spins } from "./spaces/spins.ts";
export type { Certificate } from "./tasks/certificate.ts";
export { type Completion, complete, type DrawingKernel } from "./tasks/complete.ts";
export { correct } from "./tasks/correct.ts";
export { type Detector, type DetectorOptions, detector } from "./tasks/detect.ts";
export {
  type OutlierFigures,
  type OutlierMetrics,
  outlierMetrics,
} from "./tasks/outlier-metrics.ts";
export { type Prediction, predict } from "./tasks/predict.ts";
export { type Ranking, rank, ranking } from "./tasks/rank.ts";
export { type CanRecall, type Recall, recall, recallAll } from "./tasks/recall.ts";
