import { layOut, TAPE_BYTES } from "@basin/energy-core/internal";
import type { SpinProblem } from "../../problem/spin-problem.ts";

/** Replicas annealed side by side: two vectors of four 32-bit floats. */
export const LANES = 8;
/** Bytes of a node's fields, and of its spins. */
const NODE_BYTES = 4 * LANES;
/**
 * Number of β' in memory at a time. The fields are recomputed between such stretches, so that rounding does not
 * accumulate.
 */
export const STRETCH = 256;

/** A problem laid out for the annealer in lanes; every address is in bytes. */
export interface LaneLayout {
  readonly problem: SpinProblem;
  /** The largest |J| or |h|, the unit of the stored fields. */
  readonly scale: number;
  readonly bytes: number;
  readonly tape: number;
  readonly betas: number;
  /** Addresses of the fields and of the spins of the nodes. */
  readonly nodes: number;
  readonly spins: number;
  readonly starts: number;
  readonly site: number;
  /** Writes what stays constant through a run: rows, couplings, fields. */
  write(memory: ArrayBuffer): void;
}

// Roundings of 2⁻²⁴ of a spin's couplings add up over the flips of its neighbors between two recomputations.
const ROUNDING = 2 ** -24 * 64;
/** The most that rounding may add to βΔE at the coldest temperature. */
const TOLERATED = 0.02;

/** Returns the layout, or `undefined` if 32-bit floats are too coarse for the coldest β or the problem is too large. */
export function laneLayout(problem: SpinProblem, coldest: number): LaneLayout | undefined {
  const { variables, adjacency, fields } = problem;
  const { scale, total } = magnitudes(problem);
  if (coldest > coldestOf(total)) return undefined;
  const { bytes, entries, ...at } = layOut({
    tape: TAPE_BYTES,
    betas: 4 * STRETCH,
    nodes: NODE_BYTES * variables,
    spins: NODE_BYTES * variables,
    starts: 4 * (variables + 1),
    site: 4 * variables,
    entries: 8 * adjacency.neighbors.length,
  });
  // Addresses are signed 32-bit numbers in the kernel.
  if (bytes >= 2 ** 31) return undefined;
  const write = (memory: ArrayBuffer) => {
    const words = new Int32Array(memory);
    const floats = new Float32Array(memory);
    for (let i = 0; i <= variables; i++) words[(at.starts >> 2) + i] = entries + 8 * adjacency.starts[i];
    for (let i = 0; i < variables; i++) floats[(at.site >> 2) + i] = fields[i] / scale;
    for (let k = 0, to = entries >> 2; k < adjacency.neighbors.length; k++, to += 2) {
      words[to] = at.nodes + NODE_BYTES * adjacency.neighbors[k];
      floats[to + 1] = 2 * (adjacency.values[k] / scale);
    }
  };
  return { problem, scale, bytes, ...at, write };
}

/** Returns the largest β at which 32-bit floats are fine enough for `problem`. */
export function coldestForLanes(problem: SpinProblem): number {
  return coldestOf(magnitudes(problem).total);
}

function coldestOf(total: number): number {
  return TOLERATED / (2 * total * ROUNDING);
}

/** The largest |J| or |h|, 1 when all are 0, and the largest Σ_j |J_ij| + |h_i|. */
function magnitudes({ variables, adjacency, fields }: SpinProblem): { scale: number; total: number } {
  let scale = 0;
  let total = 0;
  for (let i = 0; i < variables; i++) {
    let sum = Math.abs(fields[i]);
    scale = Math.max(scale, sum);
    for (let k = adjacency.starts[i]; k < adjacency.starts[i + 1]; k++) {
      const size = Math.abs(adjacency.values[k]);
      sum += size;
      scale = Math.max(scale, size);
    }
    total = Math.max(total, sum);
  }
  return { scale: scale === 0 ? 1 : scale, total };
}
