/** E(x) = offset + Σ_i a_i x_i + Σ_{i<j} Q_ij x_i x_j over bits x_i ∈ {0, 1}. */
export interface BinaryForm {
  readonly variables: number;
  readonly offset: number;
  /** a_i, length n. */
  readonly linear: Float64Array;
  /** The pairs i < j with Q_ij ≠ 0, ascending. */
  readonly quadratic: {
    readonly sources: Int32Array;
    readonly targets: Int32Array;
    readonly weights: Float64Array;
  };
}

const statedForms = new WeakMap<object, BinaryForm>();

/**
 * Keeps the terms over bits that a problem was stated in: fields over spins round small costs away beside large
 * penalties.
 */
export function keepBinaryForm<P extends object>(problem: P, form: BinaryForm): P {
  statedForms.set(problem, form);
  return problem;
}

/** Returns the terms over bits that a problem was stated in, `undefined` for one stated over spins. */
export function statedBinaryForm(problem: object): BinaryForm | undefined {
  return statedForms.get(problem);
}
