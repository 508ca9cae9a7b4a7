import { elementwise, isElementwise } from "./elementwise.ts";
import type { Graph } from "./graph.ts";
import { type Node, reachable, type Shape, type StructuralName } from "./node.ts";
import { type Slice, scanAdjoints } from "./scan-adjoints.ts";

type Adjoints = (Node | undefined)[];
type Rule = (graph: Graph, adjoint: Node, node: Node) => Adjoints;

/**
 * Returns ∂`value`/∂`leaf` as a node of the same graph for each leaf, by the reverse mode; undefined where `value`
 * does not depend on it. A derivative that is the same in every entry may come as a number.
 */
export function differentiate(graph: Graph, value: Node, leaves: readonly Node[]): Adjoints {
  return pullBack(graph, [{ node: value, adjoint: graph.number(1) }], leaves, reachable([value]));
}

/** Returns the adjoints of leaves, of those of what is made of them by the nodes of `order`, inputs first. */
function pullBack(
  graph: Graph,
  seeds: readonly { readonly node: Node; readonly adjoint: Node }[],
  leaves: readonly Node[],
  order: readonly Node[],
): Adjoints {
  const last = leaves.reduce((most, { id }) => Math.max(most, id), order.at(-1)?.id ?? 0);
  const depends = new Uint8Array(1 + last);
  const wanted = new Set(leaves);
  for (const { id } of leaves) depends[id] = 1;
  for (const node of order) if (node.inputs.some(({ id }) => depends[id] === 1)) depends[node.id] = 1;
  const isNeeded = ({ id }: Node) => depends[id] === 1;
  const adjoints = new Adjoint(graph);
  for (const { node, adjoint } of seeds) adjoints.add(node, adjoint);
  for (let k = order.length - 1; k >= 0; k--) {
    const node = order[k];
    if (!isNeeded(node) || wanted.has(node)) continue;
    graph.onDerive?.(node);
    if (node.op === "scan") {
      const slices = adjoints.slicesOf(node);
      const parts = slices ? scanAdjoints(graph, node, slices, isNeeded, pullBack) : [];
      for (const [i, part] of parts.entries()) if (part) adjoints.add(node.inputs[i], part);
      continue;
    }
    const adjoint = adjoints.of(node);
    if (adjoint === undefined) continue;
    const [first] = node.inputs;
    if (node.op === "element") adjoints.addEntry(first, node.attribute, adjoint);
    else if (node.op === "part" && first.op === "scan")
      adjoints.addSlice(first, { offset: node.attribute, node: full(graph, adjoint, node.shape) });
    else {
      const parts = isElementwise(node.op)
        ? elementwise[node.op].derive(graph, adjoint, node)
        : structural[node.op](graph, adjoint, node);
      for (let i = 0; i < parts.length; i++) {
        const part = parts[i];
        if (part && isNeeded(node.inputs[i]))
          adjoints.add(node.inputs[i], reduced(graph, part, node.inputs[i], node));
      }
    }
  }
  graph.onDerive?.();
  return leaves.map((leaf) => adjoints.of(leaf));
}

/** The adjoints so far: whole ones, single entries of vectors, which come together in one node, and slices of scans. */
class Adjoint {
  readonly #graph: Graph;
  readonly #whole: (Node | undefined)[] = [];
  readonly #entries = new Map<number, { places: number[]; parts: Node[] }>();
  readonly #slices = new Map<number, Slice[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  add(node: Node, part: Node): void {
    const known = this.#whole[node.id];
    this.#whole[node.id] = known ? this.#graph.add(known, part) : part;
  }

  addEntry(node: Node, place: number, part: Node): void {
    let known = this.#entries.get(node.id);
    if (known === undefined) {
      known = { places: [], parts: [] };
      this.#entries.set(node.id, known);
    }
    known.places.push(place);
    known.parts.push(part);
  }

  addSlice({ id }: Node, slice: Slice): void {
    const known = this.#slices.get(id);
    if (known) known.push(slice);
    else this.#slices.set(id, [slice]);
  }

  slicesOf({ id }: Node): readonly Slice[] | undefined {
    return this.#slices.get(id);
  }

  of(node: Node): Node | undefined {
    const entries = this.#entries.size > 0 ? this.#entries.get(node.id) : undefined;
    if (entries) {
      this.#entries.delete(node.id);
      const indices = Int32Array.from(entries.places);
      this.add(node, this.#graph.make("assemble", entries.parts, node.shape, { indices }));
    }
    return this.#whole[node.id];
  }
}

/** Returns the part of an elementwise result that belongs to an input: a number's is the sum over all entries. */
function reduced(graph: Graph, part: Node, input: Node, node: Node): Node {
  if (!node.isElementwise || input.shape.length > 0 || node.shape.length === 0) return part;
  return part.shape.length === 0 ? graph.mul(graph.number(node.size), part) : graph.sum(part);
}

/** The lower triangle of ones of an n × n matrix, its diagonal `diagonal`. */
function triangle(graph: Graph, n: number, diagonal: number): Node {
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) values[i * n + j] = i === j ? diagonal : 1;
  return graph.data(values, [n, n]);
}

const transposed = (graph: Graph, a: Node): Node => graph.make("transpose", [a], [a.shape[1], a.shape[0]]);
const product = (graph: Graph, a: Node, b: Node): Node =>
  graph.make("matrixProduct", [a, b], [a.shape[0], b.shape[1]]);
