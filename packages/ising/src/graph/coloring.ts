import type { Adjacency } from "../problem/spin-problem.ts";

/** An order of spins in classes without neighbors. */
export interface Coloring {
  /** Spins class by class, ascending in each. */
  readonly order: Int32Array;
  /** Where each class begins in `order`, and where the last ends. */
  readonly classes: Int32Array;
}

/**
 * Returns the greedy coloring of a graph in ascending order of its spins: two classes on a bipartite lattice, n at
 * most.
 */
export function greedyColoring(n: number, { starts, neighbors }: Adjacency): Coloring {
  const colors = new Int32Array(n).fill(-1);
  const takenBy: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const color = colors[neighbors[k]];
      if (color >= 0) takenBy[color] = i;
    }
    let color = 0;
    while (takenBy[color] === i) color++;
    colors[i] = color;
    sizes[color] = (sizes[color] ?? 0) + 1;
  }
  const classes = new Int32Array(sizes.length + 1);
  for (const [color, size] of sizes.entries()) classes[color + 1] = classes[color] + size;
  const next = classes.slice();
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[next[colors[i]]++] = i;
  return { order, classes };
}

/** Returns a graph's rows and columns renumbered so that `order[p]` becomes p. */
export function renumber({ starts, neighbors, values }: Adjacency, order: Int32Array): Adjacency {
  const place = new Int32Array(order.length);
  for (let p = 0; p < order.length; p++) place[order[p]] = p;
  const outStarts = new Int32Array(order.length + 1);
  const outNeighbors = new Int32Array(neighbors.length);
  const outValues = new Float64Array(values.length);
  let at = 0;
  for (let p = 0; p < order.length; p++) {
    for (let k = starts[order[p]]; k < starts[order[p] + 1]; k++) {
      outNeighbors[at] = place[neighbors[k]];
      outValues[at++] = values[k];
    }
    outStarts[p + 1] = at;
  }
  return { starts: outStarts, neighbors: outNeighbors, values: outValues };
}
