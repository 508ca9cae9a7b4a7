import { DimensionError } from "../errors.ts";
import { elementwise, isElementwise } from "./elementwise.ts";
import { runNode } from "./kernels.ts";
import {
  type Body,
  describe,
  type Elements,
  type ElementwiseName,
  type Extra,
  isNumber,
  isZero,
  Node,
  type OperationName,
  type Shape,
  type StructuralName,
  sameShape,
} from "./node.ts";
import { NodeTable } from "./node-table.ts";

const NUMBER: Shape = [];
const PLAIN: Extra = {};

/** Makes the nodes of one formula: each once, constants computed at once, and what adds nothing left out. */
export class Graph implements Elements {
  readonly nodes: Node[] = [];
  /** Called with every node as it is made. */
  onMake: ((node: Node) => void) | undefined;
  /** Called with every constant that an operation makes of others. */
  onFold: ((node: Node, op: OperationName) => void) | undefined;
  /** Called with every node before its slopes are made, and with nothing after the last. */
  onDerive: ((node?: Node) => void) | undefined;
  readonly #numbers = new Map<number, Node>();
  readonly #states: Node[] = [];
  readonly #made = new NodeTable();

  /** Returns the constant `value`. */
  number(value: number): Node {
    const found = Object.is(value, -0) ? undefined : this.#numbers.get(value);
    if (found) return found;
    const node = this.data(Float64Array.of(value), NUMBER);
    if (!Object.is(value, -0)) this.#numbers.set(value, node);
    return node;
  }

  /** Returns the constant array `values` (not copied). */
  data(values: Float64Array, shape: Shape): Node {
    return this.#enlist(new Node(this.nodes.length, "data", [], shape, { values }));
  }

  /** Returns the coordinates of the state from `offset` on. */
  state(offset: number, shape: Shape): Node {
    const known = this.#states.find((node) => node.attribute === offset && sameShape(node.shape, shape));
    if (known) return known;
    const node = new Node(this.nodes.length, "state", [], shape, { attribute: offset });
    this.nodes.push(node);
    this.#states.push(node);
    return node;
  }

  /** Returns what stands for a carry or an entry in the step of a scan. */
  argument(shape: Shape): Node {
    return this.#enlist(new Node(this.nodes.length, "argument", [], shape));
  }

  /** Returns a scan with this step, over the carries at first, the sequences and what it reads. */
  scan(inputs: readonly Node[], length: number, body: Body): Node {
    return this.#enlist(new Node(this.nodes.length, "scan", inputs, [length], { body }));
  }

  /** Returns the entries of `a` from `offset` on, with a shape of their own. */
  part(a: Node, offset: number, shape: Shape): Node {
    return sameShape(a.shape, shape) ? a : this.make("part", [a], shape, { attribute: offset });
  }

  /** Returns an elementwise function of inputs that have one shape or are numbers. */
  apply(op: ElementwiseName, ...inputs: Node[]): Node {
    const simpler = this.#simplify(op, inputs);
    if (simpler) return simpler;
    let shape = NUMBER;
    for (const input of inputs) {
      if (input.shape.length === 0) continue;
      if (shape.length === 0) shape = input.shape;
      else if (!sameShape(shape, input.shape))
        throw new DimensionError(`${op} of ${describe(shape)} and ${describe(input.shape)}`);
    }
    return this.#make(op, inputs, shape, PLAIN);
  }

  /** Returns a node of any other operation. */
  make(op: StructuralName, inputs: readonly Node[], shape: Shape, extra: Extra = PLAIN): Node {
    // A factor that is the same everywhere is taken out of a product, so that equal products are found.
    if (op === "matrixVector" && inputs[1].op === "mul" && inputs[1].inputs[0].shape.length === 0) {
      const [factor, rest] = inputs[1].inputs;
      return this.mul(factor, this.make(op, [inputs[0], rest], shape, extra));
    }
    if (op === "matrixVector" && inputs[1].op === "neg")
      return this.apply("neg", this.make(op, [inputs[0], inputs[1].inputs[0]], shape, extra));
    return this.#make(op, inputs, shape, extra);
  }

  add(a: Node, b: Node): Node {
    return this.apply("add", a, b);
  }

  mul(a: Node, b: Node): Node {
    return this.apply("mul", a, b);
  }

