import { ArgumentError, type QuadraticEnergy } from "@basin/energy-core";
import {
  checkOptions,
  chooseKernel,
  type KernelName,
  type KernelOption,
  type WasmInstance,
} from "@basin/energy-core/internal";
import type { WalkerKernel } from "@basin/samplers";
import { type SpinProblem, toSpinProblem } from "../../problem/spin-problem.ts";
import type { LaneExports } from "./exports.ts";
import { laneKernel } from "./kernel.ts";
import { LANES, laneLayout } from "./layout.ts";
import { LaneWalkers } from "./walkers.ts";

const MOST_BYTES = 2 ** 31;

/** Options of {@link lanes}. */
export interface LanesOptions {
  /** The coldest β that the walkers will be stepped at; rounding must stay far below its temperature. Default 1. */
  maxInverseTemperature?: number;
  /** Default "auto". */
  kernel?: KernelOption;
}

/**
 * Returns a kernel: single-spin Metropolis dynamics of eight replicas side by side in lanes of 32-bit floats, for
 * couplings and fields of any size. A step is a sweep in ascending order.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { createModel, lanes } from "@basin/ising";
 *
 * const glass = createModel("square", 8, { disorder: "gaussian", disorderSeed: 1 });
 * const walkers = await lanes().walkers(glass, { streams: (group) => createRng(1).split(group) });
 * walkers.step(100, 0.5);
 * console.log(walkers.energies(new Float64Array(walkers.count)));
 * ```
 */
export function lanes(
  options: LanesOptions = {},
): WalkerKernel<QuadraticEnergy | SpinProblem, Int8Array, LaneWalkers> {
  checkOptions("lanes", options, "maxInverseTemperature kernel");
  const { maxInverseTemperature = 1, kernel: option } = options;
  return {
    name: "lanes",
    group: LANES,
    async walkers(energy, places) {
      checkOptions("walkers", places, "groups streams initial");
      const { groups = 1, streams, initial } = places;
      const problem = toSpinProblem(energy, "lanes");
      const layout = laneLayout(problem, maxInverseTemperature);
      if (layout === undefined || layout.bytes * groups > MOST_BYTES) {
        throw new ArgumentError(
          `the annealer in lanes of 32-bit floats would round by more than it may at an inverse temperature of ${maxInverseTemperature}: the sizes of this problem's weights lie too far apart, or its ${groups} groups take more than 2 GiB`,
        );
      }
      const instances: WasmInstance<LaneExports>[] = [];
      let kernel: KernelName = "typescript";
      for (let g = 0; g < groups; g++) {
        const chosen = await chooseKernel(laneKernel(layout.bytes), option);
        instances.push(chosen.implementation);
        kernel = chosen.kernel;
      }
      const walkers = new LaneWalkers(layout, instances, kernel);
      walkers.start(streams, initial);
      return walkers;
    },
  };
}
