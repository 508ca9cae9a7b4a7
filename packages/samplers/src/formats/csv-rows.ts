import { ArgumentError } from "@basin/energy-core";
import type { Column } from "./csv-cells.ts";
import type { ReadOptions } from "./file-draws.ts";

/** Returns a label of its chain for each row, and in words where it comes from. */
export function groupsOf(
  rows: number,
  chain: Column | undefined,
  iteration: Column | undefined,
  { chains }: ReadOptions,
): { groups: readonly string[]; by: string } {
  if (chain !== undefined) {
    if (chains !== undefined) {
      throw new ArgumentError(
        `the column "${chain.name}" tells chains apart, and chains is ${chains}; use one of them`,
      );
    }
    return { groups: chain.texts, by: `by the column "${chain.name}"` };
  }
  if (chains !== undefined) {
    if (!(Number.isSafeInteger(chains) && chains > 0 && rows % chains === 0)) {
      throw new ArgumentError(`chains is ${chains}, expected a divisor of the ${rows} rows`);
    }
    const size = rows / chains;
    return {
      groups: Array.from({ length: rows }, (_, r) => String(Math.floor(r / size))),
      by: "in equal blocks",
    };
  }
  const groups = iteration === undefined ? undefined : restarts(iteration);
  if (groups === undefined) return { groups: new Array<string>(rows).fill(""), by: "" };
  return { groups, by: `where "${iteration?.name}" begins anew` };
}

/** Returns a label for each row that goes up where a counter begins anew, or undefined where it never repeats. */
function restarts({ name, numbers = new Float64Array() }: Column): string[] | undefined {
  if (new Set(numbers).size === numbers.length) return undefined;
  const starts = [...numbers.keys()].filter((r) => r === 0 || numbers[r] <= numbers[r - 1]);
  const size = numbers.length / starts.length;
  const even = size > 1 && starts.every((r, block) => r === block * size && numbers[r] === numbers[0]);
  if (even) return Array.from(numbers, (_, r) => String(Math.floor(r / size)));
  throw new ArgumentError(
    `the column "${name}" holds a number twice, and no column tells chains apart: name one (chainColumn, --chain-column), or say that "${name}" is a quantity (iterationColumn: "none", --iteration-column none)`,
  );
}

/** Returns the rows of each group in the order of the counter. */
export function rowsOf(
  groups: readonly string[],
  iteration: Column | undefined,
  notes: string[],
): number[][] {
  const rows = new Map<string, number[]>();
  for (const [r, group] of groups.entries()) {
    const list = rows.get(group);
    if (list === undefined) rows.set(group, [r]);
    else list.push(r);
  }
  const { name, numbers } = iteration ?? {};
  if (numbers === undefined) return [...rows.values()];
  for (const [group, list] of rows) {
    list.sort((a, b) => numbers[a] - numbers[b]);
    const twice = list.findIndex((r, i) => i > 0 && numbers[r] === numbers[list[i - 1]]);
    if (twice >= 0) {
      throw new ArgumentError(`chain ${group} has ${numbers[list[twice]]} twice in the column "${name}"`);
    }
    const steps = new Set(list.slice(1).map((r, i) => numbers[r] - numbers[list[i]]));
    if (steps.size > 1) notes.push(`the column "${name}" skips numbers: draws may be missing`);
  }
  return [...rows.values()];
}

/** Returns the rows of chains that a column of flags does not call warm-up. */
export function withoutWarmup(
  chains: readonly (readonly number[])[],
  { name, numbers }: Column,
  notes: string[],
): number[][] {
  const kept = chains.map((rows) => rows.filter((r) => numbers?.[r] !== 1));
  const left = chains.flat().length - kept.flat().length;
  if (kept.flat().length === 0) throw new ArgumentError(`every row is warm-up by the column "${name}"`);
  if (left > 0) notes.push(`${left} draws of warm-up by the column "${name}" are left out`);
  return kept;
}
