/** Changes of a few entries, carried through a formula: what none of them reaches is not computed again. */
import { elementwise, isElementwise } from "../elementwise.ts";
import { laidOut } from "../interpret.ts";
import { kernelOf } from "../kernels.ts";
import { type ElementwiseName, type Node, reachable } from "../node.ts";

/** Entries of a vector, by number: those of `k` are `list[starts[k]]` … `list[starts[k + 1] − 1]`. */
interface Lists {
  readonly starts: Int32Array;
  readonly list: Int32Array;
}

/** Returns the places at which each of `count` numbers stands among `indices`. */
function inverse(indices: Int32Array, count: number): Lists {
  const starts = new Int32Array(count + 1);
  for (const index of indices) starts[index + 1]++;
  for (let k = 0; k < count; k++) starts[k + 1] += starts[k];
  const at = starts.slice(0, count);
  const list = new Int32Array(indices.length);
  for (let k = 0; k < indices.length; k++) list[at[indices[k]]++] = k;
  return { starts, list };
}

/** What is the same for every state: the nodes that depend on it, and which of them a site can change. */
export class Structure {
  /** Made of what the interpreter knows, inputs first. */
  readonly nodes: readonly Node[];
  /** Those that depend on the state. */
  readonly dependent: readonly Node[];
  readonly sites: number;
  readonly #all: Int32Array;
  readonly #routes: Int32Array[] = [];
  readonly #inverses = new Map<number, Lists>();

  constructor(energy: Node, sites: number) {
    this.nodes = reachable([energy]);
    this.sites = sites;
    const depends = new Set<number>();
    for (const { op, id, attribute, inputs } of this.nodes)
      if (op === "state" ? attribute < sites : inputs.some((input) => depends.has(input.id))) depends.add(id);
    this.dependent = this.nodes.filter(({ id }) => depends.has(id));
    this.#all = Int32Array.from(this.dependent.keys());
  }

  /** Returns the places among the dependent nodes of those that may change with a site. */
  route(site: number): Int32Array {
    return this.#routes[site] ?? this.#all;
  }

  /** Takes note of the nodes that changed with a site: which they are does not depend on the state. */
  learn(site: number, hasChanged: (place: number) => boolean): void {
    if (this.#routes[site] !== undefined) return;
    const route = this.#all.filter(hasChanged);
    const known = this.#routes[site - 1];
    const isSame = known?.length === route.length && route.every((place, k) => place === known[k]);
    this.#routes[site] = isSame ? known : route;
  }

  /** Where the entries of a gather's input go. */
  inverse({ id, indices, inputs: [a] }: Node): Lists {
    let found = this.#inverses.get(id);
    if (found === undefined) {
      found = inverse(indices!, a.size);
      this.#inverses.set(id, found);
    }
    return found;
  }
}

/** The numbers of one node at a state, and which of them have changed. */
class Cells {
  readonly values: Float64Array;
  /** Numbers of the entries that changed, and what they were. */
  readonly changed: number[] = [];
  readonly before: number[] = [];
  readonly #isChanged: Uint8Array;

  constructor(values: Float64Array) {
    this.values = values;
    this.#isChanged = new Uint8Array(values.length);
  }

  has(k: number): boolean {
    return this.#isChanged[k] === 1;
  }

  /** Says that an entry is about to change, or has changed from `before`. */
  mark(k: number, before = this.values[k]): void {
    if (this.#isChanged[k] === 1) return;
    this.#isChanged[k] = 1;
    this.changed.push(k);
    this.before.push(before);
  }

  set(k: number, value: number): void {
    this.mark(k);
    this.values[k] = value;
  }

  /** Adds to an entry; returns whether the sum is a number. */
  add(k: number, difference: number): boolean {
    const next = this.values[k] + difference;
    if (!Number.isFinite(next)) return false;
    this.set(k, next);
    return true;
  }

  /** Forgets the changes, and takes them back unless they are kept. */
  settle(keep: boolean): void {
    for (let c = 0; c < this.changed.length; c++) {
      this.#isChanged[this.changed[c]] = 0;
      if (!keep) this.values[this.changed[c]] = this.before[c];
    }
    this.changed.length = 0;
    this.before.length = 0;
  }
}

/** The numbers of a formula at one state. */
export class Values {
  readonly #structure: Structure;
  readonly #cells: readonly Cells[];
  readonly #carries: readonly (() => void)[];
  readonly #steps: readonly (() => void)[];
  readonly #energy: Float64Array;
  readonly #state: Float64Array;

