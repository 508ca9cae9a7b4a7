/**
 * The names that the tables of this package know, without the package: for help texts, forms and completions. A test holds them to the tables.
 *
 * @example
 * ```ts
 * import { hopfieldNames } from "@basin/hopfield/names";
 *
 * console.log(hopfieldNames.rule.includes("hebbian")); // true
 * ```
 */
export const hopfieldNames = {
  rule: ["hebbian", "pseudo-inverse", "storkey", "perceptron", "diederich-opper", "unlearning", "covariance"],
  normalization: ["patterns", "neurons"],
  dynamics: ["asynchronous", "synchronous", "stochastic"],
  ties: ["up", "keep"],
} as const;
