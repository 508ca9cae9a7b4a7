export { arcs, rings, twoMoons } from "./arcs.ts";
export {
  type Grid,
  gridDivergence,
  gridEnergies,
  gridLogPartition,
  gridSamples,
  squareGrid,
  toyEnergies,
} from "./grid.ts";
export { gaussianRing } from "./mixture.ts";
export { drawToy, type Toy } from "./toy.ts";
