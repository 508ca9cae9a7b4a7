import type { Matrix, VectorLike } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { overlaps, toState } from "./patterns.ts";

/** What a state is to a memory. */
export type StateKind = "stored" | "inverse" | "mixture" | "spurious";

/** The outcome of {@link identify}. */
export interface Identity {
  /**
   * `"stored"`: one of the patterns; `"inverse"`: the negative of one; `"mixture"`: the majority vote of 3, 5 or 7 of
   * ± the patterns; `"spurious"`: none of these.
   */
  readonly kind: StateKind;
  /** Index of the pattern with the largest |m^μ|. */
  readonly pattern: number;
  /** m of that pattern, in [−1, 1]. */
  readonly overlap: number;
}

/** Options of {@link identify}. */
export interface IdentifyOptions {
  /** Share of the neurons that may differ, in [0, 0.5). Default 0: equal bit by bit. */
  tolerance?: number;
}

/**
 * Returns the relation of `state` to the stored `patterns` (Amit, Gutfreund & Sompolinsky 1985 on mixtures): a
 * symmetric mixture is S_i = sgn(Σ_{μ in K} ±ξ_i^μ) over an odd number of patterns, those of largest |m^μ|, each with
 * the sign of its overlap.
 *
 * @example
 * ```ts
 * import { hopfield, identify } from "@basin/hopfield";
 *
 * const { patterns } = hopfield([[1, 1, -1, -1], [1, -1, 1, -1]]);
 * console.log(identify(patterns, [-1, -1, 1, 1])); // { kind: "inverse", pattern: 0, overlap: −1 }
 * ```
 */
export function identify(
  patterns: Matrix<Int8Array>,
  state: VectorLike,
  options: IdentifyOptions = {},
): Identity {
  checkOptions("identify", options, "tolerance");
  const { tolerance = 0 } = options;
  const spins = toState(state, patterns.shape[1]);
  const m = overlaps(patterns, spins);
  const order = Array.from(m.keys()).sort((a, b) => Math.abs(m[b]) - Math.abs(m[a]) || a - b);
  const pattern = order[0];
  // An overlap of 1 − 2f means a share f of differing neurons; the last term absorbs the rounding of divisions.
  const limit = 1 - 2 * tolerance - 1e-9;
  const kind = (): StateKind => {
    if (m[pattern] > limit) return "stored";
    if (m[pattern] < -limit) return "inverse";
    const mixed = [3, 5, 7].some(
      (size) => size <= order.length && agreement(patterns, spins, m, order.slice(0, size)) > limit,
    );
    return mixed ? "mixture" : "spurious";
  };
  return { kind: kind(), pattern, overlap: m[pattern] };
}

function agreement(
  { data, shape: [, n] }: Matrix<Int8Array>,
  state: Int8Array,
  m: Float64Array,
  members: readonly number[],
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let votes = 0;
    for (const mu of members) votes += m[mu] < 0 ? -data[mu * n + i] : data[mu * n + i];
    sum += votes > 0 ? state[i] : -state[i];
  }
  return sum / n;
}
