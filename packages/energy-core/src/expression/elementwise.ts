import { CapabilityError } from "../errors.ts";
import { exp, log } from "../random/math.ts";
import { exponentOf, mantissaOf, twoTo } from "./floats.ts";
import * as written from "./functions.ts";
import type { Elements, ElementwiseName, Node } from "./node.ts";

/** A function of numbers that is applied entry by entry. */
export interface Elementwise {
  /** Its value. Absent for functions that are only written in others. */
  readonly evaluate?: (a: number, b: number, c: number) => number;
  /** Returns the function written in others, for machines that know those alone. */
  readonly expand?: (graph: Elements, a: Node, b: Node, c: Node) => Node;
  /** Returns `adjoint` · ∂/∂input for each input; undefined where that is zero everywhere. */
  readonly derive: (graph: Elements, adjoint: Node, node: Node) => (Node | undefined)[];
}

type Derive = Elementwise["derive"];

const flat: Derive = () => [undefined, undefined];
/** The derivative of a function of one number, as a factor. */
const by =
  (factor: (graph: Elements, x: Node, value: Node) => Node): Derive =>
  (graph, adjoint, node) => [graph.mul(adjoint, factor(graph, node.inputs[0], node))];
const choose = (graph: Elements, adjoint: Node, condition: Node) => {
  const zero = graph.number(0);
  return [graph.apply("where", condition, adjoint, zero), graph.apply("where", condition, zero, adjoint)];
};
const over = (graph: Elements, a: number, b: Node) => graph.apply("div", graph.number(a), b);
const negative = (graph: Elements, a: Node) => graph.apply("neg", a);
const gaussian = (graph: Elements, x: Node, width: number) =>
  graph.apply("exp", graph.mul(graph.number(-width), graph.mul(x, x)));

