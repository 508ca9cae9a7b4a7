import { ArgumentError, type QuadraticEnergy } from "@basin/energy-core";
import { checkOptions, chooseKernel, type KernelOption } from "@basin/energy-core/internal";
import type { WalkerKernel } from "@basin/samplers";
import { type SpinProblem, toSpinProblem } from "../../problem/spin-problem.ts";
import { solveKernel } from "./kernel.ts";
import { bitLayout, REPLICAS } from "./layout.ts";
import { bitMemory } from "./memory.ts";
import { BitWalkers } from "./walkers.ts";

/** Whether each of the 128 replicas of a batch draws its own random numbers, or all share one for each visit. */
export type Thresholds = "independent" | "shared";

/** Options of {@link bits}. */
export interface BitsOptions {
  /** "shared" is faster on graphs with many neighbors, but replicas that meet stay together. Default "independent". */
  thresholds?: Thresholds;
  /** Whether to store what cluster moves between replicas need. Default false. */
  clusters?: boolean;
  /** Default "auto". */
  kernel?: KernelOption;
}

/**
 * Returns a kernel: single-spin Metropolis dynamics of 128 replicas side by side, one bit each. Couplings and fields
 * must be small multiples of one unit. A step is a sweep, in an order that the kernel chooses. The walkers of a group
 * share one β and one stream.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { bits, createModel } from "@basin/ising";
 *
 * const glass = createModel("square", 8, { disorder: "plus-minus", disorderSeed: 1 });
 * const walkers = await bits().walkers(glass, { streams: (group) => createRng(1).split(group) });
 * walkers.step(100, 0.5);
 * console.log(walkers.energies(new Float64Array(walkers.count)));
 * ```
 */
export function bits(
  options: BitsOptions = {},
): WalkerKernel<QuadraticEnergy | SpinProblem, Int8Array, BitWalkers> {
  checkOptions("bits", options, "thresholds clusters kernel");
  const { thresholds = "independent", clusters = false } = options;
  return {
    name: "bit-parallel",
    group: REPLICAS,
    async walkers(energy, places) {
      checkOptions("walkers", places, "groups streams initial");
      const { groups = 1, streams, initial } = places;
      const problem = toSpinProblem(energy, "bits");
      const layout = bitLayout(problem);
      const memory = layout && bitMemory(layout, groups, clusters);
      if (layout === undefined || memory === undefined) throw noBits();
      const { implementation, kernel } = await chooseKernel(solveKernel(memory.bytes), options.kernel);
      const settings = { kernel, groups, clusters, shared: thresholds === "shared" };
      const walkers = new BitWalkers(layout, memory, implementation, settings);
      walkers.start(streams, initial);
      return walkers;
    },
  };
}

/** Returns the refusal of a problem that does not fit bits. */
export function noBits(): ArgumentError {
  return new ArgumentError(
    "the bit-parallel annealer needs couplings and fields that are multiples of one unit and add up to at most 32767 units a spin, within 2 GiB; this problem's are not",
  );
}
