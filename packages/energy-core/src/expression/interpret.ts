import { elementwise } from "./elementwise.ts";
import { kernelOf } from "./kernels.ts";
import { lower, type Output, type Program } from "./lower.ts";
import { type Node, reachable } from "./node.ts";

/**
 * Returns a program that runs one operation after the other: the fallback where WebAssembly is missing, and the
 * reference for its bits.
 *
 * @param dimension coordinates of a state.
 * @param length numbers of all results together.
 */
export function interpret(outputs: readonly Output[], dimension: number, length: number): Program {
  const simple = lower(outputs, (op) => elementwise[op].evaluate === undefined);
  const state = new Float64Array(dimension);
  const results = new Float64Array(length);
  const places = new Map<number, Float64Array>();
  const place = ({ id }: Node) => places.get(id)!;
  const steps: (() => void)[] = [];
  for (const node of reachable(simple.map((output) => output.node))) {
    const { op, size, attribute, values } = node;
    const isState = op === "state";
    places.set(
      node.id,
      values ?? (isState ? state.subarray(attribute, attribute + size) : new Float64Array(size)),
    );
    if (!isState && op !== "data") steps.push(kernelOf(node, place));
  }
  for (const output of simple) steps.push(writer(output, place(output.node), results));
  return {
    kernel: "typescript",
    state,
    results,
    run() {
      for (let k = 0; k < steps.length; k++) steps[k]();
    },
  };
}

/** Returns what copies a node's numbers to its place in the results. */
export function writer({ offset, length }: Output, from: Float64Array, results: Float64Array): () => void {
  const target = results.subarray(offset, offset + length);
  return from.length === 1 ? () => void target.fill(from[0]) : () => target.set(from);
}
