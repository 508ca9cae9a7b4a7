import type { Matrix } from "@basin/energy-core";

/** A learning rule: how patterns become symmetric couplings without self-coupling. */
export interface LearningRule {
  /** The name it is reported under. */
  readonly name: string;
  /** Whether the couplings are those of Hebb's rule, so recall needs only the patterns and no matrix. Default false. */
  readonly lowRank?: boolean;
  /** The options of a rule of this package, from which a thread recreates it; absent on others. */
  readonly options?: Readonly<Record<string, number | undefined>>;
  /**
   * Returns what the rule makes of `patterns` [P, N].
   *
   * @param previous the couplings learned from the first `previous.patterns` of them. Rules that learn one pattern at a
   * time continue from there; the others start again.
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
