import { CostError } from "../errors.ts";
import type { Couplings } from "../quadratic/couplings.ts";

/** An elimination order with the clique that each variable leaves behind. */
export interface EliminationOrder {
  /** Variables in the order of their elimination. */
  readonly order: Uint32Array;
  /**
   * For each variable: itself, then its neighbors at the time of its elimination, in the order of their own
   * elimination. The second entry, if any, is the variable whose clique holds all the rest.
   */
  readonly cliques: readonly Uint32Array[];
  /** Size of the largest clique minus one: the tree-width that this order reaches. */
  readonly width: number;
}

/**
 * Returns an order by the minimum-degree rule (Markowitz 1957; Rose 1970).
 *
 * @throws {CostError} when a clique exceeds `maxWidth` + 1 variables, with the size of its table.
 */
export function eliminationOrder(couplings: Couplings, maxWidth: number): EliminationOrder {
  const { dimension, offsets, neighbors } = couplings;
  const adjacent = Array.from(
    { length: dimension },
    (_, i) => new Set(neighbors.subarray(offsets[i], offsets[i + 1])),
  );
  const queue = new DegreeQueue(adjacent.map((set) => set.size));
  const order = new Uint32Array(dimension);
  const rank = new Uint32Array(dimension);
  const left: number[][] = new Array(dimension);
  let width = 0;
  for (let step = 0; step < dimension; step++) {
    const v = queue.pop();
    const around = [...adjacent[v]];
    width = Math.max(width, around.length);
    if (width > maxWidth) refuse(width, step, dimension, maxWidth);
    for (const a of around) {
      adjacent[a].delete(v);
      for (const b of around) if (b !== a) adjacent[a].add(b);
    }
    for (const a of around) queue.update(a, adjacent[a].size);
    order[step] = v;
    rank[v] = step;
    left[v] = around;
  }
  const cliques = left.map((around, v) => Uint32Array.of(v, ...around.sort((a, b) => rank[a] - rank[b])));
  return { order, cliques, width };
}

function refuse(width: number, step: number, dimension: number, maxWidth: number): never {
  const bytes = 8 * 2 ** (width + 1);
  const size =
    bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toPrecision(3)} MiB` : `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
  throw new CostError(
    `elimination needs a table over at least ${width + 1} spins (2^${width + 1} entries, ${size}) after ${step} of ` +
      `${dimension} spins; maxWidth is ${maxWidth}`,
  );
}

/** Variables by degree, smallest first. */
class DegreeQueue {
  readonly #degrees: number[];
  readonly #buckets: Set<number>[] = [];
  #lowest = 0;

  constructor(degrees: number[]) {
    this.#degrees = degrees;
    for (const [v, degree] of degrees.entries()) this.#bucket(degree).add(v);
  }

  pop(): number {
    while ((this.#buckets[this.#lowest]?.size ?? 0) === 0) this.#lowest++;
    const bucket = this.#buckets[this.#lowest];
    const [v] = bucket;
    bucket.delete(v);
    return v;
  }

  update(v: number, degree: number): void {
    this.#bucket(this.#degrees[v]).delete(v);
    this.#degrees[v] = degree;
    this.#bucket(degree).add(v);
    this.#lowest = Math.min(this.#lowest, degree);
  }

  #bucket(degree: number): Set<number> {
    for (let d = this.#buckets.length; d <= degree; d++) this.#buckets.push(new Set());
    return this.#buckets[degree];
  }
}
