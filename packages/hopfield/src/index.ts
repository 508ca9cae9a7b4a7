export {
  type Attractor,
  type Census,
  type CensusOptions,
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
export type { Recalls } from "./classical/recalls.ts";
export {
  type BoundInteraction,
  exponential,
  type Interaction,
  polynomial,
} from "./dense/interaction.ts";
export { type DenseMemory, type DenseMemoryOptions, denseMemory } from "./dense/memory.ts";
export { type Dynamics, dynamicsNames, type Order, orderNames } from "./dynamics.ts";
export {
  type AssociateOptions,
  type Association,
  type Couplings,
  couplingNames,
  type HeteroMemory,
  type HeteroMemoryOptions,
  heteroMemory,
} from "./hetero/memory.ts";
export { type IdentifyOptions, type Identity, identify, type StateKind } from "./identify.ts";
export { type BasinOptions, type Basins, basins, type RecallingMemory } from "./measure/basin.ts";
export { type BitErrorOptions, bitError } from "./measure/bit-error.ts";
export {
  breakdownLoad,
  type CapacityCurve,
  type CapacityOptions,
  type CapacityPoint,
  capacity,
} from "./measure/capacity.ts";
export { type Landscape, type LandscapeOptions, landscape } from "./measure/landscape.ts";
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
  type ModernRecallOptions,
  type Retrieval,
  type RetrieveOptions,
  type Similarity,
  similarityNames,
} from "./modern/contract.ts";
export { type Separation, separationNames } from "./modern/energy.ts";
export { modernMemory } from "./modern/memory.ts";
export { type MemoryName, type MemorySource, memoryOf, type NamedMemoryOptions } from "./named.ts";
export {
  binarize,
  type CorruptOptions,
  corrupt,
  type RandomPatternsOptions,
  randomPatterns,
} from "./patterns.ts";
export { weightsPicture } from "./picture.ts";
export { type Recall, type RecallOptions, recall } from "./recall.ts";
export { type CovarianceOptions, covariance } from "./rules/covariance.ts";
export { type DiederichOpperOptions, diederichOpper } from "./rules/diederich-opper.ts";
export { hebbian } from "./rules/hebbian.ts";
export { type RuleName, ruleNames } from "./rules/index.ts";
export { type PerceptronOptions, perceptron } from "./rules/perceptron.ts";
export { type PseudoInverseOptions, pseudoInverse } from "./rules/pseudo-inverse.ts";
export type { Learned, LearningRule } from "./rules/rule.ts";
export { storkey } from "./rules/storkey.ts";
export { type UnlearningOptions, unlearning } from "./rules/unlearning.ts";
export {
  type SparseMemory,
  type SparseMemoryOptions,
  type SparseRecall,
  sparseMemory,
} from "./sparse/memory.ts";
