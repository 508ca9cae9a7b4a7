import { ArgumentError, BasinError, DimensionError } from "../errors.ts";
import { kindOf } from "../kind-of.ts";
import { readData } from "./data.ts";
import { Graph } from "./graph.ts";
import { describe, type ElementwiseName, isNumber, type Node, sameShape } from "./node.ts";
import type { Operand } from "./value.ts";

/** A formula being traced: its graph, the names of its parts, and the data that it has met. */
export class Trace {
  readonly graph = new Graph();
  /** What nodes are called in messages. */
  readonly names = new Map<Node, string>();
  /** StateParts that take every real value. */
  readonly unbounded = new Set<Node>();
  readonly #data = new WeakMap<object, Node>();

  /** Returns the node of an operand of `operation`. */
  node(operand: Operand, operation: string): Node {
    if (typeof operand === "number") {
      if (Number.isNaN(operand)) throw new ArgumentError(`${operation} was given NaN, expected a number`);
      return this.graph.number(operand);
    }
    const node = operand as unknown as Node;
    if (typeof operand === "object" && operand !== null) {
      if (typeof node.op === "string" && this.graph.nodes[node.id] === node) return node;
      if (typeof node.op === "string" && Array.isArray(node.inputs))
        throw new ArgumentError(`${operation} was given a value of another formula`);
      const known = this.#data.get(operand) ?? this.#read(operand, operation);
      this.#data.set(operand, known);
      return known;
    }
    throw new ArgumentError(`${operation} was given ${kindOf(operand)}, expected a value or data`);
  }

  /** Returns an elementwise function of operands, whose shapes have to fit. */
  apply(op: ElementwiseName, operation: string, ...operands: Operand[]): Node {
    const nodes = operands.map((operand) => this.node(operand, operation));
    const array = nodes.find(({ shape }) => shape.length > 0);
    for (const other of array ? nodes : [])
      if (other.shape.length > 0 && !sameShape(other.shape, array!.shape))
        throw new DimensionError(
          `${operation} of ${this.call(array!)} and ${this.call(other)}, expected equal shapes or numbers`,
        );
    return this.graph.apply(op, ...nodes);
  }

  /** Returns what a node is called in messages. */
  call(node: Node): string {
    const name = this.names.get(node);
    const kind = isNumber(node) ? `the number ${node.values![0]}` : describe(node.shape);
    return name === undefined ? kind : `${name} (${kind})`;
  }

  #read(data: Exclude<Operand, number>, operation: string): Node {
    const { values, shape } = readData(data, operation);
    return this.graph.data(values, shape);
  }
}

/** The sources of this package: no formula of a user is there. */
const here = new URL("..", import.meta.url).href;

/** Returns where in the formula an error arose, " (file:line:column)"; nothing where that cannot be told. */
export function placeOf(error: unknown): string {
  const frames = (error instanceof Error ? (error.stack ?? "") : "").split("\n").slice(1);
  const paths = [here, here.replace(/^file:\/\//, "")];
  for (const frame of frames) {
    const place = /((?:file:|https?:|\/|[A-Za-z]:\\)[^\s()]*:\d+:\d+)\)?$/.exec(frame)?.[1];
    if (place !== undefined && !paths.some((path) => place.startsWith(path))) return ` (${place})`;
  }
  return "";
}

/** Returns what `make` returns; an error of Basin's that it throws says in which line of the formula. */
export function located<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof BasinError)) throw error;
    const place = placeOf(error);
    if (place !== "") error.message += place;
    throw error;
  }
}
