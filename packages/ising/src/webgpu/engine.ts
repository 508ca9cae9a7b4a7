import type { Walkers } from "@basin/samplers";
import type { SpinMoves } from "../sweep/one-state.ts";

/** What may move lattices on a device: the device, or the twin. */
export const gpuKernelNames = ["webgpu", "typescript"] as const;

/** What lattices on a device can: be measured there, many times between two answers. */
export type DeviceMoves = Required<Pick<SpinMoves, "takeUpdates" | "fetch" | "record">>;

/** What moves lattices on a device. */
export interface DeviceReport {
  /** Whether the device moves them, or its twin. */
  readonly kernel: (typeof gpuKernelNames)[number];
}

/** Spins on a device. */
export type GpuWalkers = Walkers<Int8Array, DeviceMoves & Required<Pick<SpinMoves, "magnetizations">>> &
  DeviceReport;

/** The words of a slot. */
export interface SlotWords {
  readonly states: Uint32Array;
  readonly generators: Uint32Array;
}

/**
 * What moves lattices, a slot each: the GPU, or its twin in TypeScript. Words of states are color by color, as the plan
 * says; generators are four words a band.
 */
export interface DeviceEngine {
  /** Sets the probabilities of all slots. */
  thresholds(words: Uint32Array): void;
  /** Sweeps some slots so many times. */
  sweep(first: number, slots: number, sweeps: number): void;
  /** Counts the totals of all slots as they are now. There is room for `rounds` counts between two {@link totals}. */
  measure(): void;
  readonly rounds: number;
  /**
   * Resolves to the sums since the last call, count by count and slot by slot: first that of the bonds, each once, then
   * those of the sites.
   */
  totals(): Promise<Float64Array>;
  write(slot: number, states: Uint32Array): void;
  seed(slot: number, generators: Uint32Array): void;
  /** Resolves to the words of slots, all or one. */
  read(slots: readonly number[]): Promise<SlotWords[]>;
  dispose(): void;
}