  /** Returns Σ of all entries. */
  sum(a: Node): Node {
    if (a.op === "fill") return this.mul(this.number(a.size), a.inputs[0]);
    if (a.shape.length === 0) return a;
    // A factor that is the same everywhere is taken out.
    if (a.op === "mul") {
      const [x, y] = a.inputs;
      if (x.shape.length === 0) return this.mul(x, this.sum(y));
      if (y.shape.length === 0) return this.mul(y, this.sum(x));
    }
    if (a.op === "neg") return this.apply("neg", this.sum(a.inputs[0]));
    return this.make("sum", [a], []);
  }

  /** Returns `a` as an array of `shape`, which it has already or every entry of which it is. */
  fill(a: Node, shape: Shape): Node {
    return sameShape(a.shape, shape) ? a : this.make("fill", [a], shape);
  }

  #make(op: OperationName, inputs: readonly Node[], shape: Shape, extra: Extra): Node {
    const known = this.#made.find(op, inputs, shape, extra);
    if (known) return known;
    const node = new Node(this.nodes.length, op, inputs, shape, extra);
    if (inputs.every((input) => input.op === "data")) {
      const constant = expanded(this, node) ?? this.#constant(runNode(node), shape);
      this.onFold?.(constant, op);
      return constant;
    }
    return this.#enlist(node);
  }

  #enlist(node: Node): Node {
    this.nodes.push(node);
    this.onMake?.(node);
    if (node.inputs.length > 0) this.#made.add(node);
    return node;
  }

  /** Returns a node as it was made in another graph; inputs come before what is made of them. */
  adopt(op: OperationName, inputs: readonly Node[], shape: Shape, extra: Extra): Node {
    const node = new Node(this.nodes.length, op, inputs, shape, extra);
    if (op === "state") this.#states.push(node);
    if (isNumber(node) && !Object.is(node.values![0], -0)) this.#numbers.set(node.values![0], node);
    return this.#enlist(node);
  }

  #constant(values: Float64Array, shape: Shape): Node {
    return shape.length === 0 ? this.number(values[0]) : this.data(values, shape);
  }

  /** Returns a shorter way to the same value, bit for bit but for the merging of constant factors. */
  #simplify(op: ElementwiseName, [a, b]: readonly Node[]): Node | undefined {
    switch (op) {
      case "add":
        if (isZero(b)) return a;
        if (isZero(a)) return b;
        if (a === b) return this.mul(this.number(2), a);
        if (b.op === "neg") return this.apply("sub", a, b.inputs[0]);
        if (a.op === "neg") return this.apply("sub", b, a.inputs[0]);
        return undefined;
      case "sub":
        if (isZero(b)) return a;
        if (isZero(a)) return this.apply("neg", b);
        if (b.op === "neg") return this.add(a, b.inputs[0]);
        return undefined;
      case "neg":
        if (a.op === "neg") return a.inputs[0];
        if (a.op === "sub") return this.apply("sub", a.inputs[1], a.inputs[0]);
        return undefined;
      case "mul":
        return this.#product(a, b);
      case "div":
        return this.#quotient(a, b);
      default:
        return undefined;
    }
  }

  #product(a: Node, b: Node): Node | undefined {
    if (!isNumber(a)) return isNumber(b) ? this.mul(b, a) : undefined;
    const factor = a.values![0];
    if (factor === 1) return b;
    if (factor === -1) return this.apply("neg", b);
    if (b.op === "neg") return this.mul(this.number(-factor), b.inputs[0]);
    if (b.op !== "mul" || !isNumber(b.inputs[0])) return undefined;
    return this.mul(this.number(factor * b.inputs[0].values![0]), b.inputs[1]);
  }

  #quotient(a: Node, b: Node): Node | undefined {
    if (b.op !== "data" || a.op === "data") return undefined;
    // A product by the reciprocal, where no reciprocal leaves the range of normal numbers.
    if (!b.values!.every((value) => Math.abs(value) > 1e-300 && Math.abs(value) < 1e300)) return undefined;
    return this.mul(this.apply("div", this.number(1), b), a);
  }
}

/** Returns a node written in simpler functions, where it has no value of its own. */
function expanded(graph: Graph, { op, inputs }: Node): Node | undefined {
  if (!isElementwise(op) || elementwise[op].evaluate) return undefined;
  return elementwise[op].expand?.(graph, ...(inputs as [Node, Node, Node]));
}
