export type { EnergiesAndGradients } from "./arrays.ts";
export { installFastWasmKernels, uninstallFastWasmKernels } from "./fast-kernels.ts";
export { normalTensor, uniformTensor } from "./fill.ts";
export { hold } from "./hold.ts";
export { batchEnergies, predictBatch } from "./judge.ts";
export { applyModel } from "./layers.ts";
export { mendBackend } from "./mend-backend.ts";
export { tensorExp, tensorLogSumExp, tensorTanh } from "./smooth.ts";
export { type BatchStates, type CanDrawHeld, completeBatch, correctBatch, recallBatch } from "./tasks.ts";
export {
  type BatchEnergy,
  checkBatch,
  inputGradients,
  type JointTensorEnergy,
  jointTensorEnergy,
  type LearnableTensorEnergy,
  type TensorEnergy,
  type TensorSpace,
  tensorEnergy,
  tensors,
} from "./tensor-energy.ts";
export { useWasm } from "./wasm-backend.ts";
