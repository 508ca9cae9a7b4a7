import { InvalidArgumentError } from "commander";
import { output, text, value } from "../options/settings.ts";
import type { Shard } from "./plan.ts";
import { reportLines } from "./report.ts";
import type { Failure } from "./runner.ts";
import type { SweepResult } from "./sweep.ts";

const KEPT = ["<folder>", "where the sweep is kept (default: the study's name with .sweep)"] as const;

/** `--out`: the folder of a sweep. */
export const sweepFolder = output(...KEPT, "folder");
/** `--out` of commands that only read it. */
export const knownSweep = text(...KEPT);

/** `--shard`. */
export const shard = value<Shard>(
  "<i/n>",
  "run part i of n of the tasks, i from 1 to n, for a machine of n",
  (given) => {
    const [, number, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(given.trim()) ?? [];
    const found = { number: Number(number), of: Number(of) };
    if (found.number >= 1 && found.number <= found.of) return found;
    throw new InvalidArgumentError("Expected i/n with i from 1 to n, such as 3/16.");
  },
);

/** Returns the line that reports a failure. */
export function failureLine({ id, attempt, cause }: Failure): string {
  return `failed: ${id}, attempt ${attempt}: ${cause}`;
}

/** Returns the lines that report the outcome of a sweep. */
export function sweepLines({ report, failures, tasks, done, ran, kept, failed }: SweepResult): string[] {
  return [
    ...reportLines(report),
    ...failures.map(failureLine),
    `${done} of ${tasks} tasks are done: ${ran} came now, ${kept} were known${failed > 0 ? `, ${failed} failed` : ""}`,
  ];
}
