import { readFileSync } from "node:fs";
import { ArgumentError } from "@basin/energy-core";
import type { ProblemFile } from "@basin/ising";
import { printJson } from "../../output.ts";
import { type ProblemOptions, readProblem } from "./problem.ts";

/** Recomputes the energy of a solution over the file's own terms, and compares up to the rounding of a plain sum. */
export async function verifyAction(
  file: string,
  solutionFile: string,
  options: ProblemOptions,
): Promise<void> {
  const { cutWeight, roundingBound } = await import("@basin/ising");
  const held = await readProblem(file, options);
  const { problem, graph, maximize } = held;
  const solution = readSolution(solutionFile, held);
  const energy = problem.energy(solution.spins);
  const tolerance = roundingBound(problem, solution.spins);
  const figures: Record<string, number> = {
    energy,
    ...(graph === undefined ? {} : { cut: cutWeight(graph, solution.spins) }),
    ...(maximize ? { objective: -energy } : {}),
  };
  const agrees = Object.entries(figures).every(([name, found]) =>
    agree(solution.claims[name], found, tolerance),
  );
  if (options.json) printJson({ ...figures, tolerance, agrees, notes: held.notes });
  else {
    const what = Object.entries(figures).map(([name, found]) => `${name} ${found}`);
    const verdict = agrees ? "as the solution says" : "NOT what the solution says";
    process.stdout.write(`${what.join(", ")}: ${verdict}, up to ${tolerance} that a plain sum may round\n`);
  }
  if (!agrees) process.exitCode = 1;
}

/** A solution that claims nothing is not contradicted. */
function agree(claimed: unknown, found: number, tolerance: number): boolean {
  if (claimed === undefined) return true;
  return typeof claimed === "number" && Math.abs(claimed - found) <= tolerance;
}

interface SolutionFile {
  readonly spins: Int8Array;
  readonly claims: Record<string, unknown>;
}

function readSolution(file: string, problem: ProblemFile): SolutionFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ArgumentError(`${file} is not valid JSON`);
  }
  const claims = (parsed ?? {}) as Record<string, unknown>;
  const { spins, bits, assignment } = claims;
  if (spins !== undefined) return { spins: listOf(file, "spins", spins, [-1, 1], problem), claims };
  if (bits !== undefined) return { spins: listOf(file, "bits", bits, [0, 1], problem), claims };
  if (typeof assignment === "object" && assignment !== null) {
    return { spins: byName(file, assignment as Record<string, unknown>, problem), claims };
  }
  throw new ArgumentError(`${file} has no list "spins" or "bits" and no object "assignment"`);
}

function listOf(
  file: string,
  name: string,
  values: unknown,
  [low, high]: readonly [number, number],
  { problem }: ProblemFile,
): Int8Array {
  if (!Array.isArray(values)) throw new ArgumentError(`${file} has no list "${name}"`);
  if (values.length !== problem.variables) {
    throw new ArgumentError(`${file} has ${values.length} ${name}, the problem ${problem.variables}`);
  }
  return Int8Array.from(values, (value, i) => spinOf(`${name}[${i}]`, value, low, high));
}

function byName(file: string, assignment: Record<string, unknown>, held: ProblemFile): Int8Array {
  const { labels, firstNumber = 0, problem, kind } = held;
  const low = kind === "qubo" ? 0 : -1;
  return Int8Array.from({ length: problem.variables }, (_, i) => {
    const name = String(labels?.[i] ?? i + firstNumber);
    if (!Object.hasOwn(assignment, name))
      throw new ArgumentError(`${file} assigns nothing to the variable "${name}"`);
    return spinOf(`the value of "${name}"`, assignment[name], low, 1);
  });
}

function spinOf(what: string, value: unknown, low: number, high: number): -1 | 1 {
  if (value === high) return 1;
  if (value === low) return -1;
  throw new ArgumentError(
    `${what} is ${JSON.stringify(value)}, expected ${String(low).replace("-", "−")} or ${high}`,
  );
}
