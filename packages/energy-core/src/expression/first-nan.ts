import { interpret } from "./interpret.ts";
import { type Formula, type Parts, traceModel } from "./model.ts";
import { type Node, reachable } from "./node.ts";
import { placeOf, Trace } from "./trace.ts";

/** Frames that a stack needs to reach the formula from where nodes are made. */
const FRAMES = 40;

/**
 * Returns which operation of a formula first gives NaN at free coordinates `x`, with its line where that can be told;
 * nothing where none does. The formula is traced again, as no places are kept of formulas that work.
 */
export function firstNaN<P extends Parts>(
  parts: P,
  formula: Formula<P>,
  isDensity: boolean,
  x: Float64Array,
): string {
  const trace = new Trace();
  const places = new Map<Node, string>();
  trace.graph.onMake = (node) => places.set(node, placeOf(new Error()));
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  try {
    const { total, dimension, parameters } = traceModel(parts, formula, isDensity, trace);
    const nodes = reachable([total.node]);
    let length = 0;
    const outputs = nodes.map((node) => {
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
    if (found === undefined) return "";
    const { op, inputs } = found.node;
    const what =
      op === "data" ? "a constant" : `${op} of ${inputs.map((input) => trace.call(input)).join(" and ")}`;
    return `, first in ${what}${places.get(found.node) ?? ""}`;
  } finally {
    Error.stackTraceLimit = limit;
  }
}