const solve = (graph: Graph, l: Node, b: Node, isTransposed: boolean): Node =>
  graph.make("triangularSolve", [l, b], b.shape, { attribute: isTransposed ? 1 : 0 });
const full = (graph: Graph, adjoint: Node, shape: Shape): Node => graph.fill(adjoint, shape);
const none: Rule = () => [];

const structural: Record<StructuralName, Rule> = {
  state: none,
  data: none,
  argument: none,
  element: none,
  scan: none,
  // Where it is used, in log-sum-exp, the choice of the shift does not matter.
  maximum: none,
  sum: (_, adjoint) => [adjoint],
  fill: (graph, adjoint, { size }) => [
    adjoint.shape.length === 0 ? graph.mul(graph.number(size), adjoint) : graph.sum(adjoint),
  ],
  assemble: (graph, adjoint, { inputs, indices }) =>
    inputs.map((_, k) =>
      adjoint.shape.length === 0 ? adjoint : graph.make("element", [adjoint], [], { attribute: indices![k] }),
    ),
  part: (graph, adjoint, { inputs: [a], shape, attribute }) => [
    graph.make("pad", [full(graph, adjoint, shape)], a.shape, { attribute }),
  ],
  pad: (graph, adjoint, { inputs: [a], attribute }) => [
    adjoint.shape.length === 0 ? adjoint : graph.part(adjoint, attribute, a.shape),
  ],
  gather: (graph, adjoint, { inputs: [a], shape, indices }) => [
    graph.make("scatter", [full(graph, adjoint, shape)], a.shape, { indices }),
  ],
  scatter: (graph, adjoint, { inputs: [a], indices }) => [
    adjoint.shape.length === 0 ? adjoint : graph.make("gather", [adjoint], a.shape, { indices }),
  ],
  cumulativeSum: (graph, adjoint, { shape, attribute }) => [
    graph.make("cumulativeSum", [full(graph, adjoint, shape)], shape, { attribute: 1 - attribute }),
  ],
  matrixVector(graph, adjoint, { inputs: [a, x], shape, attribute }) {
    const g = full(graph, adjoint, shape);
    const byVector = graph.make("matrixVector", [a, g], x.shape, {
      attribute: isSymmetric(a) ? 0 : 1 - attribute,
    });
    if (a.op === "data") return [undefined, byVector];
    return [graph.make("outer", attribute === 0 ? [g, x] : [x, g], a.shape), byVector];
  },
  outer(graph, adjoint, { inputs: [u, v], shape }) {
    const g = full(graph, adjoint, shape);
    return [
      graph.make("matrixVector", [g, v], u.shape),
      graph.make("matrixVector", [g, u], v.shape, { attribute: 1 }),
    ];
  },
  matrixProduct(graph, adjoint, { inputs: [a, b], shape }) {
    const g = full(graph, adjoint, shape);
    return [product(graph, g, transposed(graph, b)), product(graph, transposed(graph, a), g)];
  },
  transpose: (graph, adjoint) => [adjoint.shape.length === 0 ? adjoint : transposed(graph, adjoint)],
  reshape: (graph, adjoint, { inputs: [a] }) => [
    adjoint.shape.length === 0 ? adjoint : graph.make("reshape", [adjoint], a.shape),
  ],
  // Ā = ½ L⁻ᵀ (P + Pᵀ) L⁻¹ with P = Φ(Lᵀ L̄), Φ the lower triangle with half its diagonal (Murray 2016); the
  // lower triangle alone is read.
  cholesky(graph, adjoint, node) {
    const n = node.shape[0];
    const lower = graph.mul(triangle(graph, n, 1), full(graph, adjoint, node.shape));
    const p = graph.mul(triangle(graph, n, 0.5), product(graph, transposed(graph, node), lower));
    const both = graph.add(p, transposed(graph, p));
    const left = solve(graph, node, both, true);
    const whole = transposed(graph, solve(graph, node, transposed(graph, left), true));
    return [graph.mul(triangle(graph, n, 0.5), whole)];
  },
  triangularSolve(graph, adjoint, node) {
    const [l, b] = node.inputs;
    const isTransposed = node.attribute === 1;
    const g = solve(graph, l, full(graph, adjoint, b.shape), !isTransposed);
    if (l.op === "data") return [undefined, g];
    const [rows, columns] = isTransposed ? [node, g] : [g, node];
    const whole =
      b.shape.length === 1
        ? graph.make("outer", [rows, columns], l.shape)
        : product(graph, rows, transposed(graph, columns));
    return [graph.apply("neg", graph.mul(triangle(graph, l.shape[0], 1), whole)), g];
  },
};

const symmetric = new WeakMap<Float64Array, boolean>();

/** Whether a constant matrix is its own transpose, to the bit. */
export function isSymmetric({ values, shape: [rows, columns] }: Node): boolean {
  if (values === undefined || rows !== columns) return false;
  let known = symmetric.get(values);
  if (known === undefined) {
    known = true;
    for (let i = 0; i < rows && known; i++)
      for (let j = 0; j < i && known; j++) known = values[i * rows + j] === values[j * rows + i];
    symmetric.set(values, known);
  }
  return known;
}
