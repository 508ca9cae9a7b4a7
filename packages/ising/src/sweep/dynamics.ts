import { ArgumentError } from "@basin/energy-core";

/** All that the next sweep of some dynamics depends on, beside its model; structured cloning takes it. */
export interface DynamicsState {
  readonly bytes: readonly Uint8Array[];
  readonly numbers: readonly number[];
}

/** Returns copies of parts of a kernel's memory. */
export function saveParts(
  buffer: ArrayBuffer,
  parts: readonly (readonly [start: number, length: number])[],
): Uint8Array[] {
  return parts.map(([start, length]) => new Uint8Array(buffer, start, length).slice());
}

/** Writes the copies of {@link saveParts} back. */
export function restoreParts(
  buffer: ArrayBuffer,
  parts: readonly (readonly [start: number, length: number])[],
  { bytes }: DynamicsState,
): void {
  if (bytes.length !== parts.length || bytes.some((part, k) => part.length !== parts[k][1]))
    throw new ArgumentError("the saved state is of another model or algorithm");
  for (const [k, [start, length]] of parts.entries()) new Uint8Array(buffer, start, length).set(bytes[k]);
}

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
  /** Returns a copy of the state: spins, generators, and whatever else the next sweep depends on. */
  save(): DynamicsState;
  /** Goes on from a saved state of the same model and algorithm with the same bits. @throws {ArgumentError} when it does not fit. */
  restore(state: DynamicsState): void;
}
