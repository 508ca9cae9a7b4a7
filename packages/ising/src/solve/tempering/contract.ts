import type { Rng } from "@basin/energy-core/random";

/** Replicas at several temperatures, in the memory of a kernel. */
export interface Ladder {
  /** Replicas at each level, an even number: 2p and 2p + 1 are a pair. */
  readonly replicas: number;
  /** Draws random spins for a level. */
  start(level: number, rng: Rng): void;
  /**
   * Sweeps a level at β and returns the energies of its replicas, in an array that the next call may reuse. With `clusters`, each pair
   * then makes an isoenergetic cluster move (Houdayer 2001).
   */
  visit(level: number, inverseTemperature: number, sweeps: number, clusters?: Rng): Float64Array;
  /** Exchanges the replicas with a 1 in `chosen` between two levels. */
  exchange(a: number, b: number, chosen: Uint8Array): void;
  /** Writes the spins of one replica into `out`. */
  read(level: number, replica: number, out: Int8Array): void;
}
