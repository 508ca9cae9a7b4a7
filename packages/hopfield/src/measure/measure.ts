import { type Matrix, row, type SpinEnergy } from "@basin/energy-core";
import { checksum, type Fingerprint } from "@basin/energy-core/internal";
import type { CheckpointOptions, RunOptions, ThreadOptions } from "@basin/energy-core/run";

/** How a measurement runs: `onProgress` counts its parts, and a checkpoint saves the finished ones. */
export interface MeasureOptions extends ThreadOptions, RunOptions, CheckpointOptions {}

/** Number of parts of a measurement on `workers` threads: several for each thread even out their speeds. */
export function partsFor(workers = 1): number {
  return Math.max(32, 4 * workers);
}

/** Returns what tells one memory from another: its patterns, and the energies that it gives them. */
export function memoryFacts(memory: SpinEnergy & { readonly patterns: Matrix<Int8Array> }): Fingerprint {
  const { patterns } = memory;
  const energies = Float64Array.from({ length: patterns.shape[0] }, (_, mu) =>
    memory.energy(row(patterns, mu)),
  );
  return { patterns: checksum(patterns.data), energies: checksum(energies) };
}
