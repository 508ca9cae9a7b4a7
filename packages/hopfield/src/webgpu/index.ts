export { type GpuHopfield, gpuHopfield } from "./gpu-hopfield.ts";
export { type GpuModern, gpuModern } from "./gpu-modern.ts";
export type { GpuSettling } from "./verify.ts";
