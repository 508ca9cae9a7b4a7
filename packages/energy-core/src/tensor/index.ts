export { installFastWasmKernels, uninstallFastWasmKernels } from "./fast-kernels.ts";
export { normalTensor, uniformTensor } from "./fill.ts";
export { applyModel } from "./layers.ts";
export { exp, logSumExp, sigmoid, silu, tanh } from "./smooth.ts";
export {
  checkBatch,
  type EnergiesAndGradients,
  inputGradients,
  type TensorEnergy,
  tensorEnergy,
} from "./tensor-energy.ts";
export { type UseWasmOptions, useWasm } from "./wasm-backend.ts";