  constructor(structure: Structure, state: Float64Array) {
    this.#structure = structure;
    this.#state = state;
    const { places, steps } = laidOut(structure.nodes, state);
    this.#steps = steps;
    const energy = structure.nodes[structure.nodes.length - 1];
    this.#energy = places.get(energy.id)!;
    const cells = new Map(structure.nodes.map((node) => [node.id, new Cells(places.get(node.id)!)]));
    const of = (node: Node) => cells.get(node.id)!;
    this.#cells = structure.dependent.map(of);
    this.#carries = structure.dependent.map((node) => carrier(node, of, structure));
    this.refresh();
  }

  /** Computes everything anew, so that the rounding of many changes does not add up. */
  refresh(): void {
    for (const step of this.#steps) step();
  }

  get energy(): number {
    return this.#energy[0];
  }

  /** Returns the energy with another value at a site, which stays where it is to be kept. */
  change(site: number, value: number, keep: boolean): number {
    const route = this.#structure.route(site);
    const before = this.#state[site];
    this.#state[site] = value;
    for (let k = 0; k < route.length; k++) {
      const place = route[k];
      const { op, attribute } = this.#structure.dependent[place];
      if (op === "state") this.#cells[place].mark(site - attribute, before);
      else this.#carries[place]();
    }
    this.#structure.learn(site, (place) => this.#cells[place].changed.length > 0);
    const { energy } = this;
    for (let k = 0; k < route.length; k++) this.#cells[route[k]].settle(keep);
    return energy;
  }
}

/** Returns what carries the changes of a node's inputs to it. */
function carrier(node: Node, of: (node: Node) => Cells, structure: Structure): () => void {
  if (node.op === "state") return () => {};
  const out = of(node);
  const kernel = kernelOf(node, (other) => of(other).values);
  const whole = () => {
    for (let k = 0; k < out.values.length; k++) out.mark(k);
    kernel();
  };
  const inputs = node.inputs.map(of);
  if (isElementwise(node.op)) return elementwiseCarrier(node.op, out, inputs, whole);
  const carry = structuralCarrier(node, out, inputs, structure);
  return () => {
    for (const { changed } of inputs) {
      if (changed.length === 0) continue;
      if (!carry?.()) whole();
      return;
    }
  };
}

function elementwiseCarrier(op: ElementwiseName, out: Cells, inputs: readonly Cells[], whole: () => void) {
  const evaluate = elementwise[op].evaluate!;
  const [a, b, c] = [0, 1, 2].map((n) => (inputs[n] ?? inputs[0]).values);
  const [p, q, r] = [a, b, c].map((values) => (values.length === 1 ? 0 : 1));
  return () => {
    for (const { changed, values } of inputs) {
      if (changed.length === 0) continue;
      if (values.length < out.values.length) {
        whole();
        return;
      }
      for (const k of changed) if (!out.has(k)) out.set(k, evaluate(a[p * k], b[q * k], c[r * k]));
    }
  };
}

/** Returns what carries changes entry by entry and says whether it could; undefined where all is computed anew. */
function structuralCarrier(
  node: Node,
  out: Cells,
  inputs: readonly Cells[],
  structure: Structure,
): (() => boolean) | undefined {
  const { attribute } = node;
  const indices = node.indices!;
  const [source] = inputs;
  const { values, changed, before } = source;
  switch (node.op) {
    case "sum":
      return () => changed.every((k, c) => out.add(0, values[k] - before[c]));
    case "scatter":
      return () => changed.every((k, c) => out.add(indices[k], values[k] - before[c]));
    case "assemble":
      return () =>
        inputs.every((input, k) => input.before.every((b) => out.add(indices[k], input.values[0] - b)));
    case "element":
      return () => {
        if (source.has(attribute)) out.set(0, values[attribute]);
        return true;
      };
    case "reshape":
      return () => {
        for (const k of changed) out.set(k, values[k]);
        return true;
      };
    case "gather":
      return () => {
        const { starts, list } = structure.inverse(node);
        for (const k of changed)
          for (let at = starts[k]; at < starts[k + 1]; at++) out.set(list[at], values[k]);
        return true;
      };
    case "matrixVector":
      return productCarrier(node, out, inputs);
    default:
      return undefined;
  }
}

/** Adds the columns of the entries that changed, times their differences. */
function productCarrier({ inputs: [matrix], attribute }: Node, out: Cells, [entries, x]: readonly Cells[]) {
  const columns = matrix.shape[1];
  const [first, step] = attribute === 0 ? [1, columns] : [columns, 1];
  return () => {
    if (entries.changed.length > 0) return false;
    for (let c = 0; c < x.changed.length; c++) {
      const difference = x.values[x.changed[c]] - x.before[c];
      for (let k = 0, at = x.changed[c] * first; k < out.values.length; k++, at += step)
        if (entries.values[at] !== 0 && !out.add(k, entries.values[at] * difference)) return false;
    }
    return true;
  };
}
