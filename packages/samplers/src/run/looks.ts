import { checkNumber } from "@basin/energy-core";

/**
 * Each look is taken at up to so many times the draws of the one before, and at as few as {@link LEAST_GROWTH} times
 * where little is missing.
 */
export const GROWTH = 1.5;
export const LEAST_GROWTH = 1.1;

/** What a look at a run has found. */
export interface Look {
  /** Whether all that is asked is met. */
  readonly reached: boolean;
  /** How many times the draws seem to be wanted; NaN where that cannot be told. */
  readonly wanted: number;
}

/** Why a run that is looked at stopped, with how many looks were taken. */
export interface LastLook {
  readonly reason: "reached" | "most" | "timeLimit";
  readonly looks: number;
}

/**
 * Runs up to look after look, the last at `most` draws. Each is at 1.1 to 1.5 times the draws of the one before, by how
 * much is missing, so that draws and not the clock decide where a run stops.
 *
 * @param run makes draws up to a number of them, and returns how many there are: fewer where the time is up.
 */
export async function inLooks(
  { first, most }: { readonly first: number; readonly most: number },
  run: (upTo: number) => Promise<number>,
  look: (made: number) => Look | Promise<Look>,
): Promise<LastLook> {
  let asked = Math.min(first, most);
  for (let looks = 1; ; looks++) {
    const made = await run(asked);
    const { reached, wanted } = await look(made);
    if (reached) return { reason: "reached", looks };
    if (made < asked) return { reason: "timeLimit", looks };
    if (asked === most) return { reason: "most", looks };
    const growth = Math.min(GROWTH, Math.max(LEAST_GROWTH, wanted || GROWTH));
    asked = Math.min(most, Math.ceil(growth * asked));
  }
}

/** Returns the milliseconds after which a run stops with what it has; the greatest number where none are given. */
export const checkTimeLimit = (timeLimit = Number.MAX_VALUE): number =>
  checkNumber("until.timeLimit", timeLimit, { above: 0 });

/** Says of a run that a limit has ended what was missing. `missed` holds a text for each goal. */
export function missedWarning(limit: string, missed: readonly string[], where = ""): string[] {
  if (missed.length === 0) return [];
  return [`the run stopped before it was good enough, for ${limit}: ${missed.join(", ")}${where}.`];
}
