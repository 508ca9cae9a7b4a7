import { ArgumentError, DimensionError } from "../errors.ts";
import type { Graph } from "./graph.ts";
import type { Node } from "./node.ts";
import { matrixOf, vectorOf, type Wrap } from "./operands.ts";
import type { Trace } from "./trace.ts";
import type { Operand } from "./value.ts";

/** Returns the operations that pick entries and put them in places. */
export function places(trace: Trace, out: Wrap) {
  const { graph } = trace;
  const range = (start: number, end: number) => Int32Array.from({ length: end - start }, (_, k) => start + k);
  return {
    at(x: Operand, i: number, j?: number) {
      const node = trace.node(x, "at");
      const [rows, columns = 1] = node.shape;
      if (node.shape.length !== (j === undefined ? 1 : 2))
        throw new DimensionError(`at(${i}${j === undefined ? "" : `, ${j}`}) of ${trace.call(node)}`);
      return out(entry(graph, node, place("at", i, rows) * columns + place("at", j ?? 0, columns)));
    },
    row(x: Operand, i: number) {
      const node = matrixOf(trace, "row", x);
      const [rows, columns] = node.shape;
      const start = place("row", i, rows) * columns;
      return out(graph.make("gather", [node], [columns], { indices: range(start, start + columns) }));
    },
    slice(x: Operand, start: number, end?: number) {
      const node = vectorOf(trace, "slice", x);
      const last = end === undefined ? node.size : end < 0 ? node.size + end : end;
      const first = place("slice", start, node.size);
      if (!(Number.isInteger(last) && last > first && last <= node.size))
        throw new ArgumentError(`slice from ${start} to ${end} of ${trace.call(node)} has no entries`);
      return out(graph.make("gather", [node], [last - first], { indices: range(first, last) }));
    },
    gather(x: Operand, indices: ArrayLike<number>) {
      const node = vectorOf(trace, "gather", x);
      const list = Int32Array.from(indices, (i) => place("gather", i, node.size));
      return out(graph.make("gather", [node], [list.length], { indices: list }));
    },
    scatter(x: Operand, indices: ArrayLike<number>, length: number) {
      const node = vectorOf(trace, "scatter", x);
      const list = Int32Array.from(indices, (i) => place("scatter", i, length));
      if (list.length !== node.size)
        throw new DimensionError(`scatter of ${trace.call(node)} to ${list.length} places`);
      return out(graph.make("scatter", [node], [length], { indices: list }));
    },
    stack: (values: readonly Operand[]) => out(stacked(trace, values)),
  };
}

/** Returns the vector of numbers and vectors, one after another. */
function stacked(trace: Trace, values: readonly Operand[]): Node {
  const { graph } = trace;
  const nodes = values.map((value) => trace.node(value, "stack"));
  const bad = nodes.find(({ shape }) => shape.length > 1);
  if (bad || nodes.length === 0)
    throw new DimensionError(`stack of ${bad ? trace.call(bad) : "nothing"}, expected numbers and vectors`);
  let length = 0;
  const at = nodes.map(({ size }) => {
    length += size;
    return length - size;
  });
  const vectors = nodes.flatMap((node, k) =>
    node.shape.length === 0 ? [] : [graph.make("pad", [node], [length], { attribute: at[k] })],
  );
  const indices = at.filter((_, k) => nodes[k].shape.length === 0);
  const numbers = nodes.filter(({ shape }) => shape.length === 0);
  const assembled =
    numbers.length > 0
      ? [graph.make("assemble", numbers, [length], { indices: Int32Array.from(indices) })]
      : [];
  return [...assembled, ...vectors].reduce((sum, vector) => graph.add(sum, vector));
}

/** Returns an entry of an array, where it was put together the number that was put there. */
function entry(graph: Graph, node: Node, attribute: number): Node {
  if (node.op === "assemble") {
    const k = node.indices!.indexOf(attribute);
    if (k >= 0 && node.indices!.indexOf(attribute, k + 1) < 0) return node.inputs[k];
  }
  return graph.make("element", [node], [], { attribute });
}

/** Returns a place in `length` entries; below 0 it counts from the end. */
function place(operation: string, i: number, length: number): number {
  const found = i < 0 ? length + i : i;
  if (Number.isInteger(found) && found >= 0 && found < length) return found;
  throw new ArgumentError(`${operation} was given the place ${i}; there are ${length}`);
}
