/** The arithmetic of dense nets for every engine with SIMD. */
export { gemm, pack } from "./lib/gemm";
export { activate, adam, columnSums, langevin, multiply } from "./lib/elements";
