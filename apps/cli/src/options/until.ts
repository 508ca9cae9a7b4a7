import type { SampleUntil } from "@basin/samplers";
import { InvalidArgumentError } from "commander";
import { duration, integer, number } from "./readers.ts";

const goals = {
  "ess-bulk": ["essBulk", number({ above: 0 })],
  "ess-tail": ["essTail", number({ above: 0 })],
  "r-hat": ["rHat", number({ above: 1 })],
  "max-draws": ["maxDraws", integer(4, 1e9)],
  time: ["timeLimit", (text: string) => 1000 * duration(text)],
} as const;

/** Returns the goals of "ess-bulk=400,time=60s". */
export async function until(text: string): Promise<SampleUntil> {
  const found: Record<string, number> = {};
  for (const part of text.split(",")) {
    const [name, value = ""] = part.split("=").map((word) => word.trim());
    const goal = Object.hasOwn(goals, name) ? goals[name as keyof typeof goals] : undefined;
    if (goal === undefined)
      throw new InvalidArgumentError(
        `"${name}" is no goal; known: ${Object.keys(goals).join(", ")}, each with = and a number.`,
      );
    if (goal[0] in found) throw new InvalidArgumentError(`${name} is given twice.`);
    found[goal[0]] = await goal[1](value);
  }
  return found;
}
