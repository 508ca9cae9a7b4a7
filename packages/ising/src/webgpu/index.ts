export { type GpuMoves, type GpuOptions, type GpuWalkers, gpu } from "./gpu-walkers.ts";
