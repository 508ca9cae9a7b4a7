import type { Matrix } from "@basin/energy-core";

/** A learning rule: how patterns become symmetric couplings without self-coupling. */
export interface LearningRule {
  /** The name it is reported under. */
  readonly name: string;
  /** Whether the couplings are Hebb's, so that the patterns alone serve recall and no matrix is needed. Default false. */
  readonly lowRank?: boolean;
  /** The options that a rule of this package was made with, from which a thread makes it again; absent on others. */
  readonly options?: Readonly<Record<string, number | undefined>>;
  /**
   * Returns what the rule makes of `patterns` [P, N].
   *
   * @param previous what it had learned from the first `previous.patterns` of them: rules that learn one pattern at a
   * time go on from there, the others begin anew.
   */
  learn(patterns: Matrix<Int8Array>, previous?: Learned): Learned;
}

/** What a rule has learned. */
export interface Learned {
  /** Number of patterns learned so far. */
  readonly patterns: number;
  /** Returns w_ij in the textbook's scale (1/N for Hebb), row-major N × N, symmetric, with a zero diagonal. */
  weights(): Float64Array;
  /** What the rule has to report: epochs, stabilities, …. */
  readonly report: Readonly<Record<string, number | boolean>>;
}
