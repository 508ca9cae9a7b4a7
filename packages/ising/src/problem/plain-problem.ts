import type { BinaryForm } from "./binary-form.ts";

/** Pair e couples spins `sources[e]` < `targets[e]` with J = `values[e]`. */
export interface Couplings {
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly values: Float64Array;
}

/** The arrays of a problem, which can be sent to a thread. */
export interface PlainProblem {
  readonly variables: number;
  readonly offset: number;
  readonly fields: Float64Array;
  readonly couplings: Couplings;
  /** The terms over bits that energies are summed from, where the spin form rounds. */
  readonly stated?: BinaryForm;
}
