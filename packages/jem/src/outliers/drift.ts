import { ArgumentError, checkNumber, detector } from "@basin/energy-core";
import { checkEnergy, checkLength, checkOptions, orderOfShare, seedOf } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { sortedScores } from "./conformal.ts";
import { shareInterval } from "./share-interval.ts";

/** Options of {@link driftWatch}. */
export interface DriftOptions {
  /** Bound on the probability that a stream without drift ever raises the alarm, in (0, 1). Default 0.01. */
  falseAlarm?: number;
  /** Seed of what breaks ties. Default: drawn, and reported in the result. */
  seed?: number;
}

/** Where a stream stands. */
export interface Drift {
  /** Rows so far, and how many of them were above the threshold. */
  readonly rows: number;
  readonly outliers: number;
  /** The share above the threshold so far, with an interval of 95 % for a stream that is looked at here alone. */
  readonly share: { readonly mean: number; readonly interval: readonly [low: number, high: number] };
  /** The share that is expected without drift, on average over held-out sets. */
  readonly expected: number;
  /** The capital of a bet against no drift that began with 1; at most 10¹⁰⁰. */
  readonly evidence: number;
  /** Whether the evidence has ever reached 1/falseAlarm. */
  readonly alarm: boolean;
  /** The row that raised the alarm, from 0. */
  readonly alarmAt?: number;
  /** Whether the alarm was for more rows above the threshold than expected, or for fewer. */
  readonly alarmFor?: "more" | "fewer";
}

/** A watch over a stream of scores. */
export interface DriftWatch {
  readonly seed: number;
  /** Takes the scores of the next rows, and returns where the stream stands. */
  update(scores: ArrayLike<number>): Drift;
}

/** What one class, or all inputs, have as their threshold. */
export interface Urn {
  readonly threshold: number;
  /** Of the held-out scores that equal the threshold, how many there are and how many of them count as kept. */
  readonly tied: number;
  readonly tiedKept: number;
  /** Held-out scores above the threshold, and one more: what the next input would be among. */
  readonly above: number;
  readonly all: number;
}

/** Returns the urn of sorted held-out scores. */
export function urnOf(sorted: Float64Array, keep: number): Urn {
  const k = Math.min(orderOfShare(keep, sorted.length + 1), sorted.length + 1);
  const all = sorted.length + 1;
  if (k === all) return { threshold: Number.POSITIVE_INFINITY, tied: 0, tiedKept: 0, above: 0, all };
  const threshold = sorted[k - 1];
  const first = sorted.indexOf(threshold);
  return {
    threshold,
    tied: sorted.lastIndexOf(threshold) - first + 1,
    tiedKept: k - first,
    above: all - k,
    all,
  };
}

/**
 * What the bets multiply the odds of a row above the threshold by, and the weight left for starts from row t (from 1)
 * on.
 */
const RATIOS = [1.5, 2, 4, 16, 0.5, 0];
const left = (t: number): number => 1 / (1 + Math.log(t));
const [MOST, CONFIDENCE] = [1e100, 0.95];

/**
 * Returns a watch that raises an alarm when more or fewer of a stream lie above the threshold than the held-out scores
 * say. Without drift it does so with probability at most `falseAlarm`, however long the stream is: the uncertainty of
 * the held-out set is counted.
 *
 * The number above the threshold follows Pólya's urn without drift: the next is above with probability
 * π_t = (n + 1 − k + those so far)/(n + 1 + t), where k of n held-out scores are kept. Against that a capital of 1 is
 * bet on odds ρ times as high, ρ = 1.5, 2, 4, 16, ½ and 0 in equal parts, from row s on with a weight of 1/(1 + log
 * s) − 1/(1 + log(s + 1)). It is a martingale, so that it reaches 1/falseAlarm with no more than that probability
 * (Ville 1939; conformal test martingales: Vovk et al. 2003). Scores that equal the threshold are told apart at random.
 * Drift that leaves the share as it is, is not looked for; and a share that changes must stand out of the uncertainty
 * of the held-out set. At a `keep` of 0.95, after 1000 rows without drift, 9 streams of 10 show a doubled share within
 * 2000 rows (900 with 10 000 held-out inputs), one that is gone within 350, and one that halved within 3000 with 10 000
 * held-out inputs. With 1000 a quarter and more of the halved, and with 100 many of the doubled, are never seen.
 *
 * @param heldOut scores of held-out inputs, higher for outliers.
 * @param keep share of fresh inputs below the threshold, as in `detector`.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { driftWatch } from "@basin/jem/outliers";
 *
 * const rng = createRng(1);
 * const draws = (count: number, shift: number) => Float64Array.from({ length: count }, () => shift + rng.normal());
 * const watch = driftWatch(draws(1000, 0), 0.95);
 * console.log(watch.update(draws(5000, 0)).alarm); // false
 * console.log(watch.update(draws(500, 1)).alarmAt); // not long after row 5000
 * ```
 *
 * @throws {ArgumentError} for too few held-out scores to bound `keep`, naming how many there must be;
 * {EnergyValueError} for scores that are NaN or −∞.
 */
