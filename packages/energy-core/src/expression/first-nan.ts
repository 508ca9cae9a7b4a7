import { interpret } from "./interpret.ts";
import { type Formula, type Model, type Parts, traceModel } from "./model.ts";
import { describe, type Node, reachable } from "./node.ts";
import { placeOf, Trace } from "./trace.ts";

/** Frames that a stack needs to reach the formula from where nodes are made. */
const FRAMES = 40;

/**
 * Returns which operation of a formula first gives NaN at free coordinates `x` and parameters as they are, with its
 * line where that can be told; undefined where none does. The formula is traced again, as no places are kept of
 * formulas that work.
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
  trace.graph.onMake = (node) => places.set(node, placeOf(new Error()));
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  try {
    const model = traceModel(parts, formula, isDensity, trace);
    return firstNaNOf({ ...model, parameters }, x, (node) => trace.call(node), places);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Returns the same of a formula that was traced, with the lines that are known. */
export function firstNaNOf(
  { total, dimension, parameters }: Model,
  x: Float64Array,
  call = ({ shape }: Node) => describe(shape),
  places: ReadonlyMap<Node, string> = new Map(),
): string | undefined {
  let length = 0;
  const outputs = reachable([total.node]).map((node) => {
    const offset = length;
    length += node.size;
    return { node, offset, length: node.size };
  });
  const program = interpret(outputs, dimension + parameters.length, length);
  program.state.set(x);
  program.state.set(parameters, dimension);
  program.run();
  const found = outputs.find(({ offset, length: size }) =>
    program.results.subarray(offset, offset + size).some(Number.isNaN),
  );
  if (found === undefined) return undefined;
  const { op, inputs } = found.node;
  const what = op === "data" ? "a constant" : `${op} of ${inputs.map(call).join(" and ")}`;
  return `${what}${places.get(found.node) ?? ""}`;
}
