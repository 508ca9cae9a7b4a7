/** The functions of the bit-parallel annealer: assembly/solve.ts in wasm, twin.ts in TypeScript. */
export interface SolveExports {
  /** Runs sweeps `from` … `to − 1` of the table at `job`. Returns 1 if the last sweep flipped anything, else 0. */
  sweeps(from: number, to: number, job: number): number;
  /** Copies the vectors of `count` nodes. Their complements follow the copy unless `complement` is 0. */
  bring(from: number, to: number, count: number, complement: number): void;
  /** Adds up the satisfied units of every replica: vector k at `counts` holds bit k of all counts. */
  countSatisfied(from: number, end: number, counts: number, levels: number): void;
  /** Exchanges the replicas in the mask at `mask`. */
  exchange(a: number, b: number, count: number, mask: number): void;
  /**
   * Grows clusters from their seeds and flips them in both replicas of each pair. Returns −1 if `most` passes were too
   * few.
   */
  moveClusters(
    count: number,
    nodes: number,
    starts: number,
    neighbors: number,
    clusters: number,
    agree: number,
    most: number,
  ): number;
}
