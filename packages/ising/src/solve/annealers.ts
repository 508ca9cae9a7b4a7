import { ArgumentError, checkName } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import type { KernelName, KernelOption } from "@basin/energy-core/wasm";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { annealBits } from "./bits/anneal-bits.ts";
import { type BitLayout, bitLayout, REPLICAS } from "./bits/layout.ts";
import { annealLanes } from "./lanes/anneal-lanes.ts";
import { LANES, type LaneLayout, laneLayout } from "./lanes/layout.ts";
import type { Reads } from "./reads.ts";
import { annealState, descend } from "./scalar.ts";

/**
 * Which annealer runs: "bit-parallel", 128 replicas a bit each, for small integer weights; "lanes", eight replicas in lanes of 32-bit
 * floats, for real weights; "scalar", one state at a time in double precision, for weights of very different sizes.
 */
export type AnnealerName = "bit-parallel" | "lanes" | "scalar";

/** Whether each of the 128 replicas of a bit-parallel batch draws its own random numbers, or all share one a visit. */
export type Thresholds = "independent" | "shared";

/** An annealer with the problem laid out for it. */
export type Annealer =
  | { readonly name: "bit-parallel"; readonly layout: BitLayout }
  | { readonly name: "lanes"; readonly layout: LaneLayout }
  | { readonly name: "scalar"; readonly problem: SpinProblem };

/**
 * Returns the annealer asked for, or the fastest that can take the problem down to the coldest β.
 *
 * @throws {ArgumentError} for one that cannot, and for an unknown name.
 */
export function chooseAnnealer(problem: SpinProblem, name: AnnealerName | "auto", coldest: number): Annealer {
  checkName("annealer", name, ["auto", "bit-parallel", "lanes", "scalar"]);
  if (name === "auto" || name === "bit-parallel") {
    const layout = bitLayout(problem);
    if (layout !== undefined) return { name: "bit-parallel", layout };
  }
  if (name === "bit-parallel") {
    throw new ArgumentError(
      "the bit-parallel annealer needs couplings and fields that are multiples of one unit and add up to at most 32767 units a spin; this problem's are not",
    );
  }
  if (name === "scalar") return { name, problem };
  const layout = laneLayout(problem, coldest);
  if (layout !== undefined) return { name: "lanes", layout };
  if (name === "auto") return { name: "scalar", problem };
  throw new ArgumentError(
    `the annealer in lanes of 32-bit floats would round by more than it may at an inverse temperature of ${coldest}: the sizes of this problem's weights lie too far apart`,
  );
}

/** How many reads an annealer makes side by side, from one stream of random numbers. */
export function batchOf(annealer: AnnealerName): number {
  if (annealer === "bit-parallel") return REPLICAS;
  return annealer === "lanes" ? LANES : 1;
}

/** Anneals all reads and returns which kernel ran; batch b, counted over the whole run, draws from `rng.split(b)`. */
export function runAnnealer(
  annealer: Annealer,
  inverseTemperatures: Float64Array,
  rng: Rng,
  reads: Reads,
  option: KernelOption | undefined,
  thresholds: Thresholds = "independent",
): Promise<KernelName> {
  if (annealer.name === "bit-parallel")
    return annealBits(annealer.layout, inverseTemperatures, rng, reads, option, thresholds === "shared");
  if (annealer.name === "lanes") return annealLanes(annealer.layout, inverseTemperatures, rng, reads, option);
  return annealScalar(annealer.problem, inverseTemperatures, rng, reads);
}

async function annealScalar(
  problem: SpinProblem,
  inverseTemperatures: Float64Array,
  rng: Rng,
  reads: Reads,
): Promise<KernelName> {
  for (let read = 0; read < reads.set.energies.length; read++) {
    const state = reads.state(read);
    const stream = rng.split(reads.first + read);
    for (let i = 0; i < state.length; i++) state[i] = stream.bernoulli(0.5) ? 1 : -1;
    annealState(problem, state, inverseTemperatures, stream);
    reads.end(read, descend(problem, state));
    await reads.breathe();
  }
  return "typescript";
}
