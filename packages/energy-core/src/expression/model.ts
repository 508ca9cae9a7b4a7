import type { Can } from "../energy.ts";
import { ArgumentError, checkName } from "../errors.ts";
import { kindOf } from "../kind-of.ts";
import type { SiteSpace } from "../spaces/sites.ts";
import { differentiate } from "./differentiate.ts";
import { type Densities, densities } from "./distributions/index.ts";
import type { Graph } from "./graph.ts";
import type { Output } from "./lower.ts";
import { Node, reachable, type Shape } from "./node.ts";
import { type Operations, operations } from "./operations.ts";
import type { Learnable, Support } from "./supports.ts";
import { located, Trace } from "./trace.ts";
import type { Operand, Value } from "./value.ts";

/** Named parts: those of the state, by their supports, and those that training may change. */
export type StateParts = Readonly<Record<string, Support | Learnable>>;

/** A part of spins or of labels is their space. */
export type SitePart = SiteSpace<Int8Array> | SiteSpace<Uint8Array>;

/** Parts of any kind. */
export type Parts = Readonly<Record<string, Support | Learnable | SitePart>>;

/** Names of the parts that are the state's. */
export type StateNames<P extends Parts> = {
  [K in keyof P & string]: P[K] extends Learnable ? never : K;
}[keyof P & string];

/** What an energy with parts that training may change can do beside. */
export type Learns<P extends Parts, X> =
  Extract<P[keyof P], Learnable> extends never ? object : Can<X, "parameters">;

/** The values of a formula's parts, by name. */
export type PartValues<P extends Parts> = { readonly [K in keyof P]: Value };

/** An energy in terms of its parts. */
export type Formula<P extends Parts> = (values: PartValues<P>, operations: Operations & Densities) => Value;

/** The inputs of a formula, in their order: free coordinates of the state, and what training may change. */
export interface Leaves {
  readonly state: readonly Node[];
  readonly parameters: readonly Node[];
}

/** What a formula was traced to. Programs read the free coordinates and after them what training may change. */
export interface Model {
  /** The energy, and the outputs that are its slopes by the free coordinates or by what training may change. */
  readonly total: Output;
  slopes(by: keyof Leaves): Output[];
  readonly leaves: Leaves;
  /** Free coordinates of the state. */
  readonly dimension: number;
  /** What training may change, as it is at first. */
  readonly parameters: Float64Array;
  /** The values of the state's parts, in their order. */
  readonly quantities: readonly (Output & { readonly name: string; readonly shape: Shape })[];
}

/** Returns the model of an energy that has been traced. */
export function modelOf(
  graph: Graph,
  { total, ...rest }: Omit<Model, "total" | "slopes"> & { readonly total: Node },
): Model {
  const { leaves, dimension } = rest;
  return {
    ...rest,
    total: { node: total, offset: 0, length: 1 },
    slopes(by) {
      const first = by === "state" ? 0 : dimension;
      return differentiate(graph, total, leaves[by]).map((slope, k) => ({
        node: slope ?? graph.number(0),
        offset: leaves[by][k].attribute - first,
        length: leaves[by][k].size,
      }));
    },
  };
}

/**
 * Calls the formula once, and takes the logarithms of Jacobians off where the energy `isDensity` of free coordinates.
 */
export function traceModel<P extends Parts>(
  parts: P,
  formula: Formula<P>,
  isDensity: boolean,
  trace = new Trace(),
): Model {
  const { graph } = trace;
  const laid = layOutParts(trace, parts);
  const term = located(() => {
    const table = named("operation", { ...operations(trace), ...densities(trace) });
    const result: unknown = formula(named<object>("part", laid.values) as PartValues<P>, table);
    if (typeof result === "number" || result instanceof Node)
      return trace.node(result as Operand, "the formula");
    throw new ArgumentError(
      `the formula returns ${kindOf(result)}, expected a number made by its operations`,
    );
  });
  if (term.shape.length > 0)
    throw new ArgumentError(`the formula gives ${trace.call(term)}, expected a number; sum adds its entries`);
  const { jacobians, values, ...rest } = laid;
  const used = reachable([term]);
  if (used.some(({ op }) => op === "argument"))
    throw new ArgumentError("the formula uses a value of a step of scan outside of the step");
  const unused = Object.keys(parts).filter((name) => !used.includes(values[name]));
  if (unused.length > 0) throw new ArgumentError(`the formula never uses ${unused.join(", ")}`);
  const total = (isDensity ? jacobians : []).reduce((sum, part) => graph.apply("sub", sum, part), term);
  return modelOf(graph, { ...rest, total });
}

/** Gives every part its place and its value. */
function layOutParts(trace: Trace, parts: Parts) {
  const { graph } = trace;
  const values: Record<string, Node> = {};
  const [free, learnable]: Node[][] = [[], []];
  const quantities: Model["quantities"][number][] = [];
  const jacobians: Node[] = [];
  const entries = Object.entries(parts);
  let dimension = 0;
  for (const [name, part] of entries) {
    if ("initial" in part) continue;
    const support = "moves" in part ? sites(part) : part;
    const node = graph.state(dimension, support.shape.length === 0 ? [] : [support.free]);
    free.push(node);
    const { value, logJacobian } = support.constrain(graph, node);
    values[name] = value;
    if (support.unbounded) trace.unbounded.add(value);
    if (logJacobian) jacobians.push(logJacobian);
    const { offset, length } = quantities.at(-1) ?? { offset: 0, length: 0 };
    quantities.push({ name, shape: support.shape, node: value, offset: offset + length, length: value.size });
    dimension += support.free;
  }
  if (dimension === 0)
    throw new ArgumentError("the state has no parts, expected at least one: { x: real() }");
  const initial: number[] = [];
  for (const [name, part] of entries) {
    if (!("initial" in part)) continue;
    const node = graph.state(
      dimension + initial.length,
      part.shape.length === 0 ? [] : [part.initial.length],
    );
    learnable.push(node);
    values[name] = part.shape.length === 2 ? graph.make("reshape", [node], part.shape) : node;
    for (const value of part.initial) initial.push(value);
  }
  for (const [name, node] of Object.entries(values)) trace.names.set(node, name);
  const parameters = Float64Array.from(initial);
  const leaves = { state: free, parameters: learnable };
  return { values, leaves, quantities, jacobians, dimension, parameters };
}

/** Spins and labels are a vector, as they are. */
function sites({ name, dimension }: SitePart): Support {
  const constrain: Support["constrain"] = (_, value) => ({ value });
  return { name, shape: [dimension], free: dimension, unbounded: false, constrain };
}

/** Returns a table that refuses names that it does not have. */
function named<T extends object>(what: string, table: T): T {
  return new Proxy(table, {
    get(target, name) {
      if (typeof name === "symbol") return undefined;
      if (!Object.hasOwn(target, name)) checkName(what, name, Object.keys(target));
      return target[name as keyof T];
    },
  });
}