/** The elementwise functions, by name. */
export const elementwise: Readonly<Record<ElementwiseName, Elementwise>> = {
  add: { evaluate: (a, b) => a + b, derive: (_, adjoint) => [adjoint, adjoint] },
  sub: { evaluate: (a, b) => a - b, derive: (graph, adjoint) => [adjoint, negative(graph, adjoint)] },
  mul: {
    evaluate: (a, b) => a * b,
    derive: (graph, adjoint, { inputs: [a, b] }) => [graph.mul(adjoint, b), graph.mul(adjoint, a)],
  },
  div: {
    evaluate: (a, b) => a / b,
    derive(graph, adjoint, node) {
      const first = graph.apply("div", adjoint, node.inputs[1]);
      return [first, negative(graph, graph.mul(first, node))];
    },
  },
  neg: { evaluate: (a) => -a, derive: (graph, adjoint) => [negative(graph, adjoint)] },
  abs: {
    evaluate: Math.abs,
    derive(graph, adjoint, { inputs: [a] }) {
      const isNegative = graph.apply("less", a, graph.number(0));
      return [graph.apply("where", isNegative, negative(graph, adjoint), adjoint)];
    },
  },
  sqrt: { evaluate: Math.sqrt, derive: by((graph, _, value) => over(graph, 0.5, value)) },
  floor: { evaluate: Math.floor, derive: flat },
  min: {
    evaluate: (a, b) => Math.min(a, b),
    derive: (graph, adjoint, { inputs: [a, b] }) => choose(graph, adjoint, graph.apply("less", a, b)),
  },
  max: {
    evaluate: (a, b) => Math.max(a, b),
    derive: (graph, adjoint, { inputs: [a, b] }) => choose(graph, adjoint, graph.apply("less", b, a)),
  },
  less: { evaluate: (a, b) => (a < b ? 1 : 0), derive: flat },
  lessEqual: { evaluate: (a, b) => (a <= b ? 1 : 0), derive: flat },
  equal: { evaluate: (a, b) => (a === b ? 1 : 0), derive: flat },
  where: {
    evaluate: (a, b, c) => (a !== 0 ? b : c),
    derive: (graph, adjoint, { inputs: [condition] }) => [undefined, ...choose(graph, adjoint, condition)],
  },
  // What exp and log are made of in machine code.
  exponent: { evaluate: exponentOf, derive: flat },
  mantissa: { evaluate: mantissaOf, derive: flat },
  twoTo: { evaluate: twoTo, derive: flat },
  exp: { evaluate: exp, expand: written.exp, derive: by((_, __, value) => value) },
  log: { evaluate: log, expand: written.log, derive: by((graph, x) => over(graph, 1, x)) },
  log1p: {
    expand: written.log1p,
    derive: by((graph, x) => over(graph, 1, graph.add(graph.number(1), x))),
  },
  // log(1 + a / b), a ≥ 0 and b > 0, with slopes whose own slopes do not cancel where one of the two is much larger.
  log1pRatio: {
    expand: (graph, a, b) => graph.apply("log1p", graph.apply("div", a, b)),
    derive: (graph, adjoint, { inputs: [a, b] }) => [
      graph.apply("div", adjoint, graph.add(a, b)),
      negative(graph, graph.apply("div", graph.mul(adjoint, graph.apply("share", a, b)), b)),
    ],
  },
  // a / (a + b).
  share: {
    expand: (graph, a, b) => graph.apply("div", a, graph.add(a, b)),
    derive(graph, adjoint, { inputs: [a, b] }) {
      const sum = graph.add(a, b);
      const over = graph.apply("div", adjoint, graph.mul(sum, sum));
      return [graph.mul(over, b), negative(graph, graph.mul(over, a))];
    },
  },
  expm1: { expand: written.expm1, derive: by((graph, x) => graph.apply("exp", x)) },
  tanh: {
    expand: written.tanh,
    // 1 − tanh² loses its digits where tanh is near ±1.
    derive: by((graph, x) => {
      const slope = graph.apply("sigmoidSlope", graph.mul(graph.number(2), x));
      return graph.mul(graph.number(4), slope);
    }),
  },
  sigmoid: { expand: written.sigmoid, derive: by((graph, x) => graph.apply("sigmoidSlope", x)) },
  // σ(x) σ(−x), whose slope is −tanh(x / 2) times as much.
  sigmoidSlope: {
    expand: written.sigmoidSlope,
    derive: by((graph, x, value) => {
      const half = graph.apply("tanh", graph.mul(graph.number(0.5), x));
      return negative(graph, graph.mul(value, half));
    }),
  },
  softplus: { expand: written.softplus, derive: by((graph, x) => graph.apply("sigmoid", x)) },
  lgamma: { expand: written.lgamma, derive: by((graph, x) => graph.apply("digamma", x)) },
  digamma: { expand: written.polygamma(0), derive: by((graph, x) => graph.apply("trigamma", x)) },
  trigamma: { expand: written.polygamma(1), derive: by((graph, x) => graph.apply("tetragamma", x)) },
  tetragamma: {
    expand: written.polygamma(2),
    derive() {
      throw new CapabilityError("the third derivative of digamma is not known");
    },
  },
  erfcx: {
    expand: written.erfcx,
    derive: by((graph, x, value) =>
      graph.apply(
        "sub",
        graph.mul(graph.number(2), graph.mul(x, value)),
        graph.number(2 / Math.sqrt(Math.PI)),
      ),
    ),
  },
  erf: {
    expand: written.erf,
    derive: by((graph, x) => graph.mul(graph.number(2 / Math.sqrt(Math.PI)), gaussian(graph, x, 1))),
  },
  normalCdf: {
    expand: written.normalCdf,
    derive: by((graph, x) => graph.mul(graph.number(1 / Math.sqrt(2 * Math.PI)), gaussian(graph, x, 0.5))),
  },
  logNormalCdf: { expand: written.logNormalCdf, derive: by((graph, x) => graph.apply("normalHazard", x)) },
  // φ(x) / Φ(x), the slope of log Φ.
  normalHazard: {
    expand: written.normalHazard,
    derive: by((graph, x, value) => negative(graph, graph.mul(value, graph.add(x, value)))),
  },
};

export function isElementwise(op: string): op is ElementwiseName {
  return Object.hasOwn(elementwise, op);
}
