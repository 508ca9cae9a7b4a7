import type { KernelName } from "../wasm/choose.ts";
import { elementwise } from "./elementwise.ts";
import { kernelOf } from "./kernels.ts";
import { lower, type Output, type Program } from "./lower.ts";
import type { Node } from "./node.ts";

/** Whether the interpreter has no value of `op`, but only of what it is written in. */
export const isWritten: Parameters<typeof lower>[1] = (op) => elementwise[op].evaluate === undefined;

/**
 * Returns a program that runs one operation after the other: the fallback where WebAssembly is missing, and the
 * reference for its bits.
 *
 * @param dimension coordinates of a state.
 * @param length numbers of all results together.
 */
export function interpret(outputs: readonly Output[], dimension: number, length: number): Program {
  const simple = lower(outputs, isWritten);
  const state = new Float64Array(dimension);
  const results = new Float64Array(length);
  const { places, steps } = laidOut(simple.nodes, state);
  for (const output of simple.outputs) steps.push(writer(output, places.get(output.node.id)!, results));
  return {
    kernel: "typescript" satisfies KernelName,
    state,
    results,
    run() {
      for (let k = 0; k < steps.length; k++) steps[k]();
    },
  };
}

/** Returns arrays for the numbers of `nodes` (inputs first), by node, and what computes them one after the other. */
export function laidOut(nodes: readonly Node[], state: Float64Array) {
  const places = new Map<number, Float64Array>();
  const steps: (() => void)[] = [];
  const place = ({ id }: Node) => places.get(id)!;
  for (const node of nodes) {
    const { op, size, attribute, values } = node;
    const isState = op === "state";
    places.set(
      node.id,
      values ?? (isState ? state.subarray(attribute, attribute + size) : new Float64Array(size)),
    );
    if (!isState && op !== "data") steps.push(kernelOf(node, place));
  }
  return { places, steps };
}

/** Returns what copies a node's numbers to its place in the results. */
function writer({ offset, length }: Output, from: Float64Array, results: Float64Array): () => void {
  const target = results.subarray(offset, offset + length);
  return from.length === 1 ? () => void target.fill(from[0]) : () => target.set(from);
}
