/** Formulas that are polynomials of degree two in the spins, written out as couplings of pairs. */
import type { Quadratic } from "../../energy.ts";
import { laidOut } from "../interpret.ts";
import { type Node, reachable } from "../node.ts";

/** Says that entry `k` of a node gains `factor` · (entry p of input i) · (entry q of input j, where j is not −1). */
type Visit = (k: number, factor: number, i: number, p: number, j: number, q: number) => void;

const TOO_HIGH = 3;
/** The factor of what depends on no spin, among the factors of spins. */
const ALONE = -1;

const entryOf = (node: Node, k: number) => (node.shape.length === 0 ? 0 : k);

/** Writes a node's entries as sums of products of entries of its inputs; undefined for what is none. */
function expansion({
  op,
  inputs,
  size,
  shape,
  indices,
  attribute,
}: Node): ((visit: Visit) => void) | undefined {
  const [a, b] = inputs;
  const entries = (run: (k: number) => void) => {
    for (let k = 0; k < size; k++) run(k);
  };
  const both = (sign: number) => (visit: Visit) =>
    entries((k) => {
      visit(k, 1, 0, entryOf(a, k), -1, 0);
      visit(k, sign, 1, entryOf(b, k), -1, 0);
    });
  switch (op) {
    case "add":
      return both(1);
    case "sub":
      return both(-1);
    case "mul":
      return (visit) => entries((k) => visit(k, 1, 0, entryOf(a, k), 1, entryOf(b, k)));
    case "neg":
    case "reshape":
      return (visit) => entries((k) => visit(k, op === "neg" ? -1 : 1, 0, k, -1, 0));
    case "fill":
      return (visit) => entries((k) => visit(k, 1, 0, 0, -1, 0));
    case "element":
      return (visit) => visit(0, 1, 0, attribute, -1, 0);
    case "part":
      return (visit) => entries((k) => visit(k, 1, 0, attribute + k, -1, 0));
    case "pad":
      return (visit) => {
        for (let p = 0; p < a.size; p++) visit(attribute + p, 1, 0, p, -1, 0);
      };
    case "gather":
      return (visit) => entries((k) => visit(k, 1, 0, indices![k], -1, 0));
    case "sum":
    case "scatter":
      return (visit) => {
        for (let p = 0; p < a.size; p++) visit(op === "sum" ? 0 : indices![p], 1, 0, p, -1, 0);
      };
    case "assemble":
      return (visit) => {
        for (let i = 0; i < inputs.length; i++) visit(indices![i], 1, i, 0, -1, 0);
      };
    case "transpose":
      return (visit) =>
        entries((k) => visit(k, 1, 0, (k % shape[1]) * shape[0] + Math.floor(k / shape[1]), -1, 0));
    case "outer":
      return (visit) => entries((k) => visit(k, 1, 0, Math.floor(k / shape[1]), 1, k % shape[1]));
    case "matrixVector":
      return (visit) => {
        const columns = a.shape[1];
        for (let p = 0; p < a.size; p++) {
          const [row, column] = [Math.floor(p / columns), p % columns];
          if (attribute === 0) visit(row, 1, 0, p, 1, column);
          else visit(column, 1, 0, p, 1, row);
        }
      };
    default:
      return undefined;
  }
}

const isProduct = ({ op }: Node) => op === "mul" || op === "outer" || op === "matrixVector";

/**
 * Returns the degree of each node, by its number, as a polynomial of the spins; {@link TOO_HIGH} for 3, more, or no
 * polynomial.
 */
function degreesOf(nodes: readonly Node[], spins: number): Int8Array {
  const degrees = new Int8Array(1 + nodes[nodes.length - 1].id);
  for (const node of nodes) {
    const { op, inputs, id } = node;
    const found = inputs.map((input) => degrees[input.id]);
    const most = Math.max(0, ...found);
    if (op === "state") degrees[id] = node.attribute < spins ? 1 : 0;
    else if (most === 0) degrees[id] = 0;
    else if (expansion(node) === undefined) degrees[id] = TOO_HIGH;
    else degrees[id] = isProduct(node) ? Math.min(TOO_HIGH, found[0] + found[1]) : most;
  }
  return degrees;
}

/**
 * Returns a function that writes `energy` (made of what the interpreter knows) as couplings of pairs of its spins,
 * given the parameters; undefined where it is no polynomial of degree two.
 */
