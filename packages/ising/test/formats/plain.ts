import type { ProblemFile } from "@basin/ising";
import { plainProblem } from "../../src/problem/spin-problem.ts";

/** What was read, with the arrays of the problem alone, which can be compared. */
export function plain(file: ProblemFile) {
  return { ...file, problem: plainProblem(file.problem) };
}
