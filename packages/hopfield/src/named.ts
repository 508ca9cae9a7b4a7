import { ArgumentError, type MatrixLike } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { type HopfieldMemory, type HopfieldOptions, hopfield } from "./classical/memory.ts";
import { exponentialInteraction, type Interaction, polynomialInteraction } from "./dense/interaction.ts";
import { type DenseMemory, denseMemory, restoreInteraction } from "./dense/memory.ts";
import { type RuleName, restoreRule, ruleNames } from "./rules/index.ts";
import type { LearningRule } from "./rules/rule.ts";

/** Name of a memory on spins with default options: that of a learning rule or of a dense interaction. */
export type MemoryName = RuleName | "exponential" | `polynomial:${number}`;

/** What says how patterns become a memory on spins. */
export type MemorySource = MemoryName | LearningRule | Interaction;

/** Options of {@link memoryOf}. */
export interface NamedMemoryOptions
  extends Pick<HopfieldOptions, "normalization" | "thresholds" | "kernel"> {}

/**
 * Returns the memory of `patterns` that a learning rule ({@link hopfield}) or a dense interaction ({@link denseMemory})
 * makes, by its name or itself: "hebbian", …, "exponential", "polynomial:3". Dense memories have neither normalization
 * nor a choice of kernel.
 *
 * @throws {ArgumentError} for an unknown name, listing the known ones, and what `hopfield` and `denseMemory` throw.
 *
 * @example
 * ```ts
 * import { memoryOf } from "@basin/hopfield";
 *
 * for (const name of ["storkey", "polynomial:3"] as const) {
 *   console.log(memoryOf([[1, -1, 1, -1]], name).recall([1, -1, 1, 1]).state); // 1, −1, 1, −1
 * }
 * ```
 */
export function memoryOf(
  patterns: MatrixLike,
  source: MemorySource,
  options: NamedMemoryOptions = {},
): HopfieldMemory | DenseMemory {
  checkOptions("memoryOf", options, "normalization thresholds kernel");
  const resolved = resolveSource(source);
  const { thresholds } = options;
  return "bind" in resolved
    ? denseMemory(patterns, { interaction: resolved, thresholds })
    : hopfield(patterns, { ...options, rule: resolved });
}

/** Returns the rule or interaction of a name, or the thing itself. */
export function resolveSource(source: MemorySource): LearningRule | Interaction {
  if (typeof source !== "string") return source;
  const rule = ruleNames.find((name) => name === source);
  if (rule) return restoreRule(rule, undefined);
  if (source === "exponential") return exponentialInteraction();
  const order = /^polynomial:(\d+)$/.exec(source);
  if (order) return polynomialInteraction(Number(order[1]));
  throw new ArgumentError(
    `unknown rule "${source}"; known: ${ruleNames.join(", ")}, polynomial:ORDER, exponential`,
  );
}

/** Returns the name under which a measurement reports a source. */
export function sourceName(source: MemorySource): string {
  return typeof source === "string" ? source : source.name;
}

/** What a source is made of again in another thread. */
export type PlainSource =
  | { readonly rule: RuleName; readonly options: LearningRule["options"] }
  | { readonly parameter: NonNullable<Interaction["parameter"]> };

/**
 * Returns what a source is made of.
 *
 * @throws {ArgumentError} for a rule or interaction of the caller's own, which cannot be cloned.
 */
export function plainSource(source: LearningRule | Interaction): PlainSource {
  if ("bind" in source) {
    if (source.parameter) return { parameter: source.parameter };
  } else {
    const rule = ruleNames.find((name) => name === source.name);
    if (rule && source.options) return { rule, options: source.options };
  }
  throw new ArgumentError(
    `"${source.name}" cannot be sent to a thread or distinguished from another of its name, because it is not from this package; use workers 1 and no checkpoint`,
  );
}

/** Returns the source again. */
export function restoreSource(plain: PlainSource): LearningRule | Interaction {
  return "rule" in plain ? restoreRule(plain.rule, plain.options) : restoreInteraction(plain.parameter);
}
