import { checkName } from "@basin/energy-core/internal";
import { covariance } from "./covariance.ts";
import { diederichOpper } from "./diederich-opper.ts";
import { hebbian } from "./hebbian.ts";
import { perceptron } from "./perceptron.ts";
import { pseudoInverse } from "./pseudo-inverse.ts";
import type { LearningRule } from "./rule.ts";
import { storkey } from "./storkey.ts";
import { type UnlearningOptions, unlearning } from "./unlearning.ts";

const FACTORIES = {
  hebbian,
  "pseudo-inverse": pseudoInverse,
  storkey,
  perceptron,
  "diederich-opper": diederichOpper,
  // A name says everything about a rule, so its dreams have one seed.
  unlearning: (options: UnlearningOptions = { seed: 0 }) => unlearning(options),
  covariance,
} as const;

/** Names of the learning rules, for their default options. */
export type RuleName = keyof typeof FACTORIES;
export const ruleNames = Object.keys(FACTORIES) as readonly RuleName[];

/** Returns a rule made again from its name and options. */
export function restoreRule(name: RuleName, options: LearningRule["options"]): LearningRule {
  return (FACTORIES[name] as (options?: LearningRule["options"]) => LearningRule)(options);
}

/**
 * Returns the rule of that name with its default options, or the rule itself.
 *
 * @throws {ArgumentError} for an unknown name, listing the known ones.
 */
export function resolveRule(rule: RuleName | LearningRule): LearningRule {
  return typeof rule === "string" ? FACTORIES[checkName("rule", rule, ruleNames)]() : rule;
}
