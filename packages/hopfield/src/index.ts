export { type Census, census } from "./census.ts";
export { type HopfieldMemory, type HopfieldOptions, hopfield } from "./classical/memory.ts";
export { exponentialInteraction, type Interaction, polynomialInteraction } from "./dense/interaction.ts";
export { type DenseMemory, denseMemory } from "./dense/memory.ts";
export { type HeteroMemory, heteroMemory } from "./hetero/memory.ts";
export { type Identity, identify } from "./identify.ts";
export { type Basins, basins } from "./measure/basin.ts";
export { bitError } from "./measure/bit-error.ts";
export { breakdownLoad, type CapacityCurve, type CapacityPoint, capacity } from "./measure/capacity.ts";
export { patternLandscape } from "./measure/landscape.ts";
export {
  densePatterns,
  hebbianBasin,
  hebbianBitError,
  hebbianCapacity,
  hebbianOverlap,
  hebbianRecallOverlap,
} from "./measure/theory.ts";
export type { ModernMemory, ModernMemoryOptions } from "./modern/contract.ts";
export { modernMemory } from "./modern/memory.ts";
export { type MemoryName, memoryOf } from "./named.ts";
export { binarize, corrupt, middleOf, randomPatterns } from "./patterns.ts";

export { weightsPicture } from "./picture.ts";
export { type Settling, settle } from "./recall.ts";
export { covariance } from "./rules/covariance.ts";
export { diederichOpper } from "./rules/diederich-opper.ts";
export { hebbian } from "./rules/hebbian.ts";
export { perceptron } from "./rules/perceptron.ts";
export { pseudoInverse } from "./rules/pseudo-inverse.ts";
export type { LearningRule } from "./rules/rule.ts";
export { storkey } from "./rules/storkey.ts";
export { unlearning } from "./rules/unlearning.ts";
export { type SparseMemory, sparseMemory } from "./sparse/memory.ts";
