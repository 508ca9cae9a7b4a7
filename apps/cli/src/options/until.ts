import { isingNames } from "@basin/ising/names";
import type { SampleUntil } from "@basin/samplers";
import { InvalidArgumentError } from "commander";
import type { Setting } from "../setting.ts";
import { duration, integer, number, type Reader } from "./readers.ts";
import { flagOf } from "./resolve.ts";
import { value } from "./settings.ts";

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

/** Returns a function that makes the option `--until` for some goals. */
const until =
  <T>(goals: Goals, make: (found: Partial<Record<string, number>>) => T) =>
  (summary: string): Setting<T | undefined> => ({
    ...value("<goals>", summary, async (text) => make(await read(text, goals))),
    goals: Object.fromEntries(Object.entries(goals).map(([written, [name]]) => [name, written])),
  });

/** Returns an option for goals such as "ess-bulk=400,time=60s". */
export const sampleUntil = until(ofSample, (found): SampleUntil => found);

/** Returns an option for goals such as "energy-per-site=1e-3,time=60s". */
export const simulateUntil = until(ofSimulate, ({ maxSweeps, timeLimit, ...standardError }) => ({
  standardError,
  maxSweeps,
  timeLimit,
}));

/** Returns an option for goals such as "target=-20,time=10s". */
export const solveUntil = until(ofSolve, (found): { target?: number; timeLimit?: number } => found);

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
