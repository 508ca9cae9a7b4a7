import { kernelOf } from "@basin/energy-core/internal";
import { wasm } from "../../wasm/solve.generated.ts";
import type { SolveExports } from "./exports.ts";
import { ladderTwin } from "./ladder-twin.ts";
import { solveTwin } from "./twin.ts";

/** Both forms of the kernel over a memory of the given number of bytes. */
export const solveKernel = kernelOf<SolveExports>(wasm, (buffer) => ({
  ...solveTwin(buffer),
  ...ladderTwin(buffer),
}));
