import type { KernelName } from "../wasm/choose.ts";
import { elementwise, isElementwise } from "./elementwise.ts";
import { Graph } from "./graph.ts";
import { type ElementwiseName, type Node, reachable } from "./node.ts";
import { makeScan } from "./scan.ts";

/** A number or array that a program computes, and where its results it goes. */
export interface Output {
  readonly node: Node;
  /** First of the `length` results that it fills; a number fills all of them. */
  readonly offset: number;
  readonly length: number;
}

/** Computes outputs from a state, over arrays of its own. Makes nothing when it runs. */
export interface Program {
  readonly kernel: KernelName;
  readonly state: Float64Array;
  readonly results: Float64Array;
  run(): void;
}

/** A graph in which some functions are written in simpler ones as they are made. */
class SimpleGraph extends Graph {
  readonly #expands: (op: ElementwiseName, isNumber: boolean) => boolean;

  constructor(expands: (op: ElementwiseName, isNumber: boolean) => boolean) {
    super();
    this.#expands = expands;
  }

  override apply(op: ElementwiseName, ...inputs: Node[]): Node {
    const { expand } = elementwise[op];
    if (expand === undefined) return super.apply(op, ...inputs);
    const isNumber = inputs.every(({ shape }) => shape.length === 0);
    if (!this.#expands(op, isNumber)) return super.apply(op, ...inputs);
    return expand(this, ...(inputs as [Node, Node, Node]));
  }
}

/**
 * Returns outputs in a graph of their own, without what they do not need, with functions written in simpler ones
 * where `expands` says so, and the nodes that they depend on, inputs first.
 */
export function lower(
  outputs: readonly Output[],
  expands: (op: ElementwiseName, isNumber: boolean) => boolean,
): { readonly outputs: readonly Output[]; readonly nodes: readonly Node[] } {
  const roots = outputs.map(({ node }) => node);
  const nodes = reachable(roots, true);
  const isSimple = (node: Node) => {
    if (!node.isElementwise) return true;
    const op = node.op as ElementwiseName;
    if (elementwise[op].expand === undefined) return true;
    return !expands(op, node.shape.length === 0);
  };
  if (nodes.every(isSimple))
    return { outputs, nodes: nodes.some(({ body }) => body) ? reachable(roots) : nodes };
  const graph = new SimpleGraph(expands);
  const made: Node[] = [];
  for (const node of nodes) {
    made[node.id] = node.body ? remadeScan(graph, node, made) : remade(graph, node, made);
  }
  return {
    outputs: outputs.map((output) => ({ ...output, node: made[output.node.id] })),
    nodes: reachable(roots.map(({ id }) => made[id])),
  };
}

function remade(graph: Graph, node: Node, made: readonly Node[]): Node {
  const { op, shape, attribute, indices, values } = node;
  const inputs = node.inputs.map(({ id }) => made[id]);
  if (op === "argument") return graph.argument(shape);
  if (op === "state") return graph.state(attribute, shape);
  if (values) return shape.length === 0 ? graph.number(values[0]) : graph.data(values, shape);
  if (isElementwise(op)) return graph.apply(op, ...inputs);
  return graph.make(op, inputs, shape, { attribute, indices });
}

function remadeScan(graph: Graph, { inputs, body }: Node, made: readonly Node[]): Node {
  const { steps, isReversed, carries, entries, next, each, sums } = body!;
  const of = ({ id }: Node) => made[id];
  return makeScan(graph, {
    ...{ steps, isReversed, each: each.map(of), sums: sums.map(of) },
    carries: carries.map((argument, k) => ({
      argument: of(argument),
      first: of(inputs[k]),
      next: of(next[k]),
    })),
    entries: entries.map((argument, k) => ({
      argument: of(argument),
      sequence: of(inputs[carries.length + k]),
    })),
  });
}

/** Returns the simple form of a function of one number. */
export function simpleFunction(
  op: ElementwiseName,
  expands: (op: ElementwiseName) => boolean,
): { readonly argument: Node; readonly value: Node } {
  const graph = new SimpleGraph((name) => name === op || expands(name));
  const argument = graph.state(0, []);
  return { argument, value: graph.apply(op, argument) };
}
