export { categorical, permutation, shuffle } from "./discrete.ts";
export { type BulkRng, bulkRng } from "./fill.ts";
export { exp, log } from "./math.ts";
export { exponential } from "./normal.ts";
export { createRng, type Rng, type RngState, restoreRng } from "./rng.ts";
