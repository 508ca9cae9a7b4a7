import { ArgumentError, checkNumber } from "../errors.ts";
import type { MatrixLike } from "../matrix.ts";
import { readData } from "./data.ts";
import type { Graph } from "./graph.ts";
import type { Node, Shape } from "./node.ts";

/** A part of a state with its possible values. Made by {@link real}, {@link positive} and similar functions. */
export interface Support {
  /** What it is called in messages. */
  readonly name: string;
  /** Shape of its values: `[]`, `[n]` or `[rows, columns]`. */
  readonly shape: readonly number[];
  /** Free coordinates, of which its values are made. */
  readonly free: number;
  /** Whether it takes every real value. */
  readonly unbounded: boolean;
  /**
   * Returns its values as a function of its free coordinates (a number for a number, otherwise a vector), and log |det
   * ∂values/∂coordinates|.
   */
  readonly constrain: (graph: Graph, free: Node) => { readonly value: Node; readonly logJacobian?: Node };
}

const size = (shape: Shape) => shape.reduce((product, length) => product * length, 1);

function checkShape(shape: readonly number[]): readonly number[] {
  for (const length of shape) checkNumber("a length of a part", length, { min: 1, integer: true });
  if (shape.length <= 2) return shape;
  throw new ArgumentError(`a part has ${shape.length} axes, expected at most 2: rows and columns`);
}

/**
 * Returns a part with any real value: a number, or with `shape` a vector or a matrix.
 *
 * @example
 * ```ts
 * import { real } from "@basin/energy-core/expression";
 *
 * console.log(real(8).free); // 8
 * ```
 */
export function real(...shape: number[]): Support {
  checkShape(shape);
  const constrain: Support["constrain"] = (graph, free) => ({
    value: shape.length === 2 ? graph.make("reshape", [free], shape) : free,
  });
  return { name: "real", shape, free: size(shape), unbounded: true, constrain };
}

/**
 * Returns a part that is a vector of `length` reals.
 *
 * @example
 * ```ts
 * import { vector } from "@basin/energy-core/expression";
 *
 * console.log(vector(8).shape); // [8]
 * ```
 */
export function vector(length: number): Support {
  return real(length);
}

/**
 * Returns a part that is a matrix of reals.
 *
 * @example
 * ```ts
 * import { matrixPart } from "@basin/energy-core/expression";
 *
 * console.log(matrixPart(2, 3).free); // 6
 * ```
 */
export function matrixPart(rows: number, columns: number): Support {
  return real(rows, columns);
}

/**
 * Returns a part whose values lie between `low` and `high`, of which one may be infinite: low + e^u, high − e^u, or
 * low + (high − low) / (1 + e^−u) of a free coordinate u.
 *
 * @example
 * ```ts
 * import { interval } from "@basin/energy-core/expression";
 *
 * console.log(interval(0, 1).name); // "interval from 0 to 1"
 * ```
 *
 * @throws {ArgumentError} when `low` is not below `high`.
 */
export function interval(low: number, high: number, ...shape: number[]): Support {
  checkShape(shape);
  if (!(low < high)) throw new ArgumentError(`the interval is from ${low} to ${high}, expected low < high`);
  if (low === -Infinity && high === Infinity) return real(...shape);
  const constrain: Support["constrain"] = (graph, u) => {
    const value = boundedValue(graph, u, low, high);
    const shaped = shape.length === 2 ? graph.make("reshape", [value], shape) : value;
    if (low === -Infinity || high === Infinity) return { value: shaped, logJacobian: graph.sum(u) };
    const [above, below] = [u, graph.apply("neg", u)].map((v) => graph.apply("softplus", v));
    const width = graph.number(Math.log(high - low) * u.size);
    return {
      value: shaped,
      logJacobian: graph.apply("sub", width, graph.sum(graph.add(above, below))),
    };
  };
  const name = `interval from ${low} to ${high}`;
  return { name, shape, free: size(shape), unbounded: false, constrain };
}

function boundedValue(graph: Graph, u: Node, low: number, high: number): Node {
  if (high === Infinity) return graph.add(graph.number(low), graph.apply("exp", u));
  if (low === -Infinity) return graph.apply("sub", graph.number(high), graph.apply("exp", u));
  return graph.add(graph.number(low), graph.mul(graph.number(high - low), graph.apply("sigmoid", u)));
}

/**
 * Returns a part whose values are above 0: e^u of a free coordinate u.
 *
 * @example
 * ```ts
 * import { positive } from "@basin/energy-core/expression";
 *
 * console.log(positive().name); // "positive"
 * ```
 */
export function positive(...shape: number[]): Support {
  return { ...interval(0, Infinity, ...shape), name: "positive" };
}

/**
 * Returns a part that is a vector in ascending order: x_0 = u_0, x_k = x_{k−1} + e^{u_k}.
 *
 * @example
 * ```ts
 * import { ordered } from "@basin/energy-core/expression";
 *
 * console.log(ordered(3).free); // 3
 * ```
 */
export function ordered(length: number): Support {
  checkShape([length]);
  const isStep = Float64Array.from({ length }, (_, k) => (k === 0 ? 0 : 1));
  const constrain: Support["constrain"] = (graph, u) => {
    const mask = graph.data(isStep, [length]);
    const steps = graph.apply("where", mask, graph.apply("exp", u), u);
    const logJacobian = graph.sum(graph.mul(mask, u));
    return { value: graph.make("cumulativeSum", [steps], [length]), logJacobian };
  };
  return { name: "ordered", shape: [length], free: length, unbounded: true, constrain };
}

