import type { Rng } from "@basin/energy-core/random";
import { chooseKernel, type KernelName, type KernelOption } from "@basin/energy-core/wasm";
import type { Reads } from "../reads.ts";
import { BitBatch } from "./batch.ts";
import { solveKernel } from "./kernel.ts";
import { type BitLayout, REPLICAS } from "./layout.ts";

// Sweeps between two looks at the clock, for a kernel that visits a node in some 50 ns.
const SPIN_VISITS_PER_CHUNK = 200_000;

/** Anneals all reads, 128 at a time; batch b draws from `rng.split(b)`. Returns which kernel ran. */
export async function annealBits(
  layout: BitLayout,
  inverseTemperatures: Float64Array,
  rng: Rng,
  reads: Reads,
  option: KernelOption | undefined,
  shared: boolean,
): Promise<KernelName> {
  const { implementation, kernel } = await chooseKernel(solveKernel(layout.bytes), option);
  const batch = new BitBatch(layout, implementation, shared);
  const count = reads.set.energies.length;
  const sweeps = inverseTemperatures.length;
  const chunk = Math.max(1, Math.floor(SPIN_VISITS_PER_CHUNK / Math.max(1, layout.order.length)));
  for (let first = 0; first < count; first += REPLICAS) {
    batch.start(rng.split((reads.first + first) / REPLICAS));
    for (let s = 0; s < sweeps; s += chunk) {
      batch.anneal(inverseTemperatures, s, Math.min(sweeps, s + chunk));
      await reads.breathe();
    }
    batch.descend();
    const energies = batch.energies();
    for (let r = 0; r < REPLICAS && first + r < count; r++) {
      batch.readState(r, reads.state(first + r));
      reads.end(first + r, energies[r]);
    }
  }
  return kernel;
}
