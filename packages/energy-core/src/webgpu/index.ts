export { DeviceError } from "./board.ts";
export { type FoundGpu, gpuDevice } from "./device.ts";
export type { GpuDevice, GpuEntry } from "./types.ts";
