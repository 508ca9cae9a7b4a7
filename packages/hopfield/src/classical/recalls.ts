import type { Descent } from "@basin/energy-core";
import type { CanRecall } from "@basin/energy-core/internal";
import type { RecallOptions } from "../recall.ts";

/** Where a memory settles from a cue; the steps are sweeps. */
export interface Settled extends Descent<Int8Array> {
  /** 2 where synchronous recall ended in a cycle of two states. */
  readonly cycle?: 2;
  readonly seed: number;
}

/** The capability by which `recall` and `recallAll` of energy-core use the dynamics of a memory. */
export type SettlingMemory = CanRecall<Int8Array, RecallOptions, Settled>;

/** How one recall ended. */
export interface Ended {
  readonly state: Int8Array;
  readonly energy: number;
  readonly sweeps: number;
  readonly end?: "fixed point" | "cycle";
}

/** Returns an outcome as the tasks have it. */
export function settled({ state, energy, sweeps, end }: Ended, seed: number): Settled {
  const converged = end === "fixed point";
  return {
    ...{ state, energy, steps: sweeps, converged, certificate: "local" },
    ...(end === "cycle" && { cycle: 2 }),
    seed,
  };
}
