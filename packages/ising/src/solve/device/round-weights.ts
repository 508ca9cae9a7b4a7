import { CapabilityError } from "@basin/energy-core";
import { type SpinProblem, spinProblem } from "../../problem/spin-problem.ts";

/** D of a spin has 15 bits, as on the CPU; the energies of all replicas are counted in 32. */
const LARGEST_TOTAL = 32767;
const LARGEST_SUM = 2 ** 32 - 1;
/** Weights drawn from a normal law change by less than 1 %. */
const MOST_CHANGE = 0.02;

/** What a device anneals in place of a problem. */
export interface RoundedProblem {
  /** The problem itself if its couplings and fields fit in units; else one with rounded ones and no offset. */
  readonly problem: SpinProblem;
  /** What its weights are multiples of. */
  readonly unit: number;
  /** D = Σ|J| + |h| of each spin, in units. */
  readonly totals: Float64Array;
  /** Σ|J| + Σ|h| in units; every pair counts once. */
  readonly total: number;
  /** Bound on the difference between the energies of the two problems: Σ|J − J'| + Σ|h − h'|. */
  readonly error: number;
  /** Mean of |w − w'| / |w| over the couplings and fields that are not 0. */
  readonly change: number;
}

/**
 * Returns the problem if its weights are multiples of one unit that fit; else the same with weights rounded to
 * multiples of the least power of two for which they do. A power of two keeps the multiples exact.
 */
export function roundWeights(given: SpinProblem): RoundedProblem {
  if (given.unit !== undefined) {
    const own = totalsOf(given, given.unit);
    if (fits(own)) return { problem: given, unit: given.unit, ...own, error: 0, change: 0 };
  }
  const largest = totalsOf(given, 1).totals.reduce((most, total) => Math.max(most, total), 0);
  let unit = 2 ** Math.floor(Math.log2(Math.max(Number.MIN_VALUE, largest / LARGEST_TOTAL)));
  while (!fits(totalsOf(given, unit, true))) unit *= 2;
  const rounded = (value: number) => unit * Math.round(value / unit);
  const { sources, targets, values } = given.couplings;
  const problem = spinProblem({
    variables: given.variables,
    couplings: Array.from(values, (J, e): [number, number, number] => [sources[e], targets[e], rounded(J)]),
    fields: given.fields.map(rounded),
  });
  let [error, change, count] = [0, 0, 0];
  for (const weights of [values, given.fields]) {
    for (const weight of weights) {
      if (weight === 0) continue;
      error += Math.abs(weight - rounded(weight));
      change += Math.abs(1 - rounded(weight) / weight);
      count++;
    }
  }
  // The largest unit needs the fewest bits; of the least doubles none is found.
  unit = problem.unit ?? unit;
  return { problem, unit, ...totalsOf(problem, unit), error, change: change / count };
}

const fits = ({ totals, total }: Pick<RoundedProblem, "totals" | "total">) =>
  total <= LARGEST_SUM && totals.every((own) => own <= LARGEST_TOTAL);

function totalsOf(
  { fields, adjacency, couplings }: SpinProblem,
  unit: number,
  isRounded = false,
): Pick<RoundedProblem, "totals" | "total"> {
  const size = (value: number) => Math.abs(isRounded ? Math.round(value / unit) : value / unit);
  const totals = fields.map(size);
  for (const [i] of fields.entries())
    for (let k = adjacency.starts[i]; k < adjacency.starts[i + 1]; k++)
      totals[i] += size(adjacency.values[k]);
  let total = fields.reduce((sum, h) => sum + size(h), 0);
  for (const J of couplings.values) total += size(J);
  return { totals, total };
}

/** @throws {CapabilityError} where rounded weights make another problem, as costs do that vanish beside penalties. */
export function checkChange({ change }: Pick<RoundedProblem, "change">): void {
  if (change > MOST_CHANGE)
    throw new CapabilityError(
      `a GPU rounds weights to ${LARGEST_TOTAL} units a spin, which would change this problem's by ${Math.round(100 * change)} % on average`,
    );
}
