export {
  type Arc,
  type ArcsOptions,
  arcs,
  type RingsOptions,
  rings,
  type TwoMoonsOptions,
  twoMoons,
} from "./arcs.ts";
export {
  type Grid,
  gridDivergence,
  gridEnergies,
  gridLogPartition,
  gridSamples,
  squareGrid,
  toyEnergies,
} from "./grid.ts";
export { type GaussianRingOptions, gaussianRing } from "./mixture.ts";
export { drawToy, type Toy, type ToyData } from "./toy.ts";
