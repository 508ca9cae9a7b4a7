import type { SpinProblem } from "../problem/spin-problem.ts";

/** Longest cycles of each pass. Short cycles come first because every cycle uses up weight of its couplings. */
const LENGTHS = [3, 4, 6, 10, Number.POSITIVE_INFINITY];

/** The search stops after looking at this many half edges, some tenths of a second. */
const BUDGET = 2 ** 24;

/** Couplings and spins that fit a processor's cache. Looks at larger problems take longer in proportion. */
const NEAR = 2 ** 17;

/**
 * Returns a lower bound on the energy of every state: offset − Σ|J| − Σ|h| + 2 Σ_c w_c. The cycles c are frustrated: an
 * odd number of their couplings is negative. The weights of the cycles through a coupling sum to at most |J|.
 *
 * In each state at least one coupling of a frustrated cycle is not satisfied, which costs at least 2 w_c (Barahona &
 * Mahjoub 1986). A field couples its spin to one extra spin, which is held at +1. Cycles are packed greedily, shortest
 * first, so this is not the best bound of its kind. If sums round, the bound is lowered by the largest possible
 * rounding error.
 */
export function cycleBound(problem: SpinProblem, budget = BUDGET): number {
  const { offset } = problem;
  const packing = new CyclePacking(problem);
  packing.pack(budget * Math.min(1, NEAR / (problem.variables + packing.count)));
  const { total, packed, count } = packing;
  const bound = offset - total + 2 * packed;
  if (sumsExactly(problem)) return bound;
  return bound - (count + packing.cycles) * 2 ** -50 * (Math.abs(offset) + total);
}

/** Whether energies are whole multiples of one unit, all small enough that their sums do not round. */
export function sumsExactly({ offset, unit, couplings, fields }: SpinProblem): boolean {
  if (unit === undefined || !Number.isSafeInteger(offset / unit)) return false;
  let largest = Math.abs(offset);
  for (const weights of [couplings.values, fields]) for (const weight of weights) largest += Math.abs(weight);
  return Number.isSafeInteger(largest / unit);
}

/** A graph whose edges have signs and remaining weights, with a search for odd closed walks. */
class CyclePacking {
  /** Σ|J| + Σ|h|. */
  readonly total: number;
  /** Number of couplings and fields. */
  readonly count: number;
  /** Σ_c w_c. */
  packed = 0;
  cycles = 0;
  readonly #left: Float64Array;
  readonly #negative: Uint8Array;
  readonly #ends: Int32Array;
  readonly #starts: Int32Array;
  /** Edges at each vertex; those of `v` begin at `#starts[v]`. */
  readonly #edges: Int32Array;
  /** For node 2v + parity: the search that last reached it, the edge it came by, and its distance. */
  readonly #reached: Int32Array;
  readonly #by: Int32Array;
  readonly #distance: Int32Array;
  readonly #queue: Int32Array;
  #searches = 0;
  #visits = 0;

  constructor({ variables, fields, couplings: { sources, targets, values } }: SpinProblem) {
    const vertices = variables + 1;
    this.count = values.length + fields.reduce((count, field) => count + Number(field !== 0), 0);
    this.#left = new Float64Array(this.count);
    this.#negative = new Uint8Array(this.count);
    this.#ends = new Int32Array(2 * this.count);
    let edges = 0;
    const add = (weight: number, source: number, target: number) => {
      this.#left[edges] = Math.abs(weight);
      this.#negative[edges] = Number(weight < 0);
      this.#ends[2 * edges] = source;
      this.#ends[2 * edges++ + 1] = target;
    };
    for (let e = 0; e < values.length; e++) add(values[e], sources[e], targets[e]);
    for (let i = 0; i < variables; i++) if (fields[i] !== 0) add(fields[i], i, variables);
    this.total = this.#left.reduce((sum, weight) => sum + weight, 0);
    this.#starts = new Int32Array(vertices + 1);
    for (const v of this.#ends) this.#starts[v + 1]++;
    for (let v = 0; v < vertices; v++) this.#starts[v + 1] += this.#starts[v];
    const next = this.#starts.slice();
    this.#edges = new Int32Array(this.#ends.length);
    for (let half = 0; half < this.#ends.length; half++) this.#edges[next[this.#ends[half]]++] = half >> 1;
    this.#reached = new Int32Array(2 * vertices);
    this.#by = new Int32Array(2 * vertices);
    this.#distance = new Int32Array(2 * vertices);
    this.#queue = new Int32Array(2 * vertices);
  }

  pack(budget: number): void {
    const vertices = this.#starts.length - 1;
    for (const length of LENGTHS) {
      for (let v = 0; v < vertices && this.#visits < budget; v++) {
        while (this.#visits < budget && this.#findOddWalk(v, length)) this.#takeCycle(v);
      }
    }
  }

  /**
   * Whether an odd closed walk of at most `length` edges leads from `v` to itself. The shortest such walk is then
   * marked.
   */
  #findOddWalk(v: number, length: number): boolean {
    const search = ++this.#searches;
    const [reached, queue, distance] = [this.#reached, this.#queue, this.#distance];
    const goal = 2 * v + 1;
    reached[2 * v] = search;
    distance[2 * v] = 0;
    queue[0] = 2 * v;
    for (let head = 0, tail = 1; head < tail; head++) {
      const node = queue[head];
      if (distance[node] === length) return false;
      const vertex = node >> 1;
      for (let k = this.#starts[vertex]; k < this.#starts[vertex + 1]; k++) {
        this.#visits++;
        const e = this.#edges[k];
        if (this.#left[e] <= 0) continue;
        const to = this.#across(node, e);
        if (reached[to] === search) continue;
        reached[to] = search;
        this.#by[to] = e;
        distance[to] = distance[node] + 1;
        if (to === goal) return true;
        queue[tail++] = to;
      }
    }
    return false;
  }

  /** The node at the other end of edge `e`; its parity differs if the edge is negative. */
  #across(node: number, e: number): number {
    const other = this.#ends[2 * e] + this.#ends[2 * e + 1] - (node >> 1);
    return 2 * other + ((node & 1) ^ this.#negative[e]);
  }

  /** Takes a frustrated simple cycle out of the walk that was found, with the weight of its weakest edge. */
  #takeCycle(v: number): void {
    const goal = 2 * v + 1;
    const path: number[] = [];
    const nodes = [goal];
    for (let node = goal; node !== 2 * v; ) {
      const e = this.#by[node];
      node = this.#across(node, e);
      path.push(e);
      nodes.push(node);
      // Distances fall by one along the way, so they give the place of the vertex's other parity. A frustrated cycle
      // lies between the two, at the latest at v.
      const seen = this.#distance[goal] - this.#distance[node ^ 1];
      if (nodes[seen] === (node ^ 1)) {
        this.#take(path.slice(seen));
        return;
      }
    }
  }

  #take(cycle: readonly number[]): void {
    const weight = cycle.reduce((least, e) => Math.min(least, this.#left[e]), Number.POSITIVE_INFINITY);
    for (const e of cycle) this.#left[e] -= weight;
    this.packed += weight;
    this.cycles++;
  }
}
