import { ArgumentError, DimensionError } from "../errors.ts";
import { describe, type Node, type Shape, sameShape } from "./node.ts";
import type { Wrap } from "./operands.ts";
import { carriesOf, makeScan } from "./scan.ts";
import type { Trace } from "./trace.ts";
import type { Operand, Value } from "./value.ts";

/**
 * Returns the carry after each step of a loop through sequences: of a number, a vector with an entry for each step; of
 * a vector, a matrix with a row for each. `step(carry, entries)` is given the carry before a step and one entry of each
 * sequence (a number of a vector, a row of a matrix), and returns the carry after the step. A carry is a value, or
 * several in an array or by name. The step is traced once and runs as a loop, so the code does not grow with the length
 * of the sequences.
 */
export interface Scan {
  (step: (carry: Value, entries: Value[]) => Operand, first: Operand, sequences: readonly Operand[]): Value;
  <K extends string>(
    step: (carry: Readonly<Record<K, Value>>, entries: Value[]) => Readonly<Record<K, Operand>>,
    first: Readonly<Record<K, Operand>>,
    sequences: readonly Operand[],
  ): Readonly<Record<K, Value>>;
  (
    step: (carry: readonly Value[], entries: Value[]) => readonly Operand[],
    first: readonly Operand[],
    sequences: readonly Operand[],
  ): readonly Value[];
}

type Carry = Operand | readonly Operand[] | Readonly<Record<string, Operand>>;

/** Returns the operation that goes through sequences. */
export function scans(trace: Trace, out: Wrap): { readonly scan: Scan } {
  const { graph } = trace;
  const scan = (
    step: (carry: never, entries: Value[]) => Carry,
    first: Carry,
    sequences: readonly Operand[],
  ) => {
    const rows = sequences.map((sequence) => sequenceOf(trace, sequence));
    const steps = rows[0]?.node.shape[0] ?? 0;
    const other = rows.find(({ node }) => node.shape[0] !== steps);
    if (other || steps === 0)
      throw new DimensionError(
        `scan over ${other ? `${trace.call(rows[0].node)} and ${trace.call(other.node)}` : "no sequence"}, expected sequences of one length`,
      );
    const { parts, join } = takeApart(trace, first);
    const carries = parts.map(({ node }) => graph.argument(node.shape));
    const entries = rows.map(({ shape }) => graph.argument(shape));
    const returned = takeApart(trace, step(join(carries) as never, entries.map(out))).parts;
    const after = new Map(returned.map(({ name, node }) => [name, node]));
    const next = parts.map(({ name, node }) => nextOf(trace, name, node, after.get(name)));
    const names = parts.map(({ name }) => name);
    const extra = [...after.keys()].find((name) => !names.includes(name));
    if (extra !== undefined)
      throw new ArgumentError(`the step returns ${extra}, expected what scan carries: ${names.join(", ")}`);
    const node = makeScan(graph, {
      ...{ steps, isReversed: false, each: [], sums: [] },
      carries: parts.map(({ node }, k) => ({ argument: carries[k], first: node, next: next[k] })),
      entries: entries.map((argument, k) => ({ argument, sequence: rows[k].node })),
    });
    return join(carriesOf(graph, node).after);
  };
  return { scan: scan as Scan };
}

/** Returns a vector or a matrix and the shape of its entries or rows. */
function sequenceOf(trace: Trace, sequence: Operand): { readonly node: Node; readonly shape: Shape } {
  const node = trace.node(sequence, "scan");
  if (node.shape.length === 0)
    throw new DimensionError(`scan over ${trace.call(node)}, expected a vector or a matrix`);
  return { node, shape: node.shape.slice(1) };
}

/** Returns the values of a carry with their names, and what puts others in their place. */
function takeApart(trace: Trace, carry: Carry) {
  const isTraced = (x: unknown) => typeof (x as Partial<Node> | null)?.op === "string";
  const isData = (x: object) =>
    ArrayBuffer.isView(x) || "shape" in x || (Array.isArray(x) && !x.some((entry) => isTraced(entry)));
  if (typeof carry !== "object" || carry === null || isTraced(carry) || isData(carry)) {
    const parts = [{ name: "", node: trace.node(carry as Operand, "scan") }];
    return { parts, join: ([node]: readonly Node[]): unknown => node };
  }
  const entries = Object.entries(carry as Record<string, Operand>);
  const parts = entries.map(([name, value]) => ({ name, node: trace.node(value, `scan (carry ${name})`) }));
  const join = (nodes: readonly Node[]): unknown =>
    Array.isArray(carry) ? nodes : Object.fromEntries(entries.map(([name], k) => [name, nodes[k]]));
  return { parts, join };
}

/** Returns a carry after a step, with the shape that it had at first. */
function nextOf(trace: Trace, name: string, first: Node, next: Node | undefined): Node {
  const carry = name === "" ? "the carry of scan" : `the carry ${name} of scan`;
  if (next === undefined) throw new ArgumentError(`the step does not return ${carry}`);
  if (next.shape.length === 0 || sameShape(next.shape, first.shape))
    return trace.graph.fill(next, first.shape);
  throw new DimensionError(
    `${carry} is ${describe(first.shape)} at first and ${trace.call(next)} after a step`,
  );
}
