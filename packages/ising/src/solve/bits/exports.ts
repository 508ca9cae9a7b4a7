/** The functions of the bit-parallel annealer: assembly/solve.ts in wasm, twin.ts in TypeScript. */
export interface SolveExports {
  /**
   * Runs sweeps `from` … `to − 1` of the table that `job` names; returns 1 when the last one flipped anything, else 0.
   */
  sweeps(from: number, to: number, job: number): number;
  /** Copies the vectors of `count` nodes, with their complements behind the copy unless `complement` is 0. */
  bring(from: number, to: number, count: number, complement: number): void;
  /** Adds up the satisfied units of every replica: bit k of all counts in vector k at `counts`. */
  countSatisfied(from: number, end: number, counts: number, levels: number): void;
  /** Exchanges the replicas in the mask at `mask`. */
  exchange(a: number, b: number, count: number, mask: number): void;
  /**
   * Grows clusters from their seeds and flips them in both replicas of each pair; −1 when `most` passes were not
   * enough.
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
