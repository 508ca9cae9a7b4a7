export { base64Bytes, base64Text } from "./base64.ts";
export {
  type Chosen,
  chooseKernel,
  compiled,
  type Kernel,
  type KernelName,
  type KernelOption,
  kernelNames,
  kernelOf,
  type Placed,
  placeKernel,
} from "./choose.ts";
export { type WasmInstance, type WasmMemory, type WasmModule, wasmModule } from "./module.ts";
