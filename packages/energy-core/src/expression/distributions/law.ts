import { DimensionError } from "../../errors.ts";
import { type ElementwiseName, isNumber, type Node } from "../node.ts";
import type { Trace } from "../trace.ts";

/** Builds energies of a law from nodes. */
export interface Builder {
  readonly trace: Trace;
  add(...terms: (Node | number)[]): Node;
  sub(a: Node | number, b: Node | number): Node;
  mul(a: Node | number, b: Node | number): Node;
  div(a: Node | number, b: Node | number): Node;
  f(op: ElementwiseName, ...operands: (Node | number)[]): Node;
  /** Returns Σ over `count` entries; a number stands for each of them. */
  total(x: Node, count: number): Node;
  /** Entries that operands of one law have together. @throws {DimensionError} where their shapes do not fit. */
  count(...operands: Node[]): number;
}

/** A law: Stan's arguments in, Σ −log p out. */
export type Law = (builder: Builder, ...operands: Node[]) => Node;

/** How many arguments a law has, the values of those that may be left out, and what makes it. */
export interface LawEntry {
  readonly law: Law;
  /** Arguments at least and at most. */
  readonly arity: number;
  /** Values for arguments at the end that are left out. */
  readonly defaults?: readonly number[];
  /** Arguments that have to be above 0, by place. */
  readonly positive?: readonly number[];
  /** The support of its first argument, where not every number is likely. */
  readonly support?: string;
}

export function builder(trace: Trace, name: string): Builder {
  const { graph } = trace;
  const lift = (x: Node | number) => (typeof x === "number" ? graph.number(x) : x);
  const f = (op: ElementwiseName, ...operands: (Node | number)[]) => graph.apply(op, ...operands.map(lift));
  return {
    trace,
    f,
    add: (...terms) => terms.map(lift).reduce((sum, term) => graph.add(sum, term)),
    sub: (a, b) => f("sub", a, b),
    mul: (a, b) => f("mul", a, b),
    div: (a, b) => f("div", a, b),
    total: (x, count) =>
      x.shape.length > 0
        ? graph.sum(x)
        : isNumber(x)
          ? graph.number(count * x.values![0])
          : graph.mul(graph.number(count), x),
    count(...operands) {
      const arrays = operands.filter(({ shape }) => shape.length > 0);
      const other = arrays.find(({ shape }) => shape.join() !== arrays[0].shape.join());
      if (other)
        throw new DimensionError(
          `${name} of ${trace.call(arrays[0])} and ${trace.call(other)}, expected equal shapes or numbers`,
        );
      return arrays[0]?.size ?? 1;
    },
  };
}
