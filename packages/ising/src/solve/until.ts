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

/** Returns why a search has ended. */
export function stopOf({ reached, isStopped, secondsLeft }: Search): SolveStop {
  if (reached) return "reached";
  if (isStopped) return "signal";
  return secondsLeft <= 0 ? "timeLimit" : "reads";
}
