import { isingNames } from "@basin/ising/names";
import type { SampleUntil } from "@basin/samplers";
import { InvalidArgumentError } from "commander";
import { duration, integer, number, type Reader } from "./readers.ts";
import { flagOf } from "./resolve.ts";

type Goals = Readonly<Record<string, readonly [name: string, read: Reader<number>]>>;

const time = ["timeLimit", (text: string) => 1000 * duration(text)] as const;

const ofSample: Goals = {
  "ess-bulk": ["essBulk", number({ above: 0 })],
  "ess-tail": ["essTail", number({ above: 0 })],
  "r-hat": ["rHat", number({ above: 1 })],
  "max-draws": ["maxDraws", integer(4, 1e9)],
  time,
};

const ofSimulate: Goals = {
  ...Object.fromEntries(
    isingNames.quantity.map((name) => [flagOf(name, "").slice(2), [name, number({ above: 0 })]]),
  ),
  "max-sweeps": ["maxSweeps", integer(4, 1e9)],
  time,
};

const ofSolve: Goals = { target: ["target", number()], time };

/** Returns the goals of "ess-bulk=400,time=60s". */
export const sampleUntil = (text: string): Promise<SampleUntil> => read(text, ofSample);

/** Returns the goals of "energy-per-site=1e-3,time=60s". */
export async function simulateUntil(text: string) {
  const { maxSweeps, timeLimit, ...standardError } = await read(text, ofSimulate);
  return { standardError, maxSweeps, timeLimit };
}

/** Returns the goals of "target=-20,time=10s". */
export const solveUntil = (text: string): Promise<{ target?: number; timeLimit?: number }> =>
  read(text, ofSolve);

async function read(text: string, goals: Goals): Promise<Partial<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const part of text.split(",")) {
    const [name, value = ""] = part.split("=").map((word) => word.trim());
    const goal = Object.hasOwn(goals, name) ? goals[name] : undefined;
    if (goal === undefined)
      throw new InvalidArgumentError(
        `"${name}" is no goal; known: ${Object.keys(goals).join(", ")}, each with = and a number.`,
      );
    if (goal[0] in found) throw new InvalidArgumentError(`${name} is given twice.`);
    found[goal[0]] = await goal[1](value);
  }
  return found;
}
