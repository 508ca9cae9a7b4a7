/** What each operation does with numbers in arrays: the interpreter's kernels, and the reference for machine code. */
import { elementwise, isElementwise } from "./elementwise.ts";
import * as linear from "./linear.ts";
import type { ElementwiseName, Node, Place, StructuralName } from "./node.ts";
import { packed } from "./panels.ts";
import { scanKernel } from "./scan-kernel.ts";

type Make = (node: Node, out: Float64Array, place: Place) => () => void;

/** Returns what computes a node from the arrays of its inputs. Makes nothing when it runs. */
export function kernelOf(node: Node, place: Place): () => void {
  if (isElementwise(node.op)) return elementwiseKernel(node.op, node, place);
  return structural[node.op](node, place(node), place);
}

/** Returns the numbers of a node whose inputs are constants. */
export function runNode(node: Node): Float64Array {
  const out = new Float64Array(node.size);
  kernelOf(node, (other) => other.values ?? out)();
  return out;
}

function elementwiseKernel(op: ElementwiseName, node: Node, place: Place): () => void {
  const { evaluate } = elementwise[op];
  if (evaluate === undefined) throw new Error(`${op} has to be expanded first`);
  const out = place(node);
  const [a, b = a, c = a] = node.inputs.map(place);
  const step = (input: Node | undefined) => (input === undefined || input.shape.length === 0 ? 0 : 1);
  const [p, q, r] = [step(node.inputs[0]), step(node.inputs[1]), step(node.inputs[2])];
  if (out.length === 1)
    return () => {
      out[0] = evaluate(a[0], b[0], c[0]);
    };
  return () => {
    for (let i = 0; i < out.length; i++) out[i] = evaluate(a[p * i], b[q * i], c[r * i]);
  };
}

/** Σ over even and over odd places by themselves, then both, then the odd one out: the order of two lanes. */
function sumInto(out: Float64Array, a: Float64Array): void {
  const pairs = a.length & ~1;
  let [even, odd] = [0, 0];
  for (let i = 0; i < pairs; i += 2) {
    even += a[i];
    odd += a[i + 1];
  }
  out[0] = pairs < a.length ? even + odd + a[pairs] : even + odd;
}

const nothing = () => {};

const structural: Record<StructuralName, Make> = {
  state: () => nothing,
  data: () => nothing,
  argument: () => nothing,
  scan: (node, out, place) => scanKernel(node, out, place, kernelOf),
  sum: (node, out, place) => {
    const a = place(node.inputs[0]);
    return () => sumInto(out, a);
  },
  maximum: (node, out, place) => {
    const a = place(node.inputs[0]);
    return () => {
      let most = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < a.length; i++) most = Math.max(most, a[i]);
      out[0] = most;
    };
  },
  fill: (node, out, place) => {
    const a = place(node.inputs[0]);
    return () => {
      out.fill(a[0]);
    };
  },
  element: (node, out, place) => {
    const a = place(node.inputs[0]);
    return () => {
      out[0] = a[node.attribute];
    };
  },
  assemble: ({ inputs, indices }, out, place) => {
    const parts = inputs.map(place);
    return () => {
      out.fill(0);
      for (let k = 0; k < parts.length; k++) out[indices![k]] += parts[k][0];
    };
  },
  part: ({ inputs: [a], attribute, size }, out, place) => {
    const from = place(a).subarray(attribute, attribute + size);
    return () => out.set(from);
  },
  pad: ({ inputs: [a], attribute }, out, place) => {
    const from = place(a);
    return () => {
      out.fill(0);
      out.set(from, attribute);
    };
  },
  gather: ({ inputs, indices }, out, place) => {
    const a = place(inputs[0]);
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = a[indices![i]];
    };
  },
  scatter: ({ inputs, indices }, out, place) => {
    const a = place(inputs[0]);
    return () => {
      out.fill(0);
      for (let i = 0; i < a.length; i++) out[indices![i]] += a[i];
    };
  },
  cumulativeSum: ({ inputs, attribute }, out, place) => {
    const a = place(inputs[0]);
    return () => {
      let sum = 0;
      if (attribute === 0) for (let i = 0; i < a.length; i++) out[i] = sum += a[i];
      else for (let i = a.length - 1; i >= 0; i--) out[i] = sum += a[i];
    };
  },
  matrixVector: ({ inputs: [m, v], attribute }, out, place) => {
    const [rows, columns] = m.shape;
    const x = place(v);
    const transposed = attribute === 1;
    if (m.values) return linear.panelProduct(packed(m.values, rows, columns), x, out, columns, transposed);
    return linear.matrixVector(place(m), x, out, columns, transposed);
  },
  outer: ({ inputs: [u, v] }, out, place) => linear.outer(place(u), place(v), out),
  matrixProduct: ({ inputs: [a, b] }, out, place) =>
    linear.matrixProduct(place(a), place(b), out, a.shape[1], b.shape[1]),
  transpose: ({ inputs: [a] }, out, place) => linear.transpose(place(a), out, a.shape[1]),
  reshape: (node, out, place) => {
    const a = place(node.inputs[0]);
    return () => out.set(a);
  },
  cholesky: ({ inputs: [a] }, out, place) => linear.choleskyFactor(place(a), out, a.shape[0]),
  triangularSolve: ({ inputs: [l, b], attribute }, out, place) =>
    linear.triangularSolve(place(l), place(b), out, l.shape[0], attribute === 1),
};
