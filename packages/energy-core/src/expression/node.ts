/** The values of a formula, before anything is said of what their operations do. */
import { ArgumentError } from "../errors.ts";

/** Names of the elementwise functions. */
export type ElementwiseName =
  | ("add" | "sub" | "mul" | "div" | "neg" | "abs" | "sqrt" | "floor" | "min" | "max")
  | ("less" | "lessEqual" | "equal" | "where" | "exponent" | "mantissa" | "twoTo")
  | (
      | "exp"
      | "log"
      | "log1p"
      | "log1pRatio"
      | "share"
      | "expm1"
      | "tanh"
      | "sigmoid"
      | "sigmoidSlope"
      | "softplus"
    )
  | ("lgamma" | "digamma" | "trigamma" | "tetragamma")
  | ("erf" | "erfcx" | "normalCdf" | "logNormalCdf" | "normalHazard");

/** The operations that are no elementwise function; kernels.ts has what each does, differentiate.ts its derivative. */
export type StructuralName = keyof typeof structural;

const structural = {
  ...{ state: true, data: true, argument: true, sum: true, maximum: true, fill: true, element: true },
  ...{ assemble: true, part: true, pad: true, scan: true },
  ...{ gather: true, scatter: true, cumulativeSum: true, matrixVector: true, outer: true },
  ...{ matrixProduct: true, transpose: true, reshape: true, cholesky: true, triangularSolve: true },
};

export type OperationName = ElementwiseName | StructuralName;

/** Row-major shape: `[]`, `[n]` or `[rows, columns]`. */
export type Shape = readonly number[];

/** One value of a formula: an operation and what it is applied to. */
export class Node {
  /** Ascending in the order of making, so that inputs come before what is made of them. */
  readonly id: number;
  readonly op: OperationName;
  readonly isElementwise: boolean;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly size: number;
  /** What the operation needs beside its inputs: a place, a flag. */
  readonly attribute: number;
  /** Places in the input (`gather`) or the result (`scatter`, `assemble`). */
  readonly indices: Int32Array | undefined;
  /** The numbers of `data`. */
  readonly values: Float64Array | undefined;
  /** What a `scan` does at each step. */
  readonly body: Body | undefined;

  constructor(
    id: number,
    op: OperationName,
    inputs: readonly Node[],
    shape: Shape,
    { attribute = 0, indices, values, body }: Extra = {},
  ) {
    this.id = id;
    this.op = op;
    this.isElementwise = (structural as Readonly<Record<string, true | undefined>>)[op] === undefined;
    this.inputs = inputs;
    this.shape = shape;
    this.size = shape.length === 0 ? 1 : shape.length === 1 ? shape[0] : shape[0] * shape[1];
    this.attribute = attribute;
    this.indices = indices;
    this.values = values;
    this.body = body;
  }

  /** A formula sees nodes as its values: an operator of JavaScript would make NaN of one, or text. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return `[${describe(this.shape)}]`;
    throw new ArgumentError(
      `JavaScript's operators, comparisons and Math work on no value of a formula (here ${describe(this.shape)}); use the operations, such as add, mul, less and where`,
    );
  }
}

export interface Extra {
  readonly attribute?: number;
  readonly indices?: Int32Array;
  readonly values?: Float64Array;
  readonly body?: Body;
}

/**
 * One step of a scan. The inputs of the scan are the carries at first, the sequences, and values from outside that its
 * steps read.
 */
export interface BodyOf<N> {
  readonly steps: number;
  /** Whether the last entries come first. */
  readonly isReversed: boolean;
  /** Arguments that stand for the carries before a step, and for the entries of the sequences. */
  readonly carries: readonly N[];
  readonly entries: readonly N[];
  /** The carries after a step, and numbers that are kept of each step, and summed over all. */
  readonly next: readonly N[];
  readonly each: readonly N[];
  readonly sums: readonly N[];
  /** The nodes that depend on the arguments, themselves included, inputs first. */
  readonly nodes: readonly N[];
}

export type Body = BodyOf<Node>;

/** Finds the array that a node's numbers are in. */
export type Place = (node: Node) => Float64Array;

/** Makes elementwise functions of nodes. */
export interface Elements {
  /** Returns the constant `value`. */
  number(value: number): Node;
  /** Returns an elementwise function of inputs that have one shape or are numbers. */
  apply(op: ElementwiseName, ...inputs: Node[]): Node;
  add(a: Node, b: Node): Node;
  mul(a: Node, b: Node): Node;
}

/** Whether a node is a constant number. */
export function isNumber(node: Node): boolean {
  return node.op === "data" && node.shape.length === 0;
}

export function isZero(node: Node): boolean {
  return isNumber(node) && node.values![0] === 0;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Returns what a shape is called in messages. */
export function describe(shape: Shape): string {
  if (shape.length === 0) return "a number";
  return shape.length === 1 ? `a vector of ${shape[0]}` : `a matrix of ${shape[0]} × ${shape[1]}`;
}

/**
 * Returns the nodes that `roots` depend on, themselves included, inputs first; with those of steps of scans if asked.
 */
export function reachable(roots: readonly Node[], withSteps = false): Node[] {
  const found: (Node | undefined)[] = new Array(1 + roots.reduce((most, { id }) => Math.max(most, id), 0));
  for (const root of roots) found[root.id] = root;
  const list: Node[] = [];
  // What a node is made of has lower numbers.
  for (let id = found.length - 1; id >= 0; id--) {
    const node = found[id];
    if (node === undefined) continue;
    list.push(node);
    const { inputs, body } = node;
    for (let k = 0; k < inputs.length; k++) found[inputs[k].id] = inputs[k];
    if (!withSteps || body === undefined) continue;
    for (const nodes of [body.carries, body.entries, body.next, body.each, body.sums])
      for (const inner of nodes) found[inner.id] = inner;
  }
  return list.reverse();
}
