export { type GpuOptions, gpu } from "./gpu.ts";
export type { GpuMoves, GpuWalkers } from "./lattice-walkers.ts";
