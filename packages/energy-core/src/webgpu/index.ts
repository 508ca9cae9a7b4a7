export { DeviceError } from "./board.ts";
export { type FoundGpu, type GpuDeviceOptions, gpuDevice } from "./device.ts";
export type { GpuDevice, GpuEntry } from "./types.ts";
