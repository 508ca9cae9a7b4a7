/** The functions of the graph kernel; assembly/graph.ts in wasm, graph-twin.ts and cluster-twin.ts in TypeScript. */
export interface GraphExports {
  /** Writes f_i = h_i + Σ_j J_ij σ_j. */
  localFields(
    n: number,
    starts: number,
    neighbors: number,
    values: number,
    site: number,
    fields: number,
    spins: number,
  ): void;
  /** Returns Σ_i σ_i (f_i + h_i) = −2 H, up to the offset. */
  doubledEnergy(n: number, site: number, fields: number, spins: number): number;
  sweepGraph(
    starts: number,
    neighbors: number,
    values: number,
    fields: number,
    spins: number,
    table: number,
    classes: number,
    count: number,
    list: number,
    block: number,
    doubledBeta: number,
    rule: number,
    sweeps: number,
  ): void;
  /** Returns the sum of n signed bytes. */
  sumBytes(from: number, n: number): number;
  /** Returns the number of bonds that the spins of {@link growClusters} break. Rows must ascend. */
  brokenBonds(n: number, starts: number, neighbors: number, spins: number): number;
  growClusters(
    mode: number,
    n: number,
    starts: number,
    neighbors: number,
    bonds: number,
    stride: number,
    spins: number,
    stack: number,
    block: number,
    clusters: number,
    target: number,
  ): number;
}
