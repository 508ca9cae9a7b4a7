import type { Crossing } from "@basin/ising";
import type { Estimate } from "@basin/samplers";
import { significant, table, withError } from "./output.ts";

/** The crossing of the curves of two sizes, or the reason why it is not known. */
export interface NamedCrossing extends Partial<Crossing> {
  readonly sizes: readonly [number, number];
  /** Why there is no crossing, or no reliable one. */
  readonly failure?: string;
}

interface Scanned {
  readonly sizes: readonly number[];
  readonly temperatures: readonly number[];
}

/**
 * Returns the crossings of the Binder cumulants of each size and the next. `runs` has a row per size and a column per
 * temperature.
 */
export async function binderCrossings(
  { sizes, temperatures }: Scanned,
  runs: readonly (readonly { readonly binder: Estimate }[])[],
): Promise<NamedCrossing[]> {
  const { BasinError } = await import("@basin/energy-core");
  const { crossing } = await import("@basin/ising");
  const curve = (row: (typeof runs)[number]) => ({
    temperatures,
    values: row.map(({ binder }) => binder.mean),
    standardError: row.map(({ binder }) => binder.standardError),
  });
  if (temperatures.length < 2) return [];
  return sizes.slice(1).map((size, k) => {
    const pair = { sizes: [sizes[k], size] as const };
    try {
      const found = crossing(curve(runs[k]), curve(runs[k + 1]));
      if (found === undefined) return { ...pair, failure: "their difference does not change its sign" };
      return { ...pair, ...found, ...(isPoor(found) && { failure: poorFit(found) }) };
    } catch (error) {
      if (!(error instanceof BasinError)) throw error;
      return { ...pair, failure: error.message };
    }
  });
}

/** A fit is refused if χ² is beyond this many standard deviations of a normal variable: one good fit in 740. */
const REFUSED = 3;

/**
 * Whether χ² is too large for its degrees of freedom, by Wilson & Hilferty's normal approximation of its cube root
 * (1931).
 */
function isPoor({ chiSquared, degreesOfFreedom: n }: Crossing): boolean {
  if (n <= 0) return false;
  const variance = 2 / (9 * n);
  return Math.cbrt(chiSquared / n) - (1 - variance) > REFUSED * Math.sqrt(variance);
}

const goodness = ({ chiSquared, degreesOfFreedom }: Pick<Crossing, "chiSquared" | "degreesOfFreedom">) =>
  degreesOfFreedom > 0
    ? `chi-squared ${significant(chiSquared, 3)} for ${degreesOfFreedom} degrees of freedom`
    : "no degrees of freedom are left to check the fit by";

function poorFit(found: Crossing): string {
  return `the fit to their difference is refused (${goodness(found)}); take temperatures nearer to the crossing`;
}

/** Returns a line for each crossing, and for each pair without one. */
export function crossingLines(crossings: readonly NamedCrossing[]): string[] {
  return crossings.map(({ sizes, failure, ...found }) => {
    const pair = `U4 of L = ${sizes.join(" and ")}`;
    if (failure !== undefined) return `${pair}: no crossing: ${failure}`;
    const { temperature: mean, standardError } = found as Crossing;
    return `${pair} cross at T = ${withError({ mean, standardError })} (${goodness(found as Crossing)})`;
  });
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
