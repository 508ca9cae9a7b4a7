import { type Matrix, row, type SpinEnergy } from "@basin/energy-core";
import {
  type CheckpointOptions,
  checksum,
  checkWorkers,
  type Fingerprint,
  keepRun,
  type Part,
  type RunOptions,
  spread,
  type ThreadOptions,
} from "@basin/energy-core/run";

/** How a measurement runs: `onProgress` counts its parts, and a checkpoint keeps those that are done. */
export interface MeasureOptions extends ThreadOptions, RunOptions, CheckpointOptions {}

/** Does the parts of the measurement `name`, here or in threads, and resolves to their results in order. */
export async function measure<A, R>(
  name: string,
  count: number,
  part: Part<A, R>,
  options: MeasureOptions,
  fingerprint: () => Fingerprint,
): Promise<R[]> {
  checkWorkers(options);
  const identity = { format: name, version: 1, fingerprint: () => ({ ...fingerprint(), parts: count }) };
  const keeper = await keepRun<readonly (R | undefined)[]>(options, identity);
  return spread(count, part, { ...options, keeper });
}

/** Parts that a measurement is cut into for `workers` threads: several a thread even out their speeds. */
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
