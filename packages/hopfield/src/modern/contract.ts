import type { DifferentiableEnergy, Matrix, MatrixLike, VectorLike } from "@basin/energy-core";
import type { KernelName, KernelOption } from "@basin/energy-core/internal";
import type { Separation } from "./energy.ts";

/** What a probe and a pattern are compared by. */
export const similarityNames = ["distance", "dot"] as const;
export type Similarity = (typeof similarityNames)[number];

/** Options of {@link modernMemory}. */
export interface ModernMemoryOptions {
  /**
   * β of the memory, above 0. It sets how sharply the nearest pattern wins and is not an inverse temperature. Default
   * 1.
   */
  sharpness?: number;
  /** `"log-sum-exp"` (Ramsauer et al. 2021) or `"log-sum-relu"` (Hoover et al. 2025). Default "log-sum-exp". */
  separation?: Separation;
  /**
   * `"distance"`: patterns count by ξ·x − ½‖ξ‖², that is by −½‖x − ξ‖². `"dot"`: by ξ·x, as in attention, which favors
   * patterns of large norm. Both agree for patterns of equal norm. Log-sum-ReLU uses only the distance. Default
   * "distance".
   */
  similarity?: Similarity;
  /**
   * Values [P, dv] that {@link ModernMemory.associate} answers with: a hetero-associative memory. Default: the
   * patterns.
   */
  values?: MatrixLike;
  /** Which implementation retrieves. Both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/** Options of {@link ModernMemory.retrieve} and {@link ModernMemory.associate}. */
export interface RetrieveOptions {
  /** Which entries of the queries are known, one boolean for each dimension; the others are ignored. Default: all. */
  known?: ArrayLike<number | boolean>;
}

/** Options of {@link ModernMemory.recall}. */
export interface ModernRecallOptions extends RetrieveOptions {
  /** Steps after which recall stops, at least 1. Default 100. */
  maxSteps?: number;
  /** Recall has converged when no entry moves by more than tolerance · (1 + largest |entry|). Default 1e-5. */
  tolerance?: number;
}

/** The outcome of {@link ModernMemory.recall}. */
export interface ModernRecall {
  readonly state: Float64Array;
  /** E(state). */
  readonly energy: number;
  readonly steps: number;
  readonly converged: boolean;
  /** Index of the pattern nearest to the final state (by the memory's similarity). */
  readonly nearest: number;
}

/** The outcome of {@link ModernMemory.retrieve}. */
export interface Retrieval {
  /** One row a query. */
  readonly states: Matrix<Float32Array>;
  /** Index of the pattern of the largest score, for each query. */
  readonly nearest: Uint32Array;
}

/**
 * A modern Hopfield network: a differentiable energy on ℝᵈ whose minima are patterns, or means of patterns that lie
 * close together.
 */
export interface ModernMemory extends DifferentiableEnergy {
  /** The stored patterns [P, d], in single precision. */
  readonly patterns: Matrix<Float32Array>;
  /** The values [P, dv] that {@link ModernMemory.associate} answers with: the patterns, where none were given. */
  readonly values: Matrix<Float32Array>;
  readonly sharpness: number;
  readonly separation: Separation;
  readonly similarity: Similarity;
  /** Which implementation retrieves. */
  readonly kernel: KernelName;
  /**
   * Returns the fixed point that x ← Σ_μ p_μ ξ^μ, p = softmax(β (ξ^μ·x + b_μ)), reaches from the probe. Known entries
   * are held; the first step compares them alone with the patterns.
   */
  recall(probe: VectorLike, options?: ModernRecallOptions): ModernRecall;
  /**
   * Returns one step of that update for each row of `queries` [m, d]: softmax attention with the patterns as keys and
   * values.
   */
  retrieve(queries: MatrixLike, options?: RetrieveOptions): Retrieval;
  /** Returns Σ_μ p_μ v^μ for each row of `queries`, with the values v: softmax attention. */
  associate(queries: MatrixLike, options?: RetrieveOptions): Retrieval;
  /**
   * Returns the cosines ξ^μ·x/(‖ξ^μ‖ ‖x‖) with every stored pattern, each in [−1, 1]; 0 where a vector is 0. For spins
   * that is (1/N) Σ_i ξ_i^μ x_i.
   */
  overlap(state: VectorLike): Float64Array;
  /**
   * Returns a memory of these patterns as well; this one stays as it is.
   *
   * @param values one row a new pattern; required where the memory has values of its own, and not allowed elsewhere.
   */
  store(patterns: MatrixLike, values?: MatrixLike): ModernMemory;
  /** Returns a memory without the patterns of these indices and their values; this one stays as it is. */
  forget(...indices: number[]): ModernMemory;
}
