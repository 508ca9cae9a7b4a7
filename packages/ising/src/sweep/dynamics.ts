/** A spin system that one algorithm moves: what a simulation needs to run and to measure it. */
export interface Dynamics {
  /** Runs `count` sweeps. */
  sweep(count: number, inverseTemperature: number): void;
  /** Total magnetization M = Σ σ_i. */
  magnetization(): number;
  /** Total energy H(σ). */
  energy(): number;
  /** Writes the spins, ±1 in site order, into `out` and returns it. */
  spins(out: Int8Array): Int8Array;
  /** Called once, between warm-up and measurement. */
  settle?(): void;
  /** Spins that the sweeps since the last call attempted to flip (clusters: flipped). */
  takeUpdates(): number;
}
