import type { Crossing } from "@basin/ising";
import type { Estimate } from "@basin/samplers";

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
