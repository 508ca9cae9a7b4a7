import { ArgumentError } from "@basin/energy-core";
import type { Column } from "./csv-cells.ts";

/** Fewer rows than this may be constant, or count, by accident. */
const LEAST_ROWS = 4;

/**
 * Refuses tables in which a column looks like a label of chains whatever its name: constant over blocks of rows of one
 * length, or counted through by another column for each of its values. A table of CmdStan is one chain, and its columns
 * are known.
 *
 * @throws {ArgumentError} naming both readings.
 */
export function refuseHiddenChains(columns: readonly Column[]): void {
  if (columns.length < 2 || columns.some(({ name }) => name.endsWith("__"))) return;
  const whole = columns.filter(({ numbers }) => numbers?.every(Number.isSafeInteger));
  for (const column of whole) {
    const rows = rowsByValue(column);
    const size = rows[0].length;
    if (rows.length < 2 || size < LEAST_ROWS || rows.some((list) => list.length !== size)) continue;
    const { name } = column;
    const options = `a quantity (chainColumn: "none", --chain-column none)`;
    if (rows.every((list) => list[size - 1] - list[0] === size - 1)) {
      throw new ArgumentError(
        `the column "${name}" is constant over ${rows.length} blocks of ${size} rows: it may label chains (chainColumn: "${name}", --chain-column ${name}) or be ${options}`,
      );
    }
    const counter = whole.find((other) => other !== column && countsThrough(other, rows));
    if (counter === undefined) continue;
    throw new ArgumentError(
      `the column "${name}" may label chains whose draws "${counter.name}" counts (chainColumn: "${name}", iterationColumn: "${counter.name}"; --chain-column ${name} --iteration-column ${counter.name}) or be ${options}`,
    );
  }
}

function rowsByValue({ numbers = new Float64Array() }: Column): number[][] {
  const rows = new Map<number, number[]>();
  for (const [r, value] of numbers.entries()) {
    const list = rows.get(value);
    if (list === undefined) rows.set(value, [r]);
    else list.push(r);
  }
  return [...rows.values()];
}

/** Whether a column holds the same numbers, each once, over each set of rows. */
function countsThrough(
  { numbers = new Float64Array() }: Column,
  rows: readonly (readonly number[])[],
): boolean {
  const held = rows.map((list) => new Set(list.map((r) => numbers[r])));
  return held.every((set, k) => set.size === rows[k].length && [...set].every((value) => held[0].has(value)));
}
