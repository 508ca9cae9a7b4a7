/** The functions of assembly/overlap.ts, which says what each does; pointers in bytes. */
export interface OverlapExports {
  pack(state: number, bits: number, neurons: number): void;
  measure(
    rows: number,
    bits: number,
    overlaps: number,
    patterns: number,
    neurons: number,
    wide: number,
  ): number;
  sweep(
    columns: number,
    overlaps: number,
    state: number,
    thresholds: number,
    free: number,
    order: number,
    rng: number,
    sum: number,
    count: number,
    patterns: number,
    unit: number,
    random: number,
    wide: number,
  ): number;
}

/** The functions of assembly/synchronous.ts, which says what each does; pointers in bytes. */
export interface SynchronousExports {
  sweep(
    rows: number,
    columns: number,
    spins: number,
    before: number,
    limits: number,
    sums: number,
    table: number,
    patterns: number,
    neurons: number,
  ): number;
  put(state: number, spins: number, before: number, lane: number, neurons: number): void;
  take(state: number, spins: number, lane: number, neurons: number): void;
}

/** The functions of assembly/weights.ts, which says what each does; pointers in bytes. */
export interface WeightsExports {
  fields(
    weights: number,
    states: number,
    thresholds: number,
    out: number,
    neurons: number,
    stride: number,
    count: number,
  ): void;
  sweep(
    weights: number,
    line: number,
    state: number,
    free: number,
    order: number,
    rng: number,
    energy: number,
    count: number,
    stride: number,
    random: number,
  ): number;
}
