import type { ScheduleName, SolveMethod } from "@basin/ising";
import type { Command } from "commander";
import { integer, nameOption, number, seedOption } from "../../options.ts";
import { withProblem } from "./problem.ts";
import { duration, range, solveAction } from "./solve.ts";
import { verifyAction } from "./verify.ts";

// The package has these lists too, but a command line that only prints its help does not load packages.
const METHODS: Record<SolveMethod | "auto", true> = {
  auto: true,
  exact: true,
  elimination: true,
  anneal: true,
  tempering: true,
  tabu: true,
};
const SCHEDULES: Record<ScheduleName, true> = { geometric: true, linear: true, adaptive: true };

/** Adds `solve` and `verify`: low-energy states of the problems in files, and the energy of a state recomputed. */
export function registerIsingSolve(ising: Command): void {
  withProblem(ising.command("solve"))
    .description("find a low-energy state of a spin problem, or a large cut of a graph, from a file")
    .argument("<files...>", "the problems, gzipped or not; one that cannot be read does not stop the others")
    .option("--reads <integer>", "annealing runs of a round (default: 128)", integer(1, 1e7))
    .option("--sweeps <integer>", "sweeps of a run (default: 1000, or growing with --time)", integer(1, 1e9))
    .option("--time <duration>", "time to spend, as 10s, 2m or 500ms", duration)
    .option("--target <energy>", "stop as soon as this energy is reached", number())
    .option(
      "--inverse-temperatures <hot:cold>",
      "β of the first and the last sweep (default: by the problem)",
      range,
    )
    .addOption(nameOption("--method <name>", "how to solve", METHODS, "auto"))
    .addOption(nameOption("--schedule <name>", "how β grows", SCHEDULES, "geometric"))
    .option(
      "--workers <integer>",
      "threads; a fixed number of reads gives the same bits with any",
      integer(1, 1024),
      1,
    )
    .option("--out <file>", "write the solution there, as JSON that `verify` reads")
    .addOption(seedOption())
    .action(solveAction);
  withProblem(ising.command("verify"))
    .description("recompute the energy of a solution, and say whether the file tells the truth")
    .argument("<file>", "the problem")
    .argument(
      "<solution>",
      'JSON with "spins" (−1, +1) or "bits" (0, 1) in order, or an "assignment" by name',
    )
    .action(verifyAction);
}
