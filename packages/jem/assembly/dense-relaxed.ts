/** The same with fused multiply and add (the entry's name switches relaxed SIMD on), for the engines that have it. */
export { gemm, pack } from "./lib/gemm";
export { activate, adam, columnSums, langevin, multiply } from "./lib/elements";
