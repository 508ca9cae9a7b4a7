export {
  type Census,
  census,
  type PatternMemory,
} from "./census.ts";
export {
  type HopfieldMemory,
  type HopfieldOptions,
  hopfield,
  type Normalization,
  normalizationNames,
} from "./classical/memory.ts";
export type { Settled, SettlingMemory } from "./classical/recalls.ts";
export {
  type BoundInteraction,
  exponentialInteraction,
  type Interaction,
  polynomialInteraction,
} from "./dense/interaction.ts";
export { type DenseMemory, denseMemory } from "./dense/memory.ts";
export { type Dynamics, dynamicsNames, type Order, orderNames } from "./dynamics.ts";
export {
  type Association,
  couplingNames,
  type HeteroMemory,
  heteroMemory,
} from "./hetero/memory.ts";
export { type Identity, identify, type StateKind } from "./identify.ts";
export { type Basins, basins, type RecallingMemory } from "./measure/basin.ts";
export { bitError } from "./measure/bit-error.ts";
export {
  breakdownLoad,
  type CapacityCurve,
  type CapacityPoint,
  capacity,
} from "./measure/capacity.ts";
export { patternLandscape } from "./measure/landscape.ts";
export type { MeasureOptions } from "./measure/measure.ts";
export {
  densePatterns,
  hebbianBasin,
  hebbianBitError,
  hebbianCapacity,
  hebbianOverlap,
  hebbianRecallOverlap,
} from "./measure/theory.ts";
export {
  type ModernMemory,
  type ModernMemoryOptions,
  type ModernRecall,
  type Retrieval,
  type Similarity,
  similarityNames,
} from "./modern/contract.ts";
export { type Separation, separationNames } from "./modern/energy.ts";
export { modernMemory } from "./modern/memory.ts";
export { type MemoryName, type MemorySource, memoryOf } from "./named.ts";
export { binarize, corrupt, middleOf, randomPatterns } from "./patterns.ts";

export { weightsPicture } from "./picture.ts";
export { type Settling, settle } from "./recall.ts";
export { covariance } from "./rules/covariance.ts";
export { diederichOpper } from "./rules/diederich-opper.ts";
export { hebbian } from "./rules/hebbian.ts";
export { type RuleName, ruleNames } from "./rules/index.ts";
export { perceptron } from "./rules/perceptron.ts";
export { pseudoInverse } from "./rules/pseudo-inverse.ts";
export type { Learned, LearningRule } from "./rules/rule.ts";
export { storkey } from "./rules/storkey.ts";
export { unlearning } from "./rules/unlearning.ts";
export {
  type SparseMemory,
  type SparseRecall,
  sparseMemory,
} from "./sparse/memory.ts";
