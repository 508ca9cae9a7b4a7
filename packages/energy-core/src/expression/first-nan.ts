import { interpret } from "./interpret.ts";
import { type Formula, type Model, type Parts, traceModel } from "./model.ts";
import { describe, type Node, reachable } from "./node.ts";
import { placeOf, Trace } from "./trace.ts";

/** Frames that a stack needs to reach the formula from where nodes are made. */
const FRAMES = 40;

/** What is known of nodes for messages. */
interface Sources {
  call(node: Node): string;
  /** Lines of the formula. */
  readonly places: ReadonlyMap<Node, string>;
  /** The operations whose slopes nodes belong to. */
  readonly derived: ReadonlyMap<Node, Node>;
  /** The operations that made constants of constants. */
  readonly folded: ReadonlyMap<Node, string>;
}

const unknown: Sources = {
  call: ({ shape }) => describe(shape),
  ...{ places: new Map(), derived: new Map(), folded: new Map() },
};

/**
 * Returns which operation of a formula, or which slope of one, first gives NaN at free coordinates `x` and parameters
 * as they are, with its line where that can be told; undefined where the energy and its gradient are numbers. The
 * formula is traced again, as no places are kept of formulas that work.
 */
export function firstNaN<P extends Parts>(
  parts: P,
  formula: Formula<P>,
  isDensity: boolean,
  parameters: Float64Array,
  x: Float64Array,
): string | undefined {
  const trace = new Trace();
  const places = new Map<Node, string>();
  const derived = new Map<Node, Node>();
  const folded = new Map<Node, string>();
  let origin: Node | undefined;
  trace.graph.onDerive = (node) => {
    origin = node;
  };
  trace.graph.onMake = (node) => {
    if (origin) derived.set(node, origin);
    else places.set(node, placeOf(new Error()));
  };
  trace.graph.onFold = (node, op) => {
    folded.set(node, op);
  };
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  try {
    const model = traceModel(parts, formula, isDensity, trace);
    const call = (node: Node) => trace.call(node);
    return firstNaNOf({ ...model, parameters }, x, { call, places, derived, folded });
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Returns the same of a formula that was traced, with what is known of its nodes. */
export function firstNaNOf(
  { total, slopes, dimension, parameters }: Pick<Model, "total" | "slopes" | "dimension" | "parameters">,
  x: Float64Array,
  sources = unknown,
): string | undefined {
  const wanted = [total, ...slopes("state")].map(({ node }) => node);
  let length = 0;
  const outputs = reachable(wanted).map((node) => {
    const offset = length;
    length += node.size;
    return { node, offset, length: node.size };
  });
  const program = interpret(outputs, dimension + parameters.length, length);
  program.state.set(x);
  program.state.set(parameters, dimension);
  program.run();
  const bad = outputs.filter(({ offset, length: size }) =>
    program.results.subarray(offset, offset + size).some(Number.isNaN),
  );
  if (!bad.some(({ node }) => wanted.includes(node))) return undefined;
  const [{ node }] = bad;
  return node.id > total.node.id ? slope(sources.derived.get(node), sources) : operation(node, sources);
}

function operation(node: Node, { call, places, folded }: Sources): string {
  const made = folded.get(node);
  const constant = made === undefined ? "a constant" : `${made} of constants`;
  const what = node.op === "data" ? constant : `${node.op} of ${node.inputs.map(call).join(" and ")}`;
  return `${what}${places.get(node) ?? ""}`;
}

function slope(of: Node | undefined, sources: Sources): string {
  return of === undefined ? "the gradient" : `the slope of ${operation(of, sources)}`;
}
