import { ArgumentError, DimensionError } from "../errors.ts";
import { isSymmetric } from "./differentiate.ts";
import type { ElementwiseName } from "./elementwise.ts";
import { describe, type Graph, isNumber, type Node } from "./graph.ts";
import type { Trace } from "./trace.ts";
import type { Operand, Value } from "./value.ts";

type Unary = (x: Operand) => Value;
type Binary = (a: Operand, b: Operand) => Value;
type Variadic = (...terms: Operand[]) => Value;

/** The operations of a formula. Those of single numbers work on arrays entry by entry; a number goes with every entry. */
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
  /** `a` where the condition is not 0, else `b`; the derivative goes to the one chosen. */
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
  /** A vector of numbers. */
  readonly stack: (values: readonly Operand[]) => Value;
  /**
   * The carries after each step: `step(carry, entries)` is called with the entries of the sequences at one place after the other. Each step
   * is traced, so that a scan over T entries is T copies of its formula.
   */
  readonly scan: <C>(
    step: (carry: C, entries: Value[], place: number) => C,
    initial: C,
    sequences: readonly Operand[],
  ) => C[];
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
    ...reductions(trace, out),
    ...matrices(trace, out),
    ...places(trace, out),
  };
}

type Wrap = (node: Node) => Value;

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

function vectorOf(trace: Trace, operation: string, x: Operand): Node {
  const node = trace.node(x, operation);
  if (node.shape.length === 1) return node;
  throw new DimensionError(`${operation} of ${trace.call(node)}, expected a vector`);
}

function matrixOf(trace: Trace, operation: string, x: Operand, square = false): Node {
  const node = trace.node(x, operation);
  if (node.shape.length === 2 && (!square || node.shape[0] === node.shape[1])) return node;
  throw new DimensionError(
    `${operation} of ${trace.call(node)}, expected a ${square ? "square " : ""}matrix`,
  );
}

function matrices(trace: Trace, out: Wrap) {
  const { graph } = trace;
  const diagonal = (a: Node): Node => {
    const indices = Int32Array.from({ length: a.shape[0] }, (_, i) => i * (a.shape[0] + 1));
    return graph.make("gather", [a], [a.shape[0]], { indices });
  };
  const misfit = (name: string, a: Node, b: Node) =>
    new DimensionError(`${name} of ${trace.call(a)} and ${trace.call(b)}, which do not fit`);
  return {
    matmul(a: Operand, b: Operand) {
      const left = matrixOf(trace, "matmul", a);
      const right = trace.node(b, "matmul");
      if (right.shape[0] !== left.shape[1]) throw misfit("matmul", left, right);
      const isMatrix = right.shape.length === 2;
      if (isMatrix) return out(graph.make("matrixProduct", [left, right], [left.shape[0], right.shape[1]]));
      // Aᵀ x without making Aᵀ.
      if (left.op === "transpose" && left.inputs[0].op !== "data")
        return out(graph.make("matrixVector", [left.inputs[0], right], [left.shape[0]], { attribute: 1 }));
      return out(graph.make("matrixVector", [left, right], [left.shape[0]]));
    },
    transpose(x: Operand) {
      const node = matrixOf(trace, "transpose", x);
      if (isSymmetric(node)) return out(node);
      return out(graph.make("transpose", [node], [node.shape[1], node.shape[0]]));
    },
    outer(a: Operand, b: Operand) {
      const [u, v] = [vectorOf(trace, "outer", a), vectorOf(trace, "outer", b)];
      return out(graph.make("outer", [u, v], [u.size, v.size]));
    },
    cholesky(x: Operand) {
      const node = matrixOf(trace, "cholesky", x, true);
      return out(graph.make("cholesky", [node], node.shape));
    },
    solveTriangular(l: Operand, b: Operand, options: { readonly transposed?: boolean } = {}) {
      const left = matrixOf(trace, "solveTriangular", l, true);
      const right = trace.node(b, "solveTriangular");
      if (right.shape[0] !== left.shape[0]) throw misfit("solveTriangular", left, right);
      const attribute = options.transposed ? 1 : 0;
      return out(graph.make("triangularSolve", [left, right], right.shape, { attribute }));
    },
    logDeterminant(x: Operand) {
      const node = matrixOf(trace, "logDeterminant", x, true);
      const factor = graph.make("cholesky", [node], node.shape);
      return out(graph.mul(graph.number(2), graph.sum(graph.apply("log", diagonal(factor)))));
    },
    diagonal: (x: Operand) => out(diagonal(matrixOf(trace, "diagonal", x, true))),
  };
}