export function quadraticForm(
  energy: Node,
  spins: number,
): ((parameters: Float64Array) => Quadratic) | undefined {
  const nodes = reachable([energy]);
  const degrees = degreesOf(nodes, spins);
  if (degrees[energy.id] === TOO_HIGH) return undefined;
  const constants = nodes.filter(({ id }) => degrees[id] === 0);
  return (parameters) => {
    const state = new Float64Array(spins + parameters.length);
    state.set(parameters, spins);
    const { places, steps } = laidOut(constants, state);
    for (const step of steps) step();
    return new Expanded(nodes, degrees, places, spins).form(energy);
  };
}

/** The factors of spins in one entry of a node, by spin. */
type Factors = Map<number, number>;

class Expanded {
  readonly #nodes: readonly Node[];
  readonly #degrees: Int8Array;
  readonly #values: ReadonlyMap<number, Float64Array>;
  readonly #spins: number;
  readonly #factors = new Map<number, Factors[]>();
  readonly #weights = new Map<number, Float64Array>();
  readonly #pairs: Factors = new Map();
  readonly #thresholds: Float64Array;
  #offset = 0;

  constructor(
    nodes: readonly Node[],
    degrees: Int8Array,
    values: ReadonlyMap<number, Float64Array>,
    spins: number,
  ) {
    [this.#nodes, this.#degrees, this.#values, this.#spins] = [nodes, degrees, values, spins];
    this.#thresholds = new Float64Array(spins);
  }

  form(energy: Node): Quadratic {
    for (const node of this.#nodes)
      if (this.#degrees[node.id] === 1) this.#factors.set(node.id, this.#linear(node));
    this.#weightsOf(energy)[0] = 1;
    for (const node of this.#nodes.toReversed()) this.#pass(node);
    const couplings: [number, number, number][] = [];
    for (const [pair, value] of this.#pairs)
      if (value !== 0) couplings.push([Math.floor(pair / this.#spins), pair % this.#spins, -value]);
    return { couplings, thresholds: this.#thresholds, offset: this.#offset };
  }

  /** Returns the factors of a node of degree one. */
  #linear(node: Node): Factors[] {
    if (node.op === "state")
      return Array.from({ length: node.size }, (_, k) => new Map([[node.attribute + k, 1]]));
    const out = Array.from({ length: node.size }, (): Factors => new Map());
    const { inputs } = node;
    expansion(node)!((k, factor, i, p, j, q) => {
      let [input, at, scale] = [inputs[i], p, factor];
      if (j >= 0 && this.#degrees[input.id] === 0) {
        scale *= this.#values.get(input.id)![p];
        [input, at] = [inputs[j], q];
      } else if (j >= 0) scale *= this.#values.get(inputs[j].id)![q];
      if (scale !== 0) for (const [site, value] of this.#entry(input, at)) gain(out[k], site, scale * value);
    });
    return out;
  }

  /** The factors in one entry of a node of degree zero or one. */
  #entry({ id }: Node, p: number): Factors {
    const known = this.#factors.get(id);
    return known ? known[p] : new Map([[ALONE, this.#values.get(id)![p]]]);
  }

  #weightsOf({ id, size }: Node): Float64Array {
    let found = this.#weights.get(id);
    if (found === undefined) {
      found = new Float64Array(size);
      this.#weights.set(id, found);
    }
    return found;
  }

  /** Hands what a node counts for in the energy on to its inputs, or to the form. */
  #pass(node: Node): void {
    const weights = this.#weights.get(node.id);
    if (weights === undefined) return;
    if (this.#degrees[node.id] < 2) {
      for (let k = 0; k < node.size; k++)
        for (const [site, value] of this.#entry(node, k)) this.#collect(site, ALONE, weights[k] * value);
      return;
    }
    const { inputs } = node;
    expansion(node)!((k, factor, i, p, j, q) => {
      const weight = weights[k] * factor;
      if (weight === 0) return;
      if (j < 0) this.#weightsOf(inputs[i])[p] += weight;
      else if (this.#degrees[inputs[i].id] === 0)
        this.#weightsOf(inputs[j])[q] += weight * this.#values.get(inputs[i].id)![p];
      else if (this.#degrees[inputs[j].id] === 0)
        this.#weightsOf(inputs[i])[p] += weight * this.#values.get(inputs[j].id)![q];
      else
        for (const [first, a] of this.#entry(inputs[i], p))
          for (const [second, b] of this.#entry(inputs[j], q)) this.#collect(first, second, weight * a * b);
    });
  }

  #collect(i: number, j: number, value: number): void {
    // The square of a spin is 1.
    if (i === j) this.#offset += value;
    else if (j === ALONE) this.#thresholds[i] += value;
    else if (i === ALONE) this.#thresholds[j] += value;
    else gain(this.#pairs, Math.min(i, j) * this.#spins + Math.max(i, j), value);
  }
}

function gain(sums: Factors, key: number, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}
