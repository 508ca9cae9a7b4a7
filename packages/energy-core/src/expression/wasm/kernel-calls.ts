/** Calls of the kernels of assembly/formulas.ts. */
import { wasm } from "../../wasm/formulas.generated.ts";
import { wasmModule } from "../../wasm/module.ts";
import type { Node, OperationName } from "../node.ts";
import type { FunctionWriter } from "./encode.ts";
import type { Memory } from "./memory.ts";

/** The kernels, by operation: each takes addresses and lengths. */
const calls = {
  maximum: ({ inputs: [a] }, memory, out) => [memory.of(a), out, a.size],
  scatter: ({ inputs: [a], indices, size }, memory, out) => [
    ...[memory.of(a), memory.constant(indices!), out],
    ...[a.size, size],
  ],
  cumulativeSum: ({ inputs: [a], attribute }, memory, out) => [memory.of(a), out, a.size, attribute],
  matrixVector: ({ inputs: [a, x], attribute }, memory, out) => [
    ...[memory.of(a), memory.of(x), out],
    ...[a.shape[0], a.shape[1], attribute],
  ],
  outer: ({ inputs: [u, v] }, memory, out) => [memory.of(u), memory.of(v), out, u.size, v.size],
  matrixProduct: ({ inputs: [a, b] }, memory, out) => [
    ...[memory.of(a), memory.of(b), out],
    ...[a.shape[0], a.shape[1], b.shape[1]],
  ],
  transpose: ({ inputs: [a] }, memory, out) => [memory.of(a), out, a.shape[0], a.shape[1]],
  cholesky: ({ inputs: [a] }, memory, out) => [memory.of(a), out, a.shape[0]],
  triangularSolve: ({ inputs: [l, b], attribute }, memory, out) => [
    ...[memory.of(l), memory.of(b), out],
    ...[l.shape[0], b.size / l.shape[0], attribute],
  ],
} as const satisfies Partial<
  Record<OperationName, (node: Node, memory: Memory, out: number) => readonly number[]>
>;

type KernelName = keyof typeof calls;

/** How many numbers each kernel takes. */
const arities: Readonly<Record<KernelName, number>> = {
  ...{ maximum: 3, scatter: 5, cumulativeSum: 4, matrixVector: 6, outer: 5 },
  ...{ matrixProduct: 6, transpose: 4, cholesky: 3, triangularSolve: 6 },
};

/** The kernels as a module imports them, the first of its functions. */
export const kernelImports = Object.entries(arities);

/** Their module. */
export const kernels = wasmModule<object>(wasm);

/** Whether a kernel computes any of the nodes, or of those in the steps of scans. */
export function callsKernels(nodes: readonly Node[]): boolean {
  return nodes.some(({ op, isElementwise, inputs, body }) => {
    if (isElementwise) return false;
    if (body) return callsKernels(body.nodes);
    return Object.hasOwn(calls, op) && !(op === "matrixVector" && inputs[0].values !== undefined);
  });
}

/** Writes the call that computes a node. */
export function callKernel(f: FunctionWriter, node: Node, memory: Memory): void {
  const name = node.op as KernelName;
  for (const argument of calls[name](node, memory, memory.of(node))) f.i32(argument);
  f.call(kernelImports.findIndex(([known]) => known === name));
}
