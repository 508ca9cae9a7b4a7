export type { DeviceMoves, GpuWalkers } from "./engine.ts";
export { gpu } from "./gpu.ts";
export { type GpuPottsWalkers, gpuPotts } from "./gpu-potts.ts";
