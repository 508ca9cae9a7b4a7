import { ArgumentError, checkKind, checkNumber } from "../errors.ts";

/** A symmetric matrix W with an empty diagonal, in compressed rows: both (i, j) and (j, i) are stored. */
export interface Couplings {
  /** Number of sites n. */
  readonly dimension: number;
  /** Length n + 1: the entries of row i are `offsets[i]` … `offsets[i + 1] − 1`. */
  readonly offsets: Int32Array;
  /** Column of each entry, ascending within a row. */
  readonly neighbors: Int32Array;
  /** Value W_ij of each entry. */
  readonly values: Float64Array;
}

/** An undirected edge between sites `i` and `j` of weight `value`. */
export type Edge = readonly [i: number, j: number, value: number];

/**
 * Returns the couplings of a graph with `dimension` sites. (i, j) and (j, i) are the same edge; edges named more than
 * once are summed, and the order of `edges` changes no bit of the result.
 *
 * @example
 * ```ts
 * import { couplings } from "@basin/energy-core";
 *
 * const triangle = couplings(3, [[0, 1, 1], [1, 2, 1], [2, 0, -1]]);
 * console.log(triangle.neighbors); // [1, 2, 0, 2, 0, 1]
 * ```
 *
 * @throws {ArgumentError} for a self loop, a site outside [0, dimension) and a value that is not finite, naming the
 * edge.
 */
export function couplings(dimension: number, edges: Iterable<Edge>): Couplings {
  checkNumber("dimension", dimension, { min: 1, max: 2 ** 31 - 1, integer: true });
  const list = Array.isArray(edges) ? (edges as readonly Edge[]) : [...edges];
  const starts = new Int32Array(dimension + 1);
  for (const [e, edge] of list.entries()) {
    checkEdge(e, edge, dimension);
    starts[edge[0] + 1]++;
    starts[edge[1] + 1]++;
  }
  for (let i = 0; i < dimension; i++) starts[i + 1] += starts[i];
  const at = starts.slice(0, dimension);
  const columns = new Int32Array(2 * list.length);
  const entries = new Float64Array(2 * list.length);
  for (const [i, j, value] of list) {
    columns[at[i]] = j;
    entries[at[i]++] = value;
    columns[at[j]] = i;
    entries[at[j]++] = value;
  }
  return mergeRows(dimension, starts, columns, entries);
}

/**
 * Sorts each row by (column, value) and sums equal columns: sorted values make the sum independent of the input order.
 */
function mergeRows(
  dimension: number,
  starts: Int32Array,
  columns: Int32Array,
  entries: Float64Array,
): Couplings {
  const offsets = new Int32Array(dimension + 1);
  let size = 0;
  for (let i = 0; i < dimension; i++) {
    const order = Array.from({ length: starts[i + 1] - starts[i] }, (_, k) => starts[i] + k);
    order.sort((a, b) => columns[a] - columns[b] || entries[a] - entries[b]);
    const row = order.map((k) => [columns[k], entries[k]] as const);
    let previous = -1;
    // Writing behind the reading position is safe: merging only shortens a row, and this row has been copied.
    for (const [column, value] of row) {
      if (column === previous) {
        entries[size - 1] += value;
      } else {
        columns[size] = column;
        entries[size++] = value;
      }
      previous = column;
    }
    offsets[i + 1] = size;
  }
  return { dimension, offsets, neighbors: columns.slice(0, size), values: entries.slice(0, size) };
}

function checkEdge(e: number, edge: Edge, dimension: number): void {
  if (!Array.isArray(edge)) checkKind(`edge ${e}`, edge, false, "[i, j, value]");
  const [i, j, value] = edge;
  for (const site of [i, j]) {
    if (!(Number.isInteger(site) && site >= 0 && site < dimension)) {
      throw new ArgumentError(`edge ${e} names site ${site}, expected an integer from 0 to ${dimension - 1}`);
    }
  }
  if (i === j)
    throw new ArgumentError(`edge ${e} joins site ${i} to itself; couplings have an empty diagonal`);
  if (!Number.isFinite(value)) {
    throw new ArgumentError(`edge ${e} (${i}, ${j}) has value ${value}, expected a finite number`);
  }
}
