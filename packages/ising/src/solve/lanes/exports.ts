/** The functions of the annealer in lanes: assembly/lanes.ts in wasm, twin.ts in TypeScript. */
export interface LaneExports {
  /** Computes the local fields of all replicas from their spins. */
  laneFields(count: number, nodes: number, spins: number, starts: number, site: number): void;
  /** Runs one sweep for each of the `sweeps` numbers β' = 2β log₂ e at `betas`. */
  laneSweeps(
    count: number,
    nodes: number,
    spins: number,
    starts: number,
    betas: number,
    sweeps: number,
    tape: number,
  ): void;
}
