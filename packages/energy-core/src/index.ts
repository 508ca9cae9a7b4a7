export { differentiable, numericGradient, plainEnergy } from "./adapt.ts";
export { type CursorReport, checkCursor } from "./check-cursor.ts";
export { checkGradient, type GradientReport } from "./check-gradient.ts";
export { scale, shift } from "./combine/affine.ts";
export { type Clamped, clamp } from "./combine/clamp.ts";
export { type Marginal, marginalize } from "./combine/marginalize.ts";
export { type MixtureInfo, mixture } from "./combine/mixture.ts";
export type { Combined, Known } from "./combine/pointwise.ts";
export { restrict } from "./combine/restrict.ts";
export type { LinearRule } from "./combine/rule.ts";
export { sum } from "./combine/sum.ts";
export { logDensity } from "./density.ts";
export {
  type Batch,
  type Can,
  type Capabilities,
  type Cursor,
  type DifferentiableEnergy,
  type Energy,
  type Gradient,
  type JointEnergy,
  type Labeled,
  type Labels,
  type Lacking,
  type LearnableEnergy,
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
  checkNumber,
  DimensionError,
  EnergyValueError,
  type NumberRange,
} from "./errors.ts";
export { type Elimination, eliminate } from "./exact/eliminate.ts";
export { type Enumeration, enumerate } from "./exact/enumerate.ts";
export { type ExactLikelihood, exactLikelihood } from "./exact/likelihood.ts";
export { type Quadrature, quadrature } from "./exact/quadrature.ts";
export { freeEnergy, logSumExp, softmin } from "./gibbs.ts";
export { type Landscape, type LandscapePlane, landscape, landscapePlane } from "./landscape.ts";
export { type LossName, type LossValue, loss } from "./losses.ts";
export {
  type Matrix,
  type MatrixLike,
  matrix,
  type NdArrayLike,
  row,
  toMatrix,
  type VectorLike,
} from "./matrix.ts";
export { type Attractors, attractors } from "./minimize/attractors.ts";
export { descend } from "./minimize/descend.ts";
export { type MoveSpace, plainCursor } from "./minimize/moves.ts";
export { type Couplings, couplings, type Edge } from "./quadratic/couplings.ts";
export { type DenseQuadratic, denseQuadratic } from "./quadratic/dense.ts";
export { type SparseQuadratic, sparseQuadratic } from "./quadratic/sparse.ts";
export type { Descent, Mask, Moves, Part, Space } from "./space.ts";
export { labeled } from "./spaces/labeled.ts";
export { labels } from "./spaces/labels.ts";
export { type RealSpace, reals } from "./spaces/reals.ts";
export type { SiteSpace } from "./spaces/sites.ts";
export { spins } from "./spaces/spins.ts";
export type { Certificate } from "./tasks/certificate.ts";
export { type Completion, complete } from "./tasks/complete.ts";
export { correct } from "./tasks/correct.ts";
export { type Detector, type DetectorOptions, detector } from "./tasks/detect.ts";
export { type OutlierMetrics, outlierMetrics } from "./tasks/outlier-metrics.ts";
export { type Prediction, predict } from "./tasks/predict.ts";
export { type Ranking, rank, ranking } from "./tasks/rank.ts";
export { type Recall, recall, recallAll } from "./tasks/recall.ts";
