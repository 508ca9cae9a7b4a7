import {
  type Densities,
  expression,
  type Operations,
  type StateParts,
  type Value,
} from "@basin/energy-core/expression";
import type { ExpressionOptions } from "../../src/expression/expression.ts";

export type Formula = (values: Readonly<Record<string, Value>>, operations: Operations & Densities) => Value;

/** Returns a function that makes an expression, for tests of what is refused. */
export const attempt = (parts: StateParts, formula: Formula, options?: ExpressionOptions) => () =>
  expression(parts, formula, options);
