import { type Matrix, matrix } from "@basin/energy-core";

/** The outcome of recalling many probes. */
export interface Recalls {
  /** One row a probe. */
  readonly states: Matrix<Int8Array>;
  /** E of each state. */
  readonly energies: Float64Array;
  readonly sweeps: Uint32Array;
  /** 1 where the state is a fixed point, 0 elsewhere. */
  readonly converged: Uint8Array;
  /** 2 where synchronous recall ended in a cycle of two states, 0 elsewhere. */
  readonly cycle: Uint8Array;
}

/** How one recall ended. */
export interface Ended {
  readonly state: Int8Array;
  readonly energy: number;
  readonly sweeps: number;
  readonly end?: "fixed point" | "cycle";
}

/** Returns single outcomes as arrays. */
export function collect(ends: readonly Ended[], neurons: number): Recalls {
  const data = new Int8Array(ends.length * neurons);
  for (const [r, { state }] of ends.entries()) data.set(state, r * neurons);
  return {
    states: matrix(data, ends.length, neurons),
    energies: Float64Array.from(ends, ({ energy }) => energy),
    sweeps: Uint32Array.from(ends, ({ sweeps }) => sweeps),
    converged: Uint8Array.from(ends, ({ end }) => (end === "fixed point" ? 1 : 0)),
    cycle: Uint8Array.from(ends, ({ end }) => (end === "cycle" ? 2 : 0)),
  };
}
