/** The same with fused multiply and add (the entry's name switches relaxed SIMD on), for the engines that have it. */
export { firstAbove, products } from "./lib/products";
