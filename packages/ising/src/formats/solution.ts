import { ArgumentError } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { ProblemFile } from "./problem-file.ts";

/**
 * Returns the state of a problem in a JSON text: "spins" (−1, +1) or "bits" (0, 1) in the order of the variables, or an
 * "assignment" by the names or numbers of the file.
 *
 * @param options `file` is the name that errors begin with.
 *
 * @example
 * ```ts
 * import { parseProblem, parseSolution } from "@basin/ising";
 *
 * const file = await parseProblem("x,y,2\n", { kind: "qubo" });
 * const { state } = parseSolution('{"assignment": {"x": 1, "y": 0}}', file);
 * console.log(file.problem.energy(state)); // 0
 * ```
 *
 * @throws {ArgumentError} for text that is not JSON, and naming a value that is missing or not a spin.
 */
export function parseSolution(
  text: string,
  problem: ProblemFile,
  options: { file?: string } = {},
): {
  /** −1 or +1 for each variable of the problem. */
  readonly state: Int8Array;
  /** Whatever else the file says, such as the energy that it claims. */
  readonly claims: Readonly<Record<string, unknown>>;
} {
  checkOptions("parseSolution", options, "file");
  const { file = "the solution" } = options;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ArgumentError(`${file} is not valid JSON`);
  }
  const claims = (parsed ?? {}) as Record<string, unknown>;
  const { spins, bits, assignment } = claims;
  if (spins !== undefined) return { state: listOf(file, "spins", spins, -1, problem), claims };
  if (bits !== undefined) return { state: listOf(file, "bits", bits, 0, problem), claims };
  if (typeof assignment === "object" && assignment !== null)
    return { state: byName(file, assignment as Record<string, unknown>, problem), claims };
  throw new ArgumentError(`${file} has no list "spins" or "bits" and no object "assignment"`);
}

function listOf(
  file: string,
  name: string,
  values: unknown,
  low: number,
  { problem }: ProblemFile,
): Int8Array {
  if (!Array.isArray(values)) throw new ArgumentError(`${file} has no list "${name}"`);
  if (values.length !== problem.variables)
    throw new ArgumentError(`${file} has ${values.length} ${name}, the problem ${problem.variables}`);
  return Int8Array.from(values, (value, i) => spinOf(`${name}[${i}]`, value, low));
}

function byName(file: string, assignment: Record<string, unknown>, held: ProblemFile): Int8Array {
  const { labels, firstNumber = 0, problem, kind } = held;
  return Int8Array.from({ length: problem.variables }, (_, i) => {
    const name = String(labels?.[i] ?? i + firstNumber);
    if (!Object.hasOwn(assignment, name))
      throw new ArgumentError(`${file} assigns nothing to the variable "${name}"`);
    return spinOf(`the value of "${name}"`, assignment[name], kind === "qubo" ? 0 : -1);
  });
}

function spinOf(what: string, value: unknown, low: number): -1 | 1 {
  if (value === 1) return 1;
  if (value === low) return -1;
  throw new ArgumentError(
    `${what} is ${JSON.stringify(value)}, expected ${String(low).replace("-", "−")} or 1`,
  );
}
