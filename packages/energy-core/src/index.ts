export {
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isJoint,
  isLearnable,
  isSpinEnergy,
  type JointEnergy,
  type JointSpace,
  type Labelled,
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
export { freeEnergy, type LogSumExp, logSumExp, softmin, streamingLogSumExp } from "./gibbs.ts";
export { type Matrix, type MatrixLike, matrix, type NdArrayLike, row, toMatrix } from "./ndarray.ts";
export { type Couplings, couplings, type Edge } from "./quadratic/couplings.ts";
export { type DenseQuadratic, denseQuadratic } from "./quadratic/dense.ts";
export { type SparseQuadratic, sparseQuadratic } from "./quadratic/sparse.ts";
export { checkSpins } from "./spins.ts";
