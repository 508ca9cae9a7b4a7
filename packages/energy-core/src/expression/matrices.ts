import { checkOptions } from "../check-options.ts";
import { DimensionError } from "../errors.ts";
import { isSymmetric } from "./differentiate.ts";
import type { Node } from "./node.ts";
import { matrixOf, vectorOf, type Wrap } from "./operands.ts";
import type { Trace } from "./trace.ts";
import type { Operand } from "./value.ts";

/** Returns the operations on matrices. */
export function matrices(trace: Trace, out: Wrap) {
  const { graph } = trace;
  const diagonal = (a: Node): Node => {
    const indices = Int32Array.from({ length: a.shape[0] }, (_, i) => i * (a.shape[0] + 1));
    return graph.make("gather", [a], [a.shape[0]], { indices });
  };
  const misfit = (name: string, a: Node, b: Node) =>
    new DimensionError(`${name} of ${trace.call(a)} and ${trace.call(b)}, which do not fit`);
  return {
    matmul(a: Operand, b: Operand) {
      const left = matrixOf(trace, "matmul", a);
      const right = trace.node(b, "matmul");
      if (right.shape[0] !== left.shape[1]) throw misfit("matmul", left, right);
      const isMatrix = right.shape.length === 2;
      if (isMatrix) return out(graph.make("matrixProduct", [left, right], [left.shape[0], right.shape[1]]));
      // Aᵀ x without making Aᵀ.
      if (left.op === "transpose" && left.inputs[0].op !== "data")
        return out(graph.make("matrixVector", [left.inputs[0], right], [left.shape[0]], { attribute: 1 }));
      return out(graph.make("matrixVector", [left, right], [left.shape[0]]));
    },
    transpose(x: Operand) {
      const node = matrixOf(trace, "transpose", x);
      if (isSymmetric(node)) return out(node);
      return out(graph.make("transpose", [node], [node.shape[1], node.shape[0]]));
    },
    outer(a: Operand, b: Operand) {
      const [u, v] = [vectorOf(trace, "outer", a), vectorOf(trace, "outer", b)];
      return out(graph.make("outer", [u, v], [u.size, v.size]));
    },
    cholesky(x: Operand) {
      const node = matrixOf(trace, "cholesky", x, true);
      return out(graph.make("cholesky", [node], node.shape));
    },
    solveTriangular(l: Operand, b: Operand, options: { readonly transposed?: boolean } = {}) {
      checkOptions("solveTriangular", options, "transposed");
      const left = matrixOf(trace, "solveTriangular", l, true);
      const right = trace.node(b, "solveTriangular");
      if (right.shape[0] !== left.shape[0]) throw misfit("solveTriangular", left, right);
      const attribute = options.transposed ? 1 : 0;
      return out(graph.make("triangularSolve", [left, right], right.shape, { attribute }));
    },
    logDeterminant(x: Operand) {
      const node = matrixOf(trace, "logDeterminant", x, true);
      const factor = graph.make("cholesky", [node], node.shape);
      return out(graph.mul(graph.number(2), graph.sum(graph.apply("log", diagonal(factor)))));
    },
    diagonal: (x: Operand) => out(diagonal(matrixOf(trace, "diagonal", x, true))),
  };
}