export function driftWatch(heldOut: ArrayLike<number>, keep: number, options: DriftOptions = {}): DriftWatch {
  checkOptions("driftWatch", options, "falseAlarm seed");
  const { needed, warning } = detector(heldOut, { keep });
  if (warning !== undefined) throw new ArgumentError(`${warning}; ${needed} are needed to watch a stream`);
  const { seed, update } = watchUrns([urnOf(sortedScores(heldOut), keep)], options);
  return { seed, update: (scores) => update(scores, new Uint32Array(scores.length)) };
}

/** Returns what takes the scores of rows with the place of the urn of each, and the seed that breaks ties. */
export function watchUrns(urns: readonly Urn[], options: DriftOptions) {
  const falseAlarm = checkNumber("falseAlarm", options.falseAlarm ?? 0.01, { above: 0, max: 1 - 1e-12 });
  const seed = seedOf(options);
  const rng = createRng(seed);
  const places = urns.map((urn) => placeOfTie(urn, rng));
  const [above, all] = [urns.map((urn) => urn.above), urns.map((urn) => urn.all)];
  const bets = new Float64Array(RATIOS.length);
  let [rows, outliers, expected, evidence] = [0, 0, 0, 1];
  let alarm: Pick<Drift, "alarmAt" | "alarmFor"> | undefined;

  const take = (score: number, g: number): void => {
    const { threshold } = urns[g];
    const isAbove = score > threshold || (score === threshold && rng.uniform() > places[g]);
    const share = above[g] / all[g];
    expected += urns[g].above / urns[g].all;
    const weight = left(rows + 1) - left(rows + 2);
    evidence = left(rows + 2);
    for (let r = 0; r < bets.length; r++) {
      const odds = RATIOS[r];
      bets[r] = Math.min(MOST, ((bets[r] + weight) * (isAbove ? odds : 1)) / (1 + (odds - 1) * share));
      evidence += bets[r] / bets.length;
    }
    if (isAbove) {
      above[g]++;
      outliers++;
    }
    all[g]++;
    if (alarm === undefined && evidence >= 1 / falseAlarm) {
      const richest = RATIOS[bets.indexOf(Math.max(...bets))];
      alarm = { alarmAt: rows, alarmFor: richest > 1 ? "more" : "fewer" };
    }
    rows++;
  };

  const update = (scores: ArrayLike<number>, groups: ArrayLike<number>): Drift => {
    checkLength("groups", groups.length, scores.length);
    for (let i = 0; i < scores.length; i++) take(checkEnergy(scores[i], `score ${i}`), groups[i]);
    return {
      rows,
      outliers,
      share: {
        mean: rows > 0 ? outliers / rows : 0,
        interval: rows > 0 ? shareInterval(outliers, rows, CONFIDENCE) : [0, 1],
      },
      expected: rows > 0 ? expected / rows : urns[0].above / urns[0].all,
      evidence,
      alarm: alarm !== undefined,
      ...alarm,
    };
  };
  return { seed, update };
}

/**
 * Where the threshold lies among the held-out scores that equal it, in [0, 1], were these told apart by uniform draws.
 */
function placeOfTie({ tied, tiedKept }: Urn, rng: Rng): number {
  const draws = Float64Array.from({ length: tied }, () => rng.uniform()).sort();
  return tied > 0 ? draws[tiedKept - 1] : 1;
}
