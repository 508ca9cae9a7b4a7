/**
 * Constant matrices are packed in panels of eight rows, column after column, so that products with vectors read
 * memory in order:
 *
 *     | rows 0 … 7 of column 0 | rows 0 … 7 of column 1 | … | rows 8 … 15 of column 0 | …
 *
 * Rows that are missing in the last panel are zeros.
 */

/** Rows of a panel. */
export const PANEL = 8;

const known = new WeakMap<Float64Array, Float64Array>();

/** Returns the panels of a row-major matrix, made once. */
export function packed(values: Float64Array, rows: number, columns: number): Float64Array {
  const found = known.get(values);
  if (found) return found;
  const panels = new Float64Array(Math.ceil(rows / PANEL) * PANEL * columns);
  for (let i = 0; i < rows; i++) {
    const start = (i - (i % PANEL)) * columns + (i % PANEL);
    for (let j = 0; j < columns; j++) panels[start + j * PANEL] = values[i * columns + j];
  }
  known.set(values, panels);
  return panels;
}
