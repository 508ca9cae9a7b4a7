import { ArgumentError } from "@basin/energy-core";
import { checkName, type KernelName, type KernelOption } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { lift, type WalkerKernel, type Walkers } from "@basin/samplers";
import { followSchedule, inBatches, type WalkerMoves } from "@basin/samplers/internal";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { bits, noBits, type Thresholds } from "./bits/bits.ts";
import { bitLayout } from "./bits/layout.ts";
import { lanes } from "./lanes/lanes.ts";
import { laneLayout } from "./lanes/layout.ts";
import type { Reads } from "./reads.ts";
import { descend, scalar } from "./scalar.ts";

/**
 * Which annealer runs. "bit-parallel" holds 128 replicas, one bit each, for small integer weights. "lanes" holds eight
 * replicas in lanes of 32-bit floats, for real weights. "scalar" holds one state in double precision, for weights of
 * very different sizes.
 */
export type AnnealerName = "bit-parallel" | "lanes" | "scalar";

/** How an annealer works. */
export interface AnnealerOptions {
  readonly thresholds?: Thresholds;
  /** Whether the replicas make cluster moves. */
  readonly clusters?: boolean;
  readonly kernel?: KernelOption;
}

type AnnealingWalkers = Walkers<Int8Array, Partial<WalkerMoves>> & { readonly kernel?: KernelName };

/** A kernel that anneals. */
export type Annealer = WalkerKernel<SpinProblem, Int8Array, AnnealingWalkers> & {
  readonly name: AnnealerName;
};

/**
 * Returns the annealer asked for, or the fastest one that can take the problem down to the coldest β.
 *
 * @throws {ArgumentError} for an annealer that cannot, and for an unknown name.
 */
export function chooseAnnealer(
  problem: SpinProblem,
  name: AnnealerName | "auto",
  coldest: number,
  options: AnnealerOptions = {},
): Annealer {
  checkName("annealer", name, ["auto", "bit-parallel", "lanes", "scalar"]);
  const { kernel } = options;
  if (name === "auto" || name === "bit-parallel") {
    if (bitLayout(problem) !== undefined) return { ...bits(options), name: "bit-parallel" };
  }
  if (name === "bit-parallel") throw noBits();
  if (name !== "scalar" && laneLayout(problem, coldest) !== undefined)
    return { ...lanes({ maxInverseTemperature: coldest, kernel }), name: "lanes" };
  if (name !== "lanes") return { ...lift(scalar()), name: "scalar" };
  throw new ArgumentError(
    `the annealer in lanes of 32-bit floats would round by more than it may at an inverse temperature of ${coldest}: the sizes of this problem's weights lie too far apart`,
  );
}

/** Anneals all reads and returns which kernel ran. Batch b, counted over the whole run, draws from `rng.split(b)`. */
export async function runAnnealer(
  problem: SpinProblem,
  annealer: Annealer,
  inverseTemperatures: Float64Array,
  rng: Rng,
  reads: Reads,
): Promise<KernelName> {
  const count = reads.set.energies.length;
  const skipped = reads.first / annealer.group;
  const streams = (group: number) => rng.split(skipped + group);
  const { kernel } = await inBatches(problem, annealer, { count, streams }, async (walkers, first) => {
    await followSchedule(walkers, inverseTemperatures, () => reads.breathe());
    const descends = walkers.can.descend !== undefined;
    walkers.can.descend?.();
    const energies = new Float64Array(walkers.count);
    if (descends) walkers.energies(energies);
    for (let r = 0; r < walkers.count && first + r < count; r++) {
      const state = walkers.read(r, reads.state(first + r));
      // A kernel that does not descend by itself leaves the last flips to double precision.
      reads.end(first + r, descends ? energies[r] : descend(problem, state));
    }
  });
  return kernel ?? "typescript";
}
