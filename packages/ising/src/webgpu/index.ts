export type { GpuMoves, GpuWalkers } from "./engine.ts";
export { type GpuOptions, gpu } from "./gpu.ts";
