import type { Crossing } from "@basin/ising";
import type { Estimate } from "@basin/samplers";
import { significant, table, withError } from "./output.ts";

/** Where the curves of two sizes cross. */
export interface NamedCrossing extends Crossing {
  readonly sizes: readonly [number, number];
}

/** Returns where the Binder cumulants of each size and the next cross; `runs` is a row a size, a column a temperature. */
export async function binderCrossings(
  { sizes, temperatures }: { readonly sizes: readonly number[]; readonly temperatures: readonly number[] },
  runs: readonly (readonly { readonly binder: Estimate }[])[],
): Promise<NamedCrossing[]> {
  const { crossing } = await import("@basin/ising");
  const curve = (row: (typeof runs)[number]) => ({
    temperatures,
    values: row.map(({ binder }) => binder.mean),
    standardError: row.map(({ binder }) => binder.standardError),
  });
  if (temperatures.length < 2) return [];
  return sizes.slice(1).flatMap((size, k) => {
    const found = crossing(curve(runs[k]), curve(runs[k + 1]));
    return found ? [{ sizes: [sizes[k], size] as const, ...found }] : [];
  });
}

/** Returns a line a crossing. */
export function crossingLines(crossings: readonly NamedCrossing[]): string[] {
  return crossings.map(
    ({ sizes, temperature, standardError }) =>
      `U4 of L = ${sizes.join(" and ")} cross at T = ${withError({ mean: temperature, standardError })}`,
  );
}

/** Returns a table of points of a scan. */
export function scanTable(
  names: readonly string[],
  points: readonly { size: number; temperature: number; cells: readonly string[] }[],
): string[] {
  return table(
    points.map(({ size, temperature, cells }) => [`${size}`, significant(temperature, 7), ...cells]),
    ["L", "T", ...names],
  );
}
