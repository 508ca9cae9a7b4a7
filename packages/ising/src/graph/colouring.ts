import type { Adjacency } from "../problem/spin-problem.ts";

/** An order of spins in classes without neighbours. */
export interface Colouring {
  /** Spins class by class, ascending in each. */
  readonly order: Int32Array;
  /** Where each class begins in `order`, and where the last ends. */
  readonly classes: Int32Array;
}

/** Returns the greedy colouring of a graph in ascending order of its spins: two classes on a bipartite lattice, n at most. */
export function greedyColouring(n: number, { starts, neighbours }: Adjacency): Colouring {
  const colours = new Int32Array(n).fill(-1);
  const takenBy: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const colour = colours[neighbours[k]];
      if (colour >= 0) takenBy[colour] = i;
    }
    let colour = 0;
    while (takenBy[colour] === i) colour++;
    colours[i] = colour;
    sizes[colour] = (sizes[colour] ?? 0) + 1;
  }
  const classes = new Int32Array(sizes.length + 1);
  for (const [colour, size] of sizes.entries()) classes[colour + 1] = classes[colour] + size;
  const next = classes.slice();
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[next[colours[i]]++] = i;
  return { order, classes };
}

/** Returns a graph's rows and columns renumbered so that `order[p]` becomes p. */
export function renumber({ starts, neighbours, values }: Adjacency, order: Int32Array): Adjacency {
  const place = new Int32Array(order.length);
  for (let p = 0; p < order.length; p++) place[order[p]] = p;
  const outStarts = new Int32Array(order.length + 1);
  const outNeighbours = new Int32Array(neighbours.length);
  const outValues = new Float64Array(values.length);
  let at = 0;
  for (let p = 0; p < order.length; p++) {
    for (let k = starts[order[p]]; k < starts[order[p] + 1]; k++) {
      outNeighbours[at] = place[neighbours[k]];
      outValues[at++] = values[k];
    }
    outStarts[p + 1] = at;
  }
  return { starts: outStarts, neighbours: outNeighbours, values: outValues };
}
