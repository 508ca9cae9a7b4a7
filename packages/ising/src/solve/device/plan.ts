import { CapabilityError } from "@basin/energy-core";
import { exp } from "@basin/energy-core/random";
import { greedyColoring, renumber } from "../../graph/coloring.ts";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import { roundWeights } from "./round-weights.ts";

/**
 * How a graph is laid out on a device. The layout depends on the problem alone, so a seed gives the same bits on all
 * devices.
 */
export interface GraphPlan {
  readonly problem: SpinProblem;
  /** How far its energies may be from those of the problem to solve, whose weights it may round. */
  readonly error: number;
  /** By what share of itself rounding changed a weight, on average. */
  readonly change: number;
  /** Size of one unit of J and h. */
  readonly unit: number;
  /** Variable at each place: ordered by color, then by number of entries. No two spins of a color are neighbors. */
  readonly order: Int32Array;
  /** Where each color begins, and where the last one ends. */
  readonly classes: Int32Array;
  /** For each place: its first entry, and D = Σ|J| + |h| in units. One more row follows the last place. */
  readonly nodes: Uint32Array;
  /**
   * A set bit of a coupling: the neighbor's place, the number of the bit from bit {@link LEVEL_BIT} on, and the sign in
   * the top bit (set if negative). A field is a coupling to a spin after the last place, which is always up.
   */
  readonly entries: Uint32Array;
  /** Whether all couplings and fields have the size of one unit. */
  readonly oneSize: boolean;
  /** Bits of c − ⌈D/2⌉ in two's complement, where c is the number of satisfied units of a spin. */
  readonly levels: number;
  /** Generators for a word of 32 replicas. Each one moves every n-th spin of a color, where n is this number. */
  readonly bands: number;
  /** Whether one workgroup holds all spins of a word and sweeps it many times in one dispatch. */
  readonly held: boolean;
  /** Σ|J| + Σ|h| in units; every pair counts once. */
  readonly total: number;
}

export const LEVEL_BIT = 26;
const SIGN_BIT = 31;
/** Bytes of workgroup memory and invocations of a workgroup that every device offers. */
const HELD_BYTES = 16384;
const WORKGROUP = 256;
/** Generators of a word that no workgroup holds: with 128 words they fill a large device. */
const MOST_BANDS = 512;
const MOST_COLORS = 256;
const MOST_ENTRIES = 2 ** 24;

/** Returns why a problem does not fit, or `undefined`. */
function misfitOf(problem: SpinProblem, colors: number) {
  if (colors > MOST_COLORS) return `this problem's takes ${colors} colors`;
  if (problem.variables >= 2 ** LEVEL_BIT || problem.adjacency.values.length > MOST_ENTRIES)
    return "this problem is larger";
  return undefined;
}

/**
 * Returns how a problem's graph is laid out on a device, with weights rounded where they do not fit in units.
 *
 * @throws {CapabilityError} if the kernels cannot hold it.
 */
export function graphPlan(given: SpinProblem): GraphPlan {
  const { variables, adjacency } = given;
  const { order, classes } = greedyColoring(variables, adjacency);
  const misfit = misfitOf(given, classes.length - 1);
  if (misfit !== undefined) {
    throw new CapabilityError(
      `the GPU anneals sparse graphs of up to ${MOST_COLORS} colors and ${MOST_ENTRIES} couplings; ${misfit}`,
    );
  }
  const { problem, unit, totals, total, error, change } = roundWeights(given);
  const degree = (i: number) => adjacency.starts[i + 1] - adjacency.starts[i];
  for (let c = 0; c + 1 < classes.length; c++)
    order.subarray(classes[c], classes[c + 1]).sort((a, b) => degree(a) - degree(b) || a - b);
  const largest = totals.reduce((most, own) => Math.max(most, own), 0);
  const widest = classes.reduce((most, end, c) => Math.max(most, c === 0 ? 1 : end - classes[c - 1]), 1);
  const held = 4 * (variables + 1) <= HELD_BYTES;
  return {
    ...{ problem, error, change, unit, order, classes, held, total },
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

/**
 * Words in a row of thresholds: whether flips that do not lower the energy are allowed, and a threshold for each coin.
 */
export const rowWords = ({ levels }: Pick<GraphPlan, "levels">) => levels + 1;

/**
 * Writes the thresholds of one β. A flip uphill by 4 e units, and by 2 more if D is odd, is made if all its coins
 * succeed, to 2⁻³²: one of exp(−2β units) for odd D, and one of exp(−4·2ᵇβ units) for each set bit b of e.
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
