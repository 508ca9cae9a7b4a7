import { DimensionError } from "../errors.ts";
import type { Node } from "./node.ts";
import type { Trace } from "./trace.ts";
import type { Operand, Value } from "./value.ts";

/** Makes a node a value that a formula sees. */
export type Wrap = (node: Node) => Value;

/** Returns the node of an operand that has to be a vector. */
export function vectorOf(trace: Trace, operation: string, x: Operand): Node {
  const node = trace.node(x, operation);
  if (node.shape.length === 1) return node;
  throw new DimensionError(`${operation} of ${trace.call(node)}, expected a vector`);
}

/** Returns the node of an operand that has to be a matrix. */
export function matrixOf(trace: Trace, operation: string, x: Operand, square = false): Node {
  const node = trace.node(x, operation);
  if (node.shape.length === 2 && (!square || node.shape[0] === node.shape[1])) return node;
  throw new DimensionError(
    `${operation} of ${trace.call(node)}, expected a ${square ? "square " : ""}matrix`,
  );
}
