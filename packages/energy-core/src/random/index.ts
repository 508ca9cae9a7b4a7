export { categorical, permutation, shuffle } from "./discrete.ts";
export { type BulkRng, bulkRng } from "./fill.ts";
export { exp, log } from "./math.ts";
export { exponential, standardNormal, type UniformSource } from "./normal.ts";
export { philox4x32, type Words4 } from "./philox.ts";
export { createRng, type Rng, type RngState, restoreRng } from "./rng.ts";
