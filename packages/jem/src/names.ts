/**
 * The names in the tables of this package, without the package itself, for help texts, forms and completions. A test
 * compares them with the tables.
 *
 * @example
 * ```ts
 * import { jemNames } from "@basin/jem/names";
 *
 * console.log(jemNames.score.includes("energy")); // true
 * ```
 */
export const jemNames = {
  head: ["logits", "logits+scalar", "centered+scalar"],
  score: ["energy", "max-softmax", "max-logit", "approximate-mass"],
  experiment: ["q1", "q2", "density"],
} as const;
