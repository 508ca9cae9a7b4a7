/** Traced formulas as plain data, so that each thread can compile them. */
import { checkKind } from "../errors.ts";
import { Graph } from "./graph.ts";
import type { Output } from "./lower.ts";
import { type Leaves, type Model, modelOf } from "./model.ts";
import { type BodyOf, type Node, type OperationName, reachable, type Shape } from "./node.ts";

/** One operation; its inputs are places in the list. */
interface TracedNode {
  readonly op: OperationName;
  readonly inputs: readonly number[];
  readonly shape: Shape;
  readonly attribute: number;
  readonly indices?: Int32Array;
  readonly values?: Float64Array;
  readonly body?: TracedBody;
}

/** The step of a scan; its nodes are places in the list. */
type TracedBody = BodyOf<number>;

declare const traced: unique symbol;

/**
 * A traced formula that can be cloned to another thread, where `expressionFromTrace` makes an energy from it. Its data
 * are in shared memory if the platform has it, so threads do not copy them.
 */
export interface FormulaTrace {
  readonly [traced]: true;
}

/** What a trace holds. */
interface TraceData {
  readonly nodes: readonly TracedNode[];
  /** Place of the energy. */
  readonly total: number;
  /** Places of the free coordinates of the parts and of what training may change. */
  readonly leaves: Readonly<Record<keyof Leaves, readonly number[]>>;
  readonly quantities: readonly (Omit<Output, "node"> & {
    readonly name: string;
    readonly shape: Shape;
    readonly node: number;
  })[];
  readonly dimension: number;
  readonly parameters: Float64Array;
}

/** Returns a model as plain data, what training may change as it is now. */
export function writeTrace({ total, leaves, quantities, dimension, parameters }: Model): FormulaTrace {
  const { state, parameters: learnable } = leaves;
  const list = reachable([total.node, ...state, ...learnable, ...quantities.map(({ node }) => node)], true);
  const places = new Map(list.map((node, place) => [node, place]));
  const place = (node: Node) => places.get(node)!;
  const data: TraceData = {
    nodes: list.map(({ op, inputs, shape, attribute, indices, values, body }) => ({
      ...{ op, inputs: inputs.map(place), shape, attribute },
      ...(indices && { indices: shared(indices) }),
      ...(values && { values: shared(values) }),
      ...(body && { body: translated(body, place) }),
    })),
    total: place(total.node),
    leaves: { state: state.map(place), parameters: learnable.map(place) },
    quantities: quantities.map((quantity) => ({ ...quantity, node: place(quantity.node) })),
    dimension,
    parameters: parameters.slice(),
  };
  return data as TraceData & FormulaTrace;
}

/** Returns the model of a trace. */
export function readTrace(trace: FormulaTrace): Model {
  const isTrace = Array.isArray((trace as Partial<TraceData> | null | undefined)?.nodes);
  checkKind("the trace", trace, isTrace, "what trace() of a formula returns");
  const data = trace as TraceData & FormulaTrace;
  const graph = new Graph();
  const nodes: Node[] = [];
  const at = (place: number) => nodes[place];
  for (const { op, inputs, shape, body, ...extra } of data.nodes) {
    const step = body && translated(body, at);
    nodes.push(graph.adopt(op, inputs.map(at), shape, { ...extra, body: step }));
  }
  const { state, parameters } = data.leaves;
  return modelOf(graph, {
    total: at(data.total),
    leaves: { state: state.map(at), parameters: parameters.map(at) },
    quantities: data.quantities.map((quantity) => ({ ...quantity, node: at(quantity.node) })),
    dimension: data.dimension,
    parameters: data.parameters.slice(),
  });
}

/** Returns the step of a scan with its nodes named in another way. */
function translated<A, B>(body: BodyOf<A>, other: (node: A) => B): BodyOf<B> {
  const { steps, isReversed, ...lists } = body;
  const entries = Object.entries(lists).map(([name, list]) => [name, list.map(other)]);
  return { steps, isReversed, ...(Object.fromEntries(entries) as Record<keyof typeof lists, B[]>) };
}

const known = new WeakMap<object, Float64Array | Int32Array>();
/** Entries from which an array is worth shared memory. */
const WORTH = 64;

/** Returns an array in shared memory, where there is any. */
function shared<A extends Float64Array | Int32Array>(array: A): A {
  if (typeof SharedArrayBuffer === "undefined" || array.length < WORTH) return array;
  let found = known.get(array);
  if (found === undefined) {
    const buffer = new SharedArrayBuffer(array.byteLength);
    found = array instanceof Int32Array ? new Int32Array(buffer) : new Float64Array(buffer);
    found.set(array);
    known.set(array, found);
  }
  return found as A;
}
