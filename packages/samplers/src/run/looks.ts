import { checkNumber } from "@basin/energy-core";

/**
 * A look has at most this many times the draws of the previous look, and at least {@link LEAST_GROWTH} times as many.
 */
export const GROWTH = 1.5;
export const LEAST_GROWTH = 1.1;

/** The result of a look at a run. */
export interface Look {
  /** Whether every goal is met. */
  readonly reached: boolean;
  /** The estimated factor by which the number of draws must grow; NaN if it cannot be estimated. */
  readonly wanted: number;
}

/** Why a run stopped, and the number of looks taken. */
export interface LastLook {
  readonly reason: "reached" | "most" | "timeLimit";
  readonly looks: number;
}

/**
 * Resolves to the reason why a run stopped. The run goes from look to look, the last at `most` draws. Each look has 1.1
 * to 1.5 times the draws of the previous one, depending on how much is missing. So draws decide where a run stops, not
 * the clock.
 *
 * @param run makes draws up to a given total, and resolves to the total made: fewer if the time is up.
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

/**
 * Returns the time limit of a run in milliseconds; the greatest number if none is given. @throws {ArgumentError} unless
 * it is above 0.
 */
export const checkTimeLimit = (timeLimit = Number.MAX_VALUE): number =>
  checkNumber("until.timeLimit", timeLimit, { above: 0 });

/** Returns the warning of a run that a limit ended. `missed` holds a text for each goal that it missed. */
export function missedWarning(limit: string, missed: readonly string[], where = ""): string[] {
  if (missed.length === 0) return [];
  return [`the run stopped before it was good enough because ${limit}: ${missed.join(", ")}${where}.`];
}
