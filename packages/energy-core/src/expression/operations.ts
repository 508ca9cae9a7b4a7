import { ArgumentError, DimensionError } from "../errors.ts";
import { differentiate } from "./differentiate.ts";
import type { Graph } from "./graph.ts";
import { matrices } from "./matrices.ts";
import { describe, type ElementwiseName, isNumber, type Node } from "./node.ts";
import { vectorOf, type Wrap } from "./operands.ts";
import { places } from "./places.ts";
import { type Scan, scans } from "./scans.ts";
import type { Trace } from "./trace.ts";
import type { Operand, Value } from "./value.ts";

type Unary = (x: Operand) => Value;
type Binary = (a: Operand, b: Operand) => Value;
type Variadic = (...terms: Operand[]) => Value;

/** The operations of a formula. Scalar operations work on arrays entry by entry; a number combines with every entry. */
export interface Operations {
  readonly add: Variadic;
  readonly sub: Binary;
  readonly mul: Variadic;
  readonly div: Binary;
  readonly neg: Unary;
  readonly abs: Unary;
  readonly min: Binary;
  readonly max: Binary;
  readonly square: Unary;
  readonly sqrt: Unary;
  /** a^b; a has to be positive where b is no integer. */
  readonly pow: Binary;
  readonly exp: Unary;
  /** log x, of a part only where its support is positive. */
  readonly log: Unary;
  readonly log1p: Unary;
  readonly expm1: Unary;
  readonly tanh: Unary;
  /** 1 / (1 + e^−x). */
  readonly sigmoid: Unary;
  /** log(1 + e^x). */
  readonly softplus: Unary;
  /** log Γ(x), x > 0. */
  readonly lgamma: Unary;
  /** ψ(x) = d log Γ(x) / dx, x > 0. */
  readonly digamma: Unary;
  readonly erf: Unary;
  /** Φ(x) of the standard normal law. */
  readonly normalCdf: Unary;
  /** log Φ(x), right where Φ(x) underflows. */
  readonly logNormalCdf: Unary;
  /** 1 where a < b, else 0. */
  readonly less: Binary;
  readonly lessEqual: Binary;
  readonly greater: Binary;
  readonly greaterEqual: Binary;
  readonly equal: Binary;
  /** `a` where the condition is not 0, otherwise `b`. The derivative is that of the chosen one. */
  readonly where: (condition: Operand, a: Operand, b: Operand) => Value;
  /** Σ of all entries. */
  readonly sum: Unary;
  readonly mean: Unary;
  /** Σ_i a_i b_i. */
  readonly dot: Binary;
  /** log Σ_i e^{x_i}. */
  readonly logSumExp: Unary;
  /** Sums of the first 1, 2 … entries. */
  readonly cumulativeSum: Unary;
  /** A b of matrices, or of a matrix and a vector. */
  readonly matmul: Binary;
  readonly transpose: Unary;
  /** The matrix u_i v_j. */
  readonly outer: Binary;
  /** L with LLᵀ = A; the lower triangle of A is read. NaN where A is not positive definite. */
  readonly cholesky: Unary;
  /** L⁻¹ b, or L⁻ᵀ b where `transposed`; b a vector or a matrix. The lower triangle of L is read. */
  readonly solveTriangular: (l: Operand, b: Operand, options?: { readonly transposed?: boolean }) => Value;
  /** log det A of a positive definite matrix. */
  readonly logDeterminant: Unary;
  readonly diagonal: Unary;
  /** One entry: of a vector at i, of a matrix at row i and column j. Below 0 from the end. */
  readonly at: (x: Operand, i: number, j?: number) => Value;
  /** A row of a matrix. */
  readonly row: (x: Operand, i: number) => Value;
  /** The entries of a vector from `start` up to `end`, which is not among them. */
  readonly slice: (x: Operand, start: number, end?: number) => Value;
  /** The entries x[indices[k]]. */
  readonly gather: (x: Operand, indices: ArrayLike<number>) => Value;
  /** A vector of `length` with the sums of those x_k whose indices[k] is its place. */
  readonly scatter: (x: Operand, indices: ArrayLike<number>, length: number) => Value;
  /** The vector of the numbers and the entries of the vectors, in their order. */
  readonly stack: (values: readonly Operand[]) => Value;
  /**
   * ∂value/∂part, with the shape of the part, or of any other value that `value` depends on. Energies may use
   * derivatives.
   */
  readonly derivative: (value: Operand, part: Value) => Value;
  /** The carry after each step of a loop through sequences: see {@link Scan}. */
  readonly scan: Scan;
}

const unary = [
  ...([
    "neg",
    "abs",
    "sqrt",
    "exp",
    "log",
    "log1p",
    "expm1",
    "tanh",
    "sigmoid",
    "softplus",
    "lgamma",
  ] as const),
  ...(["digamma", "erf", "normalCdf", "logNormalCdf"] as const),
];
const positiveOnly: readonly string[] = ["log", "sqrt", "lgamma", "digamma"];