function places(trace: Trace, out: Wrap) {
  const { graph } = trace;
  const entry = (node: Node, attribute: number) => {
    if (node.op === "assemble") {
      const k = node.indices!.indexOf(attribute);
      if (k >= 0 && node.indices!.indexOf(attribute, k + 1) < 0) return node.inputs[k];
    }
    return graph.make("element", [node], [], { attribute });
  };
  const range = (start: number, end: number) => Int32Array.from({ length: end - start }, (_, k) => start + k);
  return {
    at(x: Operand, i: number, j?: number) {
      const node = trace.node(x, "at");
      const [rows, columns = 1] = node.shape;
      if (node.shape.length !== (j === undefined ? 1 : 2))
        throw new DimensionError(`at(${i}${j === undefined ? "" : `, ${j}`}) of ${trace.call(node)}`);
      return out(entry(node, place("at", i, rows) * columns + place("at", j ?? 0, columns)));
    },
    row(x: Operand, i: number) {
      const node = matrixOf(trace, "row", x);
      const [rows, columns] = node.shape;
      const start = place("row", i, rows) * columns;
      return out(graph.make("gather", [node], [columns], { indices: range(start, start + columns) }));
    },
    slice(x: Operand, start: number, end?: number) {
      const node = vectorOf(trace, "slice", x);
      const last = end === undefined ? node.size : end < 0 ? node.size + end : end;
      const first = place("slice", start, node.size);
      if (!(Number.isInteger(last) && last > first && last <= node.size))
        throw new ArgumentError(`slice from ${start} to ${end} of ${trace.call(node)} has no entries`);
      return out(graph.make("gather", [node], [last - first], { indices: range(first, last) }));
    },
    gather(x: Operand, indices: ArrayLike<number>) {
      const node = vectorOf(trace, "gather", x);
      const list = Int32Array.from(indices, (i) => place("gather", i, node.size));
      return out(graph.make("gather", [node], [list.length], { indices: list }));
    },
    scatter(x: Operand, indices: ArrayLike<number>, length: number) {
      const node = vectorOf(trace, "scatter", x);
      const list = Int32Array.from(indices, (i) => place("scatter", i, length));
      if (list.length !== node.size)
        throw new DimensionError(`scatter of ${trace.call(node)} to ${list.length} places`);
      return out(graph.make("scatter", [node], [length], { indices: list }));
    },
    stack(values: readonly Operand[]) {
      const nodes = values.map((value) => trace.node(value, "stack"));
      const bad = nodes.find(({ shape }) => shape.length > 0);
      if (bad || nodes.length === 0)
        throw new DimensionError(`stack of ${bad ? trace.call(bad) : "nothing"}, expected numbers`);
      const indices = Int32Array.from(nodes.keys());
      return out(graph.make("assemble", nodes, [nodes.length], { indices }));
    },
    scan<C>(
      step: (carry: C, entries: Value[], place: number) => C,
      initial: C,
      sequences: readonly Operand[],
    ): C[] {
      const nodes = sequences.map((sequence) => vectorOf(trace, "scan", sequence));
      const other = nodes.find(({ size }) => size !== nodes[0].size);
      if (other) throw new DimensionError(`scan over ${trace.call(nodes[0])} and ${trace.call(other)}`);
      const carries: C[] = [];
      let carry = initial;
      for (let t = 0; t < (nodes[0]?.size ?? 0); t++) {
        carry = step(
          carry,
          nodes.map((node) => out(entry(node, t))),
          t,
        );
        carries.push(carry);
      }
      return carries;
    },
  };
}

/** Returns a place in `length` entries; below 0 it counts from the end. */
function place(operation: string, i: number, length: number): number {
  const found = i < 0 ? length + i : i;
  if (Number.isInteger(found) && found >= 0 && found < length) return found;
  throw new ArgumentError(`${operation} was given the place ${i}; there are ${length}`);
}
