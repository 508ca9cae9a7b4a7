import { Tape } from "@basin/energy-core/internal";
import { flipProbabilityAt, ruleNames, type SweepRule } from "../sweep/rules.ts";
import type { GraphExports } from "./exports.ts";

/** Cells of the table of acceptances: ±32 in steps of 1/32 of βΔE. */
const CELLS = 2048;

/** The single-spin half of assembly/graph.ts in TypeScript: the same bits over the same memory. */
export function graphTwin(
  buffer: ArrayBuffer,
): Pick<GraphExports, "localFields" | "doubledEnergy" | "sweepGraph"> {
  const bytes = new Int8Array(buffer);
  const words = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  return {
    localFields(n, starts, neighbors, values, site, fields, spins) {
      for (let i = 0; i < n; i++) {
        let sum = doubles[(site >> 3) + i];
        for (let k = words[(starts >> 2) + i]; k < words[(starts >> 2) + i + 1]; k++) {
          sum += doubles[(values >> 3) + k] * bytes[spins + words[(neighbors >> 2) + k]];
        }
        doubles[(fields >> 3) + i] = sum;
      }
    },
    doubledEnergy(n, site, fields, spins) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += bytes[spins + i] * (doubles[(fields >> 3) + i] + doubles[(site >> 3) + i]);
      }
      return sum;
    },
    sweepGraph(
      starts,
      neighbors,
      values,
      fields,
      spins,
      table,
      classes,
      count,
      _list,
      _block,
      doubledBeta,
      rule,
      sweeps,
    ) {
      const tape = new Tape(words);
      const next = () => words[tape.next()] >>> 0;
      const bounds = doubles.subarray(table >> 3, (table >> 3) + CELLS + 1);
      const flips = (x: number) => accepts(ruleNames[rule], x, bounds, next);
      const graph = {
        starts: words.subarray(starts >> 2),
        neighbors: words.subarray(neighbors >> 2),
        values: doubles.subarray(values >> 3),
        fields: doubles.subarray(fields >> 3),
        spins: bytes.subarray(spins),
        classes: words.subarray(classes >> 2, (classes >> 2) + count + 1),
      };
      for (let sweep = 0; sweep < sweeps; sweep++) sweepSpins(graph, doubledBeta, flips);
      tape.save();
    },
  };
}

/**
 * Whether a spin flips at x = βΔE; only a word between the bounds of its cell needs the exponential, and 21 more bits.
 */
function accepts(rule: SweepRule, x: number, bounds: Float64Array, next: () => number): boolean {
  const cell = Math.trunc(Math.min(Math.max(x * 32 + 1024, 0), CELLS - 1));
  const word = next();
  if (word >= bounds[cell]) return false;
  if (word + 2 <= bounds[cell + 1]) return true;
  const u = (word * 2097152 + (next() >>> 11)) * 1.1102230246251565e-16;
  return u < flipProbabilityAt(rule, x);
}

/** A graph with its spins and their local fields f_i = h_i + Σ_j J_ij σ_j. */
export interface GraphArrays {
  readonly starts: Int32Array;
  readonly neighbors: Int32Array;
  readonly values: Float64Array;
  readonly fields: Float64Array;
  readonly spins: Int8Array;
  /** Where each class of spins begins, and where the last ends; no spin has a neighbor in its class. */
  readonly classes: Int32Array;
}

/**
 * Visits every spin once, class by class, and flips it where `flips(βΔE)` says so. Irreducible in spite of the fixed
 * order, because neither rule ever flips with certainty.
 */
export function sweepSpins(graph: GraphArrays, doubledBeta: number, flips: (x: number) => boolean): void {
  const { starts, neighbors, values, fields, spins, classes } = graph;
  const list: number[] = [];
  for (let group = 0; group + 1 < classes.length; group++) {
    for (let i = classes[group]; i < classes[group + 1]; i++) {
      if (flips(doubledBeta * spins[i] * fields[i])) list.push(i);
    }
    for (const i of list) {
      const change = -2 * spins[i];
      spins[i] = -spins[i];
      for (let k = starts[i]; k < starts[i + 1]; k++) fields[neighbors[k]] += change * values[k];
    }
    list.length = 0;
  }
}

/**
 * Returns the table of bounds that `sweepGraph` reads: entry k is at least the flip probability of every βΔE in cell k.
 */
export function acceptanceTable(rule: SweepRule): Float64Array {
  const table = new Float64Array(CELLS + 1);
  const least = flipProbabilityAt(rule, Number.NEGATIVE_INFINITY);
  // A little is added and taken off, because exp is monotone only to its last place.
  for (let k = 0; k < CELLS; k++) {
    const above = k === 0 ? least : flipProbabilityAt(rule, (k - 1024) / 32);
    table[k] = 4294967296 * above * (1 + 1e-12);
  }
  return table;
}
