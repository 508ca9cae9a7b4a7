import { ArgumentError, DimensionError } from "../../errors.ts";
import type { ElementwiseName } from "../elementwise.ts";
import { isNumber, type Node } from "../graph.ts";
import type { Trace } from "../trace.ts";
import type { Operand, Value } from "../value.ts";
import { continuous } from "./continuous.ts";
import { discrete } from "./discrete.ts";
import { matrixLaws } from "./matrices.ts";

/** Builds energies of a law from nodes. */
export interface Builder {
  readonly trace: Trace;
  /** Returns the node of an operand. */
  of(operand: Operand): Node;
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
}

const laws = { ...continuous, ...discrete, ...matrixLaws };

/** A density as an energy: the sum of −log p over all entries of its first argument, normalized, arguments in Stan's order. */
export type Density = (...operands: Operand[]) => Value;

/** The densities of a formula. Each returns an energy, −log p, normalized; terms of a formula are added. */
export type Densities = { readonly [K in keyof typeof laws]: Density };

/** The names of the densities. */
export const densityNames = Object.keys(laws) as (keyof Densities)[];

/** Returns the densities on the values of a trace. */
export function densities(trace: Trace): Densities {
  const entries = Object.entries(laws).map(([name, entry]) => [name, density(trace, name, entry)]);
  return Object.fromEntries(entries) as Densities;
}

function density(
  trace: Trace,
  name: string,
  { law, arity, defaults = [], positive = [] }: LawEntry,
): Density {
  return (...operands) => {
    const least = arity - defaults.length;
    if (operands.length < least || operands.length > arity)
      throw new ArgumentError(
        `${name} was given ${operands.length} arguments, expected ${least === arity ? arity : `${least} to ${arity}`}`,
      );
    const missing = defaults.slice(defaults.length - (arity - operands.length));
    const all = [...operands, ...(arity === operands.length ? [] : missing)];
    const nodes = all.map((operand) => trace.node(operand, name));
    for (const k of positive) checkPositive(trace, name, nodes[k], k);
    return law(builder(trace, name), ...nodes) as unknown as Value;
  };
}

function checkPositive(trace: Trace, name: string, node: Node, place: number): void {
  const bad = node.values?.find((value) => !(value > 0));
  if (bad !== undefined)
    throw new ArgumentError(`argument ${place + 1} of ${name} is ${bad}, expected above 0`);
  if (trace.unbounded.has(node))
    throw new ArgumentError(
      `argument ${place + 1} of ${name} is ${trace.names.get(node)}, a part that takes every real value; give it a support such as positive()`,
    );
}

function builder(trace: Trace, name: string): Builder {
  const { graph } = trace;
  const lift = (x: Node | number) => (typeof x === "number" ? graph.number(x) : x);
  const f = (op: ElementwiseName, ...operands: (Node | number)[]) => graph.apply(op, ...operands.map(lift));
  return {
    trace,
    of: (operand) => trace.node(operand, name),
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
