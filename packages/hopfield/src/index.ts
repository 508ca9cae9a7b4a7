export {
  type HopfieldMemory,
  type HopfieldOptions,
  hopfield,
  NORMALIZATIONS,
  type Normalization,
} from "./classical/memory.ts";
export {
  binarize,
  type CorruptOptions,
  corrupt,
  type RandomPatternsOptions,
  randomPatterns,
} from "./patterns.ts";
export {
  DYNAMICS,
  type Dynamics,
  ORDERS,
  type Order,
  type Recall,
  type RecallOptions,
  recall,
} from "./recall.ts";
export { hebbian } from "./rules/hebbian.ts";
export { RULES, type RuleName } from "./rules/index.ts";
export { type PseudoInverseOptions, pseudoInverse } from "./rules/pseudo-inverse.ts";
export type { Learned, LearningRule } from "./rules/rule.ts";
export { storkey } from "./rules/storkey.ts";
