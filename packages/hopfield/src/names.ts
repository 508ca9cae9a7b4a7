/**
 * The names in the tables of this package, without the package itself, for help texts, forms and completions. A test
 * compares them with the tables.
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
