import { type Cursor, type Matrix, type SpinEnergy, spins } from "@basin/energy-core";
import { toState, transpose } from "../patterns.ts";

/** Beyond this P · N a field might not fit its 32 bits. */
export const MAX_BITS = 2 ** 29;

/**
 * Returns E(S) = −½ Σ_{i≠j} w_ij S_i S_j + Σ_i θ_i S_i for Hebbian couplings w_ij = `unit` · Σ_μ ξ_i^μ ξ_j^μ without
 * forming them. With the overlaps M^μ = Σ_j ξ_j^μ S_j,
 *
 *   E = −(unit/2) (Σ_μ (M^μ)² − P N) + Σ_i θ_i S_i,   Σ_j w_ij S_j = unit (Σ_μ ξ_i^μ M^μ − P S_i),
 *
 * so a difference and a flip cost O(P). The sums are integers: nothing is rounded before the factor `unit`, and a tie
 * is a tie.
 *
 * @param patterns [P, N]; read when a cursor is first attached.
 */
export function overlapEnergy(
  patterns: Matrix<Int8Array>,
  unit: number,
  thresholds: Float64Array,
): SpinEnergy {
  const neurons = thresholds.length;
  let columns: Int8Array | undefined;
  const moves = (state: Int8Array) => {
    columns ??= transpose(patterns.data, neurons);
    return new OverlapCursor(columns, unit, thresholds, toState(state, neurons));
  };
  return { space: spins(neurons), energy: (state) => moves(state).energy, can: { moves } };
}

/** Returns E from Σ_μ (M^μ)², an exact integer, and the state. */
export function energyFromSquares(
  squares: number,
  patterns: number,
  unit: number,
  thresholds: Float64Array,
  state: Int8Array,
): number {
  let tilt = 0;
  for (let i = 0; i < state.length; i++) tilt += thresholds[i] * state[i];
  return -0.5 * unit * (squares - patterns * state.length) + tilt;
}

/**
 * The smallest integer f with unit · f − θ ≥ 0 as floating-point numbers have it, so that all implementations agree on
 * every tie.
 */
export function smallestField(unit: number, threshold: number): number {
  const most = 2 ** 31 - 1;
  let f = Math.ceil(threshold / unit);
  if (!(f > -most)) return -most;
  if (!(f < most)) return most;
  while (unit * (f - 1) - threshold >= 0) f--;
  while (!(unit * f - threshold >= 0)) f++;
  return f;
}

class OverlapCursor implements Cursor<Int8Array> {
  readonly state: Int8Array;
  readonly #columns: Int8Array;
  readonly #unit: number;
  readonly #thresholds: Float64Array;
  readonly #overlaps: Int32Array;
  #squares = 0;

  constructor(columns: Int8Array, unit: number, thresholds: Float64Array, state: Int8Array) {
    this.state = state;
    this.#columns = columns;
    this.#unit = unit;
    this.#thresholds = thresholds;
    this.#overlaps = new Int32Array(columns.length / state.length);
    for (let i = 0; i < state.length; i++) this.#add(i, state[i]);
  }

  get energy(): number {
    return energyFromSquares(this.#squares, this.#overlaps.length, this.#unit, this.#thresholds, this.state);
  }

  delta(i: number): number {
    const overlaps = this.#overlaps;
    const columns = this.#columns;
    const count = overlaps.length;
    let sum = 0;
    for (let mu = 0, at = i * count; mu < count; mu++, at++) sum += columns[at] * overlaps[mu];
    const spin = this.state[i];
    return 2 * spin * (this.#unit * (sum - count * spin) - this.#thresholds[i]);
  }

  deltas(out: Float64Array): Float64Array {
    for (let i = 0; i < this.state.length; i++) out[i] = this.delta(i);
    return out;
  }

  apply(i: number): void {
    this.#add(i, -2 * this.state[i]);
    this.state[i] = -this.state[i];
  }

  #add(i: number, change: number): void {
    const overlaps = this.#overlaps;
    const columns = this.#columns;
    for (let mu = 0, at = i * overlaps.length; mu < overlaps.length; mu++, at++) {
      const before = overlaps[mu];
      const after = before + change * columns[at];
      this.#squares += after * after - before * before;
      overlaps[mu] = after;
    }
  }
}
