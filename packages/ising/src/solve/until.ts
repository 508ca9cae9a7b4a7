import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { checkTimeLimit } from "@basin/samplers/internal";
import type { Search } from "./search/search.ts";

/** When a search ends. */
export interface SolveUntil {
  /** Energy that is good enough: the search ends once a state's energy is at most this. Default −∞. */
  target?: number;
  /** Milliseconds to search for. Default: one round of `reads` and `sweeps`. */
  timeLimit?: number;
}

/**
 * Why {@link solve} stopped: the target was reached, the time was up, the reads were made, the signal came, or a proof
 * needed no search.
 */
export type SolveStop = "reached" | "timeLimit" | "reads" | "signal" | "proven";

/** Returns when to end. @throws {ArgumentError} for a number out of range. */
export function checkUntil(until: SolveUntil): SolveUntil {
  checkOptions("until", until, "target timeLimit");
  if (until.target !== undefined) checkNumber("until.target", until.target);
  if (until.timeLimit !== undefined) checkTimeLimit(until.timeLimit);
  return until;
}

/** A search by rounds ends once the time left affords no further one, which is less than this share of the limit. */
const SPARE = 1 / 8;

/** Returns why a search has ended. */
export function stopOf({
  reached,
  isStopped,
  secondsLeft,
  limits,
}: Pick<Search, "reached" | "isStopped" | "secondsLeft" | "limits">): SolveStop {
  if (reached) return "reached";
  if (isStopped) return "signal";
  const { timeLimit, sweeps } = limits;
  if (timeLimit === undefined) return "reads";
  // Only tempering with a number of sweeps can end long before its time.
  return sweeps === undefined || 1000 * secondsLeft < SPARE * timeLimit ? "timeLimit" : "reads";
}
