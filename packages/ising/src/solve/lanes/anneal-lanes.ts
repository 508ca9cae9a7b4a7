import type { Rng } from "@basin/energy-core/random";
import { chooseKernel, type KernelName, type KernelOption } from "@basin/energy-core/wasm";
import type { Reads } from "../reads.ts";
import { descend } from "../scalar.ts";
import { LaneBatch } from "./batch.ts";
import { laneKernel } from "./kernel.ts";
import { LANES, type LaneLayout, STRETCH } from "./layout.ts";

// Nodes visited between two looks at the clock, at some 20 ns each.
const NODE_VISITS_PER_CHUNK = 1_000_000;

/** Anneals all reads, eight at a time; batch b draws from `rng.split(b)`. Returns which kernel ran. */
export async function annealLanes(
  layout: LaneLayout,
  inverseTemperatures: Float64Array,
  rng: Rng,
  reads: Reads,
  option: KernelOption | undefined,
): Promise<KernelName> {
  const { implementation, kernel } = await chooseKernel(laneKernel(layout.bytes), option);
  const batch = new LaneBatch(layout, implementation);
  const count = reads.set.energies.length;
  const sweeps = inverseTemperatures.length;
  let chunk = STRETCH;
  while (chunk > 1 && chunk * layout.problem.variables > NODE_VISITS_PER_CHUNK) chunk /= 2;
  for (let first = 0; first < count; first += LANES) {
    batch.start(rng.split((reads.first + first) / LANES));
    for (let s = 0; s < sweeps; s += chunk) {
      batch.anneal(inverseTemperatures, s, Math.min(sweeps, s + chunk));
      await reads.breathe();
    }
    for (let r = 0; r < LANES && first + r < count; r++) {
      const state = reads.state(first + r);
      batch.readState(r, state);
      // The kernel's fields are rounded; the last flips are decided in double precision.
      reads.end(first + r, descend(layout.problem, state));
    }
  }
  return kernel;
}
