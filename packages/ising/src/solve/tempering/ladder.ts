import type { KernelOption } from "@basin/energy-core/wasm";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import { type Annealer, chooseAnnealer } from "../annealers.ts";
import { bitLadder } from "./bit-ladder.ts";
import type { Ladder } from "./contract.ts";
import { laneLadder } from "./lane-ladder.ts";

/** Returns a ladder of `levels` levels for `problem`, in the kernel that takes its weights; `undefined` where none does. */
export async function createLadder(
  problem: SpinProblem,
  levels: number,
  coldest: number,
  option: KernelOption | undefined,
): Promise<Ladder | undefined> {
  const annealer: Annealer = chooseAnnealer(problem, "auto", coldest);
  if (annealer.name === "bit-parallel") return bitLadder(annealer.layout, levels, option);
  return annealer.name === "lanes" ? laneLadder(annealer.layout, levels, option) : undefined;
}
