/** Products of queries with known rows, for every engine with SIMD. */
export { firstAbove, products } from "./lib/products";
