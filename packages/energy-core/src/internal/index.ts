/**
 * Plumbing that Basin's packages share: the twins of the lanes that their kernels are made of, the layout of kernel memory, and what tells
 * real vectors from other states. It is not for users: names here change or go in any release.
 */
export { SparseCursor } from "../quadratic/sparse-cursor.ts";
export { seedLanes } from "../random/rng.ts";
export { realDimension } from "../spaces/real-dimension.ts";
export { orderOfShare } from "../tasks/detect.ts";
export { betaQuantile, incompleteBeta, logGamma } from "./beta-quantile.ts";
export { countBelow } from "./count-below.ts";
export { expBelow, log32, minusLog2 } from "./floats.ts";
export { normalQuantile } from "./normal-quantile.ts";
export { oneEach } from "./one-each.ts";
export { layOut, type Regions } from "./regions.ts";
export { seedTape, TAPE_BYTES, TAPE_SPARE, Tape } from "./tape.ts";
export { nextWord } from "./xoshiro.ts";
