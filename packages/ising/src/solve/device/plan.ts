import { CapabilityError } from "@basin/energy-core";
import { exp } from "@basin/energy-core/random";
import { greedyColoring, renumber } from "../../graph/coloring.ts";
import type { SpinProblem } from "../../problem/spin-problem.ts";

/**
 * How a graph lies on a device. It follows from the problem alone, so that a seed gives the same bits on all devices.
 */
export interface GraphPlan {
  readonly problem: SpinProblem;
  /** Size of one unit of J and h. */
  readonly unit: number;
  /** Variable at each place: color by color, and in each by number of entries. Colors have no neighbors within. */
  readonly order: Int32Array;
  /** Where each color begins, and where the last ends. */
  readonly classes: Int32Array;
  /** For each place, and once behind the last: its first entry, and D = Σ|J| + |h| in units. */
  readonly nodes: Uint32Array;
  /**
   * A set bit of a coupling: the neighbor's place, from bit {@link LEVEL_BIT} on which bit, and at the top whether it
   * is negative. A field is a coupling to a spin behind the last place, which is always up.
   */
  readonly entries: Uint32Array;
  /** Whether all couplings and fields are of one unit. */
  readonly oneSize: boolean;
  /** Bits of c − ⌈D/2⌉ in two's complement, c the satisfied units of a spin. */
  readonly levels: number;
  /** Generators of a word of 32 replicas: each moves every so manyth spin of a color. */
  readonly bands: number;
  /** Whether a workgroup holds a word of all spins, and sweeps it many times without a new dispatch. */
  readonly held: boolean;
  /** Σ|J| + Σ|h| in units, every pair once. */
  readonly total: number;
}

export const LEVEL_BIT = 26;
const SIGN_BIT = 31;
/** Bytes of workgroup memory, and invocations of a workgroup, that every device has. */
const HELD_BYTES = 16384;
const WORKGROUP = 256;
/** Generators of a word where no workgroup holds it: with 128 words they fill a large device. */
const MOST_BANDS = 512;
const MOST_COLORS = 256;
/** D has 15 bits, as on the CPU; the energies of all replicas are counted in 32. */
const LARGEST_TOTAL = 32767;
const MOST_ENTRIES = 2 ** 24;

/** Says why a problem does not fit, or nothing. */
function misfitOf(problem: SpinProblem, totals: Float64Array, colors: number, total: number) {
  if (problem.unit === undefined || totals.some((own) => own > LARGEST_TOTAL))
    return "this problem's are not";
  if (colors > MOST_COLORS) return `this problem's take ${colors} colors`;
  if (
    problem.variables >= 2 ** LEVEL_BIT ||
    total >= 2 ** 32 ||
    problem.adjacency.values.length > MOST_ENTRIES
  )
    return "this problem is larger";
  return undefined;
}

/** Returns how a problem's graph lies on a device. @throws {CapabilityError} where the kernels cannot hold it. */
export function graphPlan(problem: SpinProblem): GraphPlan {
  const { variables, adjacency, fields } = problem;
  const unit = problem.unit ?? 1;
  const { order, classes } = greedyColoring(variables, adjacency);
  const totals = Float64Array.from(fields, (field, i) => {
    let sum = Math.abs(field);
    for (let k = adjacency.starts[i]; k < adjacency.starts[i + 1]; k++) sum += Math.abs(adjacency.values[k]);
    return sum / unit;
  });
  let total = fields.reduce((sum, field) => sum + Math.abs(field) / unit, 0);
  for (const value of problem.couplings.values) total += Math.abs(value) / unit;
  const misfit = misfitOf(problem, totals, classes.length - 1, total);
  if (misfit !== undefined) {
    throw new CapabilityError(
      `the GPU anneals sparse graphs of up to ${MOST_COLORS} colors whose couplings and fields are multiples of one unit and add up to at most ${LARGEST_TOTAL} units a spin; ${misfit}`,
    );
  }
  const degree = (i: number) => adjacency.starts[i + 1] - adjacency.starts[i];
  for (let c = 0; c + 1 < classes.length; c++)
    order.subarray(classes[c], classes[c + 1]).sort((a, b) => degree(a) - degree(b) || a - b);
  const largest = totals.reduce((most, own) => Math.max(most, own), 0);
  const widest = classes.reduce((most, end, c) => Math.max(most, c === 0 ? 1 : end - classes[c - 1]), 1);
  const held = 4 * (variables + 1) <= HELD_BYTES;
  return {
    ...{ problem, unit, order, classes, held, total },
    ...collectEntries(problem, unit, order, totals),
    levels: 1 + (largest === 0 ? 0 : 32 - Math.clz32(Math.ceil(largest / 2))),
    bands: Math.min(widest, held ? WORKGROUP : MOST_BANDS),
  };
}

function collectEntries(
  { adjacency, fields, variables }: SpinProblem,
  unit: number,
  order: Int32Array,
  totals: Float64Array,
): Pick<GraphPlan, "nodes" | "entries" | "oneSize"> {
  const { starts, neighbors, values } = renumber(adjacency, order);
  const nodes = new Uint32Array(2 * (variables + 1));
  const entries: number[] = [];
  let oneSize = true;
  const add = (place: number, value: number) => {
    const size = Math.abs(value) / unit;
    oneSize &&= size === 1 || size === 0;
    for (let level = 0; 2 ** level <= size; level++)
      if ((size >> level) & 1)
        entries.push((place | (level << LEVEL_BIT) | (value < 0 ? 1 << SIGN_BIT : 0)) >>> 0);
  };
  for (let p = 0; p < variables; p++) {
    nodes.set([entries.length, totals[order[p]]], 2 * p);
    for (let k = starts[p]; k < starts[p + 1]; k++) add(neighbors[k], values[k]);
    add(variables, fields[order[p]]);
  }
  nodes[2 * variables] = entries.length;
  return { nodes, entries: Uint32Array.from(entries), oneSize };
}

/** Words of a row of thresholds: whether flips that do not lower the energy are made, and a threshold for each coin. */
export const rowWords = ({ levels }: Pick<GraphPlan, "levels">) => levels + 1;

/**
 * Writes the thresholds of one β: a flip uphill by 4 e units, and by 2 more where D is odd, is made where a coin of
 * exp(−2β units) for odd D and one of exp(−4·2ᵇβ units) for each set bit b of e all succeed, to 2⁻³².
 */
export function writeThresholds(
  rows: Uint32Array,
  at: number,
  { unit, levels }: Pick<GraphPlan, "unit" | "levels">,
  inverseTemperature: number,
): void {
  const threshold = (units: number) =>
    Math.min(2 ** 32 - 1, Math.floor(exp(-inverseTemperature * unit * units) * 2 ** 32));
  rows[at] = 0xffffffff;
  rows[at + 1] = threshold(2);
  for (let bit = 0; bit < levels - 1; bit++) rows[at + 2 + bit] = threshold(4 * 2 ** bit);
}
