export {
  type ClampedTensors,
  clamp,
  marginalize,
  mixture,
  restrict,
  scale,
  shift,
  sum,
} from "./combine.ts";
export {
  type FastKernelOptions,
  installFastWasmKernels,
  mendWasmKernels,
  uninstallFastWasmKernels,
} from "./fast-kernels.ts";
export { normalTensor, uniformTensor } from "./fill.ts";
export { flatEnergy } from "./flat.ts";
export { type BatchDetector, type BatchPrediction, detector, predict, rank } from "./judge.ts";
export { applyModel } from "./layers.ts";
export { exp, logSumExp, sigmoid, silu, tanh } from "./smooth.ts";
export {
  type BatchCompleteOptions,
  type BatchCorrectOptions,
  type BatchDescentOptions,
  type BatchSampler,
  type BatchStates,
  complete,
  correct,
  recall,
} from "./tasks.ts";
export {
  checkBatch,
  type EnergiesAndGradients,
  inputGradients,
  type JointTensorEnergy,
  jointTensorEnergy,
  type LearnableTensorEnergy,
  type TensorEnergy,
  tensorEnergy,
} from "./tensor-energy.ts";
export { type UseWasmOptions, useWasm } from "./wasm-backend.ts";
