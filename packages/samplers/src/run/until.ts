import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { LEAST_DRAWS, whyUndefined } from "../diagnose/chains.ts";
import { effectiveSampleSize } from "../diagnose/effective-sample-size.ts";
import { rHat } from "../diagnose/r-hat.ts";
import { type Draws, type StateArray, type Stopped, series } from "./draws.ts";
import { checkTimeLimit, GROWTH, inLooks, LEAST_GROWTH, missedWarning } from "./looks.ts";

/**
 * When a run of chains is good enough. Every goal that is given must be met in every coordinate. The run stops earlier
 * at one of the two limits.
 */
export interface SampleUntil {
  /** Least bulk effective sample size. */
  essBulk?: number;
  /** Least tail effective sample size. */
  essTail?: number;
  /** Greatest R̂, above 1. */
  rHat?: number;
  /** Most draws per chain. Default 100 000. */
  maxDraws?: number;
  /**
   * Milliseconds, including warm-up, after which the run stops with the draws it has, at least four per chain. Only
   * this limit makes results depend on the clock.
   */
  timeLimit?: number;
}

type Figures = Pick<Stopped, "essBulk" | "essTail" | "rHat">;

/** The goals, and the limits with their defaults. */
export type Until = SampleUntil & Required<Pick<SampleUntil, "maxDraws" | "timeLimit">>;

/** Default draws per chain at the first look. */
export const FIRST_LOOK = 100;
const MOST_DRAWS = 100_000;

/**
 * Returns the goals and limits with their defaults. @throws {ArgumentError} if there is no goal, or a number is out of
 * range.
 */
export function checkUntil(until: SampleUntil, chains: number): Until {
  checkOptions("until", until, "essBulk essTail rHat maxDraws timeLimit");
  const { essBulk, essTail, rHat } = until;
  if (essBulk === undefined && essTail === undefined && rHat === undefined && until.timeLimit === undefined)
    throw new ArgumentError("until asks for nothing; give essBulk, essTail, rHat or timeLimit");
  if (essBulk !== undefined) checkNumber("until.essBulk", essBulk, { above: 0 });
  if (essTail !== undefined) checkNumber("until.essTail", essTail, { above: 0 });
  if (rHat !== undefined) {
    checkNumber("until.rHat", rHat, { above: 1 });
    if (chains < 2) throw new ArgumentError("until.rHat needs two chains at least; there is 1");
  }
  return {
    ...until,
    maxDraws: checkNumber("until.maxDraws", until.maxDraws ?? MOST_DRAWS, {
      min: LEAST_DRAWS,
      integer: true,
    }),
    timeLimit: checkTimeLimit(until.timeLimit),
  };
}

/**
 * Returns the estimated factor by which the number of draws must grow, if effective sample sizes grow in proportion.
 */
function wantedDraws(figures: Figures, { essBulk, essTail, rHat }: Until): number {
  const growths = [rHat === undefined ? LEAST_GROWTH : Math.sqrt(LEAST_GROWTH * GROWTH)];
  if (essBulk !== undefined) growths.push(essBulk / figures.essBulk);
  if (essTail !== undefined) growths.push(essTail / figures.essTail);
  return Math.max(...growths);
}

/**
 * Returns the worst value over coordinates of each figure that is a goal. It is NaN for other figures, and if a
 * coordinate moved in one chain but not in another. Coordinates that have one value in every chain are ignored.
 */
function worstOf(coordinates: Iterable<readonly Float64Array[]>, asked: SampleUntil): Figures {
  const worst = { essBulk: Infinity, essTail: Infinity, rHat: -Infinity };
  for (const chains of coordinates) {
    const still = whyUndefined(chains) !== undefined;
    if (still && chains.every((chain) => chain.every((value) => value === chains[0][0]))) continue;
    const least = (before: number, of: "bulk" | "tail") =>
      still ? Number.NaN : Math.min(before, effectiveSampleSize(chains, { of }));
    if (asked.essBulk !== undefined) worst.essBulk = least(worst.essBulk, "bulk");
    if (asked.essTail !== undefined) worst.essTail = least(worst.essTail, "tail");
    if (asked.rHat !== undefined) worst.rHat = still ? Number.NaN : Math.max(worst.rHat, rHat(chains));
  }
  const known = (value: number) => (Number.isFinite(value) ? value : Number.NaN);
  return { essBulk: known(worst.essBulk), essTail: known(worst.essTail), rHat: known(worst.rHat) };
}

/** Whether figures meet every goal. An undefined figure meets none. */
function isReached(figures: Figures, asked: SampleUntil): boolean {
  const { essBulk, essTail, rHat } = asked;
  if (essBulk === undefined && essTail === undefined && rHat === undefined) return false;
  return (
    (essBulk === undefined || figures.essBulk >= essBulk) &&
    (essTail === undefined || figures.essTail >= essTail) &&
    (rHat === undefined || figures.rHat <= rHat)
  );
}

/**
 * Runs chains until they are good enough. Resolves to the draws of the last look, with the reason why the run stopped.
 * `run` makes fewer draws than it is asked for if the time is up.
 */
export async function drawUntil<X extends StateArray>(
  until: Until,
  first: number,
  run: (draws: number) => Promise<Draws<X>>,
): Promise<Draws<X>> {
  let draws: Draws<X> | undefined;
  let figures: Figures | undefined;
  const { reason, looks } = await inLooks(
    { first, most: until.maxDraws },
    async (upTo) => {
      draws = await run(upTo);
      return draws.draws;
    },
    () => {
      const made = draws as Draws<X>;
      const coordinates = made.names.map((_, i) => series(made, i));
      figures = worstOf(coordinates, until);
      return { reached: isReached(figures, until), wanted: wantedDraws(figures, until) };
    },
  );
  const stopped = {
    reason: reason === "most" ? ("maxDraws" as const) : reason,
    ...(figures as Figures),
    looks,
  };
  // In place, because the parts of a formula are properties that a copy would lose.
  return Object.assign(draws as Draws<X>, { stopped, warnings: warningsOf(stopped, until) });
}

function warningsOf(stopped: Stopped, until: Until): string[] {
  if (stopped.reason === "reached") return [];
  const names = (["essBulk", "essTail", "rHat"] as const).filter((name) => until[name] !== undefined);
  const missed = names.map((name) => `${name} ${stopped[name].toPrecision(4)} of ${until[name]}`);
  const limit = stopped.reason === "timeLimit" ? "the time was up" : `maxDraws is ${until.maxDraws}`;
  return missedWarning(limit, missed, " in the worst coordinate");
}