/**
 * Returns a part that is a vector of `length` probabilities that sum to 1, by Stan's stick-breaking: x_k = r_k / (1 +
 * e^{−u_k + log(length − 1 − k)}), where r_k is 1 minus the sum of the entries before.
 *
 * @example
 * ```ts
 * import { simplex } from "@basin/energy-core/expression";
 *
 * console.log(simplex(4).free); // 3
 * ```
 */
export function simplex(length: number): Support {
  checkNumber("the length of a simplex", length, { min: 2, integer: true });
  const free = length - 1;
  const shift = Float64Array.from({ length: free }, (_, k) => Math.log(free - k));
  const constrain: Support["constrain"] = (graph, u) => {
    const w = graph.apply("sub", u, graph.data(shift, [free]));
    const logTaken = graph.apply("neg", graph.apply("softplus", graph.apply("neg", w)));
    const logLeft = graph.apply("neg", graph.apply("softplus", w));
    const after = graph.make("cumulativeSum", [logLeft], [free]);
    const before = graph.apply("sub", after, logLeft);
    const first = graph.apply("exp", graph.add(before, logTaken));
    const rest = graph.apply("exp", graph.make("element", [after], [], { attribute: free - 1 }));
    const head = graph.make("scatter", [first], [length], {
      indices: Int32Array.from({ length: free }, (_, k) => k),
    });
    const last = graph.make("assemble", [rest], [length], { indices: Int32Array.of(free) });
    return { value: graph.add(head, last), logJacobian: graph.sum(graph.add(logTaken, after)) };
  };
  return { name: "simplex", shape: [length], free, unbounded: false, constrain };
}

/**
 * Returns a part that is a vector of length 1 in `length` dimensions: y / |y| of free coordinates y, whose radius
 * has the law of a standard normal y.
 *
 * @example
 * ```ts
 * import { unitVector } from "@basin/energy-core/expression";
 *
 * console.log(unitVector(3).free); // 3
 * ```
 */
export function unitVector(length: number): Support {
  checkNumber("the length of a unit vector", length, { min: 2, integer: true });
  const constrain: Support["constrain"] = (graph, y) => {
    const squares = graph.sum(graph.mul(y, y));
    return {
      value: graph.apply("div", y, graph.apply("sqrt", squares)),
      logJacobian: graph.mul(graph.number(-0.5), squares),
    };
  };
  return { name: "unit vector", shape: [length], free: length, unbounded: true, constrain };
}

/**
 * Returns a part that is the lower Cholesky factor L of a correlation matrix LLᵀ: L_ij = z_ij (1 − Σ_{k<j}
 * L_ik²)^½ below the diagonal, z = tanh u of size (size − 1) / 2 free coordinates.
 *
 * @example
 * ```ts
 * import { choleskyCorrelation } from "@basin/energy-core/expression";
 *
 * console.log(choleskyCorrelation(3).free); // 3
 * ```
 */
export function choleskyCorrelation(n: number): Support {
  checkNumber("the size of a correlation matrix", n, { min: 2, integer: true });
  const free = (n * (n - 1)) / 2;
  const first = (i: number) => (i * (i - 1)) / 2;
  const places = new Int32Array(free);
  const unit = new Float64Array(n * n);
  const halves = new Float64Array(n * n * free);
  const below = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    unit[i * n + i] = 1;
    for (let j = 0; j < i; j++) [places[first(i) + j], below[i * n + j]] = [i * n + j, 1];
    for (let j = 0; j <= i; j++) for (let k = 0; k < j; k++) halves[(i * n + j) * free + first(i) + k] = 0.5;
  }
  const constrain: Support["constrain"] = (graph, u) => {
    const z = graph.apply("tanh", u);
    const twice = graph.mul(graph.number(2), u);
    const both = graph.add(
      graph.apply("softplus", twice),
      graph.apply("softplus", graph.apply("neg", twice)),
    );
    // log(1 − z²), and of every entry log (1 − Σ_{k<j} L_ik²)^½.
    const logs = graph.apply("sub", graph.number(Math.log(4)), both);
    const scale = graph.make("matrixVector", [graph.data(halves, [n * n, free]), logs], [n * n]);
    const entries = graph.add(
      graph.make("scatter", [z], [n * n], { indices: places }),
      graph.data(unit, [n * n]),
    );
    const value = graph.make("reshape", [graph.mul(entries, graph.apply("exp", scale))], [n, n]);
    const rows = graph.sum(graph.mul(graph.data(below, [n * n]), scale));
    return { value, logJacobian: graph.add(graph.sum(logs), rows) };
  };
  return {
    name: "Cholesky factor of a correlation matrix",
    shape: [n, n],
    free,
    unbounded: false,
    constrain,
  };
}

/** Parameters that training may change; they are not part of the state. Made by {@link learnable}. */
export interface Learnable {
  /** Shape of its values: `[]`, `[n]` or `[rows, columns]`. */
  readonly shape: readonly number[];
  /** Its values at first, by rows. */
  readonly initial: Float64Array;
}

/**
 * Returns a part that training may change, with its values at first (copied).
 *
 * @example
 * ```ts
 * import { expression, learnable, real } from "@basin/energy-core/expression";
 *
 * const well = expression({ x: real(), depth: learnable(2) }, ({ x, depth }, { mul, square }) => mul(depth, square(x)));
 * const slope = new Float64Array(1);
 * well.can.parameters.addGradient(Float64Array.of(3), 1, slope);
 * console.log(slope[0]); // ∂E/∂depth = 9
 * ```
 */
export function learnable(initial: number | ArrayLike<number> | MatrixLike): Learnable {
  if (typeof initial === "number")
    return { shape: [], initial: Float64Array.of(checkNumber("initial", initial)) };
  const { values, shape } = readData(initial, "learnable");
  return { shape, initial: values.slice() };
}
