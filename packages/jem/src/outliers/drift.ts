import { ArgumentError, checkNumber, detector } from "@basin/energy-core";
import { checkEnergy, checkLength, checkOptions, orderOfShare, seedOf } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { sortedScores } from "./conformal.ts";
import { shareInterval } from "./share-interval.ts";

/** Options of {@link driftWatch}. */
export interface DriftOptions {
  /** Bound on the probability that a stream without drift ever raises the alarm, in (0, 1). Default 0.01. */
  falseAlarm?: number;
  /** Seed of the draws that break ties. Default: drawn, and reported in the result. */
  seed?: number;
}

/** The state of a watched stream. */
export interface Drift {
  /** Rows so far, and how many of them were above the threshold. */
  readonly rows: number;
  readonly outliers: number;
  /** The share above the threshold so far, with a 95 % interval that holds for a stream looked at only once, here. */
  readonly share: { readonly mean: number; readonly interval: readonly [low: number, high: number] };
  /** The share expected without drift, on average over held-out sets. */
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
  /** Takes the scores of the next rows and returns the state of the stream. */
  update(scores: ArrayLike<number>): Drift;
}

/** The threshold of one class, or of all inputs. */
export interface Urn {
  readonly threshold: number;
  /** The number of held-out scores equal to the threshold, and how many of them count as kept. */
  readonly tied: number;
  readonly tiedKept: number;
  /** The number of held-out scores above the threshold, plus one for the next input. */
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
 * The factors by which the bets multiply the odds of a row above the threshold, and the weight left for starts from row
 * t (counted from 1).
 */
const RATIOS = [1.5, 2, 4, 16, 0.5, 0];
const left = (t: number): number => 1 / (1 + Math.log(t));
const [MOST, CONFIDENCE] = [1e100, 0.95];

/**
 * Returns a watch that raises an alarm if more or fewer scores of a stream lie above the threshold than the held-out
 * scores predict. Without drift it does so with probability at most `falseAlarm`, however long the stream is. This
 * accounts for the uncertainty of the held-out set.
 *
 * Without drift, the number above the threshold follows Pólya's urn. The next row is above with probability π_t = (n +
 * 1 − k + a_t)/(n + 1 + t), where k of n held-out scores are kept and a_t of t rows were above so far. A capital of 1
 * is bet on odds ρ times as high, in equal parts for ρ = 1.5, 2, 4, 16, ½ and 0. Bets start at row s with weight 1/(1 +
 * log s) − 1/(1 + log(s + 1)). The capital is a martingale, so it reaches 1/falseAlarm with probability at most
 * `falseAlarm` (Ville 1939; conformal test martingales: Vovk et al. 2003). Random numbers break ties between scores
 * that equal the threshold.
 *
 * The watch does not detect drift that leaves the share unchanged. A change of the share must exceed the uncertainty of
 * the held-out set. With `keep` 0.95, 1000 held-out inputs and drift after 1000 rows, 9 of 10 streams raise the alarm
 * within 2000 rows for a doubled share, and within 350 for a share of 0. With 10 000 held-out inputs they do so within
 * 900 rows for a doubled share and 3000 for a halved one. A quarter or more of the halved shares are never detected
 * with 1000 held-out inputs, nor are many of the doubled ones with 100.
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

/** Returns a function that takes the scores of rows and the place of each row's urn, and the seed that breaks ties. */
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

/** The place of the threshold, in [0, 1], among the held-out scores that equal it, as if uniform draws ordered them. */
function placeOfTie({ tied, tiedKept }: Urn, rng: Rng): number {
  const draws = Float64Array.from({ length: tied }, () => rng.uniform()).sort();
  return tied > 0 ? draws[tiedKept - 1] : 1;
}