/** Returns the operations on the values of a trace. */
export function operations(trace: Trace): Operations {
  const { graph } = trace;
  const out = (node: Node) => node as unknown as Value;
  const apply =
    (op: ElementwiseName, name: string = op) =>
    (...operands: Operand[]) =>
      out(trace.apply(op, name, ...operands));
  const single = Object.fromEntries(
    unary.map((op) => [
      op,
      (x: Operand) => {
        const node = trace.node(x, op);
        if (positiveOnly.includes(op)) checkSupport(trace, op, node);
        return out(graph.apply(op, node));
      },
    ]),
  ) as Record<(typeof unary)[number], Unary>;
  const [add, mul] = [apply("add"), apply("mul")];
  const many =
    (op: Binary, name: string): Variadic =>
    (first, ...rest) =>
      rest.reduce<Value>((sum, term) => op(sum, term), out(trace.node(first, name)));
  return {
    ...single,
    add: many(add, "add"),
    mul: many(mul, "mul"),
    sub: apply("sub"),
    div: apply("div"),
    min: apply("min"),
    max: apply("max"),
    square: (x) => mul(x, x),
    pow: (a, b) => out(power(trace, a, b)),
    less: apply("less"),
    lessEqual: apply("lessEqual"),
    greater: (a, b) => out(trace.apply("less", "greater", b, a)),
    greaterEqual: (a, b) => out(trace.apply("lessEqual", "greaterEqual", b, a)),
    equal: apply("equal"),
    where: apply("where"),
    derivative(value, part) {
      const [node, leaf] = [trace.node(value, "derivative"), trace.node(part, "derivative")];
      if (node.shape.length > 0)
        throw new DimensionError(`derivative of ${trace.call(node)}, expected a number`);
      const [slope] = differentiate(graph, node, [leaf]);
      return out(graph.fill(slope ?? graph.number(0), leaf.shape));
    },
    ...reductions(trace, out),
    ...matrices(trace, out),
    ...places(trace, out),
    ...scans(trace, out),
  };
}

function checkSupport(trace: Trace, op: string, node: Node): void {
  const root = node.op === "element" || node.op === "gather" ? node.inputs[0] : node;
  if (!trace.unbounded.has(root)) return;
  throw new ArgumentError(
    `${op} of ${trace.names.get(root)}, a part that takes every real value; give it a support such as positive()`,
  );
}

function power(trace: Trace, a: Operand, b: Operand): Node {
  const { graph } = trace;
  const [base, exponent] = [trace.node(a, "pow"), trace.node(b, "pow")];
  const n = isNumber(exponent) ? exponent.values![0] : Number.NaN;
  if (n === 0.5) return graph.apply("sqrt", base);
  if (Number.isInteger(n) && Math.abs(n) <= 64) {
    const whole = repeated(graph, base, Math.abs(n));
    return n < 0 ? graph.apply("div", graph.number(1), whole) : whole;
  }
  checkSupport(trace, "pow", base);
  return graph.apply("exp", trace.apply("mul", "pow", exponent as never, graph.apply("log", base) as never));
}

function repeated(graph: Graph, base: Node, n: number): Node {
  if (n === 0) return graph.fill(graph.number(1), base.shape);
  if (n === 1) return base;
  const half = repeated(graph, base, n >> 1);
  const square = graph.mul(half, half);
  return n % 2 === 0 ? square : graph.mul(square, base);
}

function reductions(trace: Trace, out: Wrap) {
  const { graph } = trace;
  const of = (name: string, x: Operand) => trace.node(x, name);
  return {
    sum: (x: Operand) => out(graph.sum(of("sum", x))),
    mean(x: Operand) {
      const node = of("mean", x);
      return out(graph.mul(graph.number(1 / node.size), graph.sum(node)));
    },
    dot(a: Operand, b: Operand) {
      const [u, v] = [of("dot", a), of("dot", b)];
      if (u.shape.length !== 1 || describe(u.shape) !== describe(v.shape))
        throw new DimensionError(
          `dot of ${trace.call(u)} and ${trace.call(v)}, expected vectors of one length`,
        );
      return out(graph.sum(graph.mul(u, v)));
    },
    logSumExp(x: Operand) {
      const node = of("logSumExp", x);
      const most = graph.make("maximum", [node], []);
      const rest = graph.sum(graph.apply("exp", graph.apply("sub", node, most)));
      return out(graph.add(most, graph.apply("log", rest)));
    },
    cumulativeSum(x: Operand) {
      const node = vectorOf(trace, "cumulativeSum", x);
      return out(graph.make("cumulativeSum", [node], node.shape));
    },
  };
}
