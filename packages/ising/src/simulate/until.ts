import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import { checkTimeLimit, inLooks, type Look, missedWarning } from "@basin/samplers/internal";
import {
  type Estimates,
  type Estimators,
  LEAST_EFFECTIVE,
  type Quantity,
  quantityNames,
} from "../observables/estimates.ts";

/** When a simulation is good enough: every error asked for is met, or one of the two limits. */
export interface SimulateUntil {
  /**
   * Greatest standard error of quantities by name, such as `{ energyPerSite: 1e-4 }`. It counts from 50 effective draws
   * on, with fewer it is a guess.
   */
  standardError?: Partial<Record<keyof Estimates, number>>;
  /** Most measured sweeps. Default 10⁶. */
  maxSweeps?: number;
  /**
   * Milliseconds after which the run stops with what it has measured, warm-up counted; four measurements at least. The
   * one limit under which bits depend on the clock.
   */
  timeLimit?: number;
}

/** Why a simulation with `until` stopped. */
export interface StoppedSimulation {
  readonly reason: "reached" | "maxSweeps" | "timeLimit";
  /** Looks taken: each at 1.1 to 1.5 times the measurements of the last, by how much is missing. */
  readonly looks: number;
}

/** What is asked, with the limits that hold where none are given. */
export interface Until extends Required<SimulateUntil> {}

const MOST_SWEEPS = 1e6;

/**
 * Returns what is asked with its defaults. @throws {ArgumentError} where nothing is asked, a quantity is unknown, or a
 * number is out of range.
 */
export function checkUntil(until: SimulateUntil, firstLook: number): Until {
  checkOptions("until", until, "standardError maxSweeps timeLimit");
  const { standardError = {}, maxSweeps = MOST_SWEEPS, timeLimit } = until;
  const asked = Object.entries(standardError).filter(([, error]) => error !== undefined);
  if (asked.length === 0 && timeLimit === undefined)
    throw new ArgumentError("until asks for nothing; give standardError or timeLimit");
  for (const [name, error] of asked) {
    checkName("until.standardError", name, quantityNames);
    checkNumber(`until.standardError.${name}`, error, { above: 0 });
  }
  return {
    standardError: Object.fromEntries(asked),
    maxSweeps: checkNumber("until.maxSweeps", maxSweeps, { min: firstLook, max: 1e9, integer: true }),
    timeLimit: checkTimeLimit(timeLimit),
  };
}

/** Returns what a look at estimates finds: errors fall as the root of the draws. */
function lookAt(of: Estimators, { standardError }: Until): Look {
  const wanted = Object.entries(standardError).map(([name, asked]) => {
    const { standardError: error, effectiveSampleSize } = of[name as Quantity]();
    return Math.max((error / asked) ** 2, LEAST_EFFECTIVE / effectiveSampleSize);
  });
  return { reached: wanted.length > 0 && wanted.every((times) => times <= 1), wanted: Math.max(...wanted) };
}

/** Measures look after look until the errors are met, and returns why it stopped. */
export async function measureUntil(
  until: Until,
  { sweeps, measureEvery }: { readonly sweeps: number; readonly measureEvery: number },
  measure: (upTo: number) => Promise<number>,
  estimators: () => Estimators,
): Promise<StoppedSimulation> {
  const measurements = (of: number) => Math.floor(of / measureEvery);
  const looks = { first: measurements(sweeps), most: measurements(until.maxSweeps) };
  const last = await inLooks(looks, measure, () => lookAt(estimators(), until));
  return { ...last, reason: last.reason === "most" ? "maxSweeps" : last.reason };
}

/** Says what a run that a limit has ended lacks. */
export function stoppedWarning(found: Estimates, stopped?: StoppedSimulation, until?: Until): string[] {
  if (until === undefined || stopped === undefined || stopped.reason === "reached") return [];
  const missed = Object.entries(until.standardError).map(([name, asked]) => {
    const { standardError, effectiveSampleSize } = found[name as Quantity];
    const draws = `${effectiveSampleSize.toPrecision(3)} effective draws`;
    return `the error of ${name} is ${standardError.toPrecision(3)} of ${asked}, by ${draws}`;
  });
  const limit = stopped.reason === "timeLimit" ? "the time was up" : `maxSweeps is ${until.maxSweeps}`;
  return missedWarning(limit, missed);
}
