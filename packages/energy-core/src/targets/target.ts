import type { DifferentiableEnergy } from "../energy.ts";
import type { Matrix } from "../matrix.ts";
import type { Rng } from "../random/rng.ts";

/** An energy on ℝⁿ with exact moments at β = 1, to test samplers and minimizers. */
export interface Target extends DifferentiableEnergy {
  /** The name it is reported under. */
  readonly name: string;
  /** ⟨x⟩, exact. */
  readonly mean: Float64Array;
  /** ⟨(x − ⟨x⟩)(x − ⟨x⟩)ᵀ⟩, n × n, exact. */
  readonly covariance: Matrix;
  /** log ∫ exp(−E(x)) dx, exact. */
  readonly logPartition: number;
  /** Returns an independent draw of p(x) = exp(−E(x)) / Z. */
  sample(rng: Rng): Float64Array;
}

/** log 2π. */
export const LOG_TWO_PI = 1.8378770664093453;

/** Returns an n × n matrix with `values` on its diagonal. */
export function diagonalData(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = values[i];
  return data;
}
