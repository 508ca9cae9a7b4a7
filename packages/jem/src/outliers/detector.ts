import { ArgumentError, checkNumber, type DetectorOptions, detector } from "@basin/energy-core";
import { betaQuantile, checkOptions, orderOfShare, seedOf } from "@basin/energy-core/internal";
import { createRng, permutation } from "@basin/energy-core/random";
import { defaultScore, type Validation, validateScores } from "./choose.ts";
import { discover, pValuesAmong, sortedScores } from "./conformal.ts";
import type { OutlierDetector, OutlierDetectorJson, OutlierThreshold } from "./contract.ts";
import { countOf, type OutlierData, predictedClasses, takeInputs } from "./data.ts";
import { urnOf, watchUrns } from "./drift.ts";
import { pack, unpack } from "./pack.ts";
import { fitScore, loadScore, type OutlierScore, outlierScores } from "./score.ts";
import type { OutlierScoreName } from "./scores/table.ts";

/** Options of {@link outlierDetector}. */
export interface OutlierDetectorOptions extends DetectorOptions {
  /**
   * The score: a name, or a fitted score. Default: {@link defaultScore}, or with `outliers` the best of
   * {@link validateScores}.
   */
  score?: OutlierScoreName | OutlierScore;
  /** Options of a score that is given by name. */
  scoreOptions?: Readonly<Record<string, number>>;
  /**
   * Inputs to fit and choose the score with, separate from the held-out ones. Default: half of the held-out ones, if
   * any are needed.
   */
  known?: OutlierData;
  /** Some outliers to choose the score by ({@link validateScores}). */
  outliers?: OutlierData;
  /**
   * Whether each predicted class has its own threshold, which keeps its share of the inputs predicted as that class.
   * Default false.
   */
  perClass?: boolean;
  /** Seed of the random halves and folds. Default: drawn, and reported in the result. */
  seed?: number;
}

/**
 * Returns an outlier detector that keeps a given share of fresh inputs like the held-out ones. It consists of a score
 * and a threshold: the k-th smallest of n held-out scores, k = ⌈(n + 1) · keep⌉ (split conformal prediction: see
 * `detector` of `@basin/energy-core`). A score that learns is fitted to `known`, or to a random half of the held-out
 * inputs; the other half then sets the threshold.
 *
 * @param heldOut a classifier's outputs for inputs that neither it nor the score learned from.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { loadDetector, outlierDetector } from "@basin/jem/outliers";
 *
 * const rng = createRng(1);
 * const logits = (count: number, top: number) =>
 *   Array.from({ length: count }, (_, i) => [0, 1, 2].map((y) => (y === i % 3 ? top : 0) + rng.normal()));
 * const found = outlierDetector({ logits: logits(500, 6) }, { keep: 0.95 });
 * console.log(found.choice, found.thresholds[0].threshold, found.thresholds[0].fresh);
 * console.log(found.judge({ logits: logits(4, 0) }).outliers);
 * console.log(found.discover({ logits: [...logits(20, 6), ...logits(5, 0)] }, { rate: 0.2 }).count);
 * console.log(loadDetector(JSON.parse(JSON.stringify(found))).judge({ logits: logits(1, 6) }).pValues);
 * ```
 *
 * @throws {ArgumentError} for options out of range, data that will not do (as {@link fitScore}), and no held-out
 * inputs.
 */
export function outlierDetector(heldOut: OutlierData, options: OutlierDetectorOptions = {}): OutlierDetector {
  checkOptions("outlierDetector", options, "score scoreOptions known outliers perClass seed keep confidence");
  const { keep = 0.95, confidence = 0.95, perClass = false } = options;
  checkNumber("confidence", confidence, { above: 0, max: 1 - 1e-12 });
  const seed = seedOf(options);
  const { score, rest, choice, validation } = chosen(heldOut, { ...options, seed });
  const scores = score.score(rest);
  if (scores.length === 0) throw new ArgumentError("there are no held-out inputs, expected at least one");
  const classes = perClass ? predictedClasses(rest) : undefined;
  const groups = new Map<string, number[]>();
  for (const [i, value] of scores.entries()) {
    const name = classes ? String(classes[i]) : ALL;
    const group = groups.get(name) ?? [];
    group.push(value);
    groups.set(name, group);
  }
  const sorted = new Map([...groups].map(([name, values]) => [name, sortedScores(values)]));
  return made({ score, choice, keep, confidence, perClass, seed, groups: sorted }, validation);
}

/** The name of the single group if thresholds are not per class. */
const ALL = "all";

/** Returns the score, and the held-out inputs left to set its threshold. */
function chosen(heldOut: OutlierData, options: OutlierDetectorOptions & { readonly seed: number }) {
  const { score, scoreOptions = {}, known, outliers, seed } = options;
  if (typeof score === "object") return { score, rest: heldOut, choice: `${score.name}, given as fitted` };
  const byOutliers = score === undefined && outliers !== undefined;
  const plain = byOutliers ? undefined : (score ?? defaultScore(heldOut));
  const learns = outlierScores().find(({ name }) => name === plain)?.learns ?? byOutliers;
  const halves = learns && known === undefined ? halve(heldOut, seed) : undefined;
  const base = known ?? halves?.[0] ?? heldOut;
  const validation = byOutliers ? validateScores(base, outliers, { seed }) : undefined;
  const name = plain ?? (validation as Validation).name;
  const reason = byOutliers
    ? "the best of outliers and inputs by nested validation"
    : score === undefined
      ? "by rule for what was given, without outliers to choose by"
      : "by its name";
  const source = known ? "other inputs than the held-out ones" : `half of the held-out inputs (seed ${seed})`;
  return {
    score: fitScore(name, base, scoreOptions),
    rest: halves?.[1] ?? heldOut,
    choice: `${name}, ${reason}${learns ? `; fitted to ${source}` : ""}`,
    validation,
  };
}

function halve(data: OutlierData, seed: number): [OutlierData, OutlierData] {
  const count = countOf(data);
  const order = permutation(createRng(seed), count);
  return [takeInputs(data, order.subarray(0, count >> 1)), takeInputs(data, order.subarray(count >> 1))];
}

/**
 * Returns the detector that was saved as JSON.
 *
 * @throws {ArgumentError} for a value that is not a saved detector.
 *
 * @example
 * ```ts
 * import { loadDetector, outlierDetector } from "@basin/jem/outliers";
 *
 * const logits = Array.from({ length: 40 }, (_, i) => [i / 10, 0]);
 * const text = JSON.stringify(outlierDetector({ logits }, { keep: 0.9 }));
 * console.log(loadDetector(JSON.parse(text)).judge({ logits: [[3, 0], [-5, -5]] }).outliers); // false, true
 * ```
 */
export function loadDetector(json: unknown): OutlierDetector {
  const { format, score, choice, keep, confidence, perClass, seed, heldOut } = (json ??
    {}) as Partial<OutlierDetectorJson>;
  if (format !== "basin outlier detector 1" || typeof keep !== "number" || typeof confidence !== "number")
    throw new ArgumentError(
      `what was given has the format ${JSON.stringify(format)}, expected "basin outlier detector 1"`,
    );
  const groups = new Map(Object.entries(unpack(heldOut, "the detector")) as [string, Float64Array][]);
  if (groups.size === 0) throw new ArgumentError("the detector holds no held-out scores");
  return made({
    score: loadScore(score),
    choice: String(choice),
    keep,
    confidence,
    perClass: perClass === true,
    ...(typeof seed === "number" && { seed }),
    groups,
  });
}

interface Parts {
  readonly score: OutlierScore;
  readonly choice: string;
  readonly keep: number;
  readonly confidence: number;
  readonly perClass: boolean;
  readonly seed?: number;
  /** Returns held-out scores in ascending order, by predicted class. */
  readonly groups: ReadonlyMap<string, Float64Array>;
}

function made(parts: Parts, validation?: Validation): OutlierDetector {
  const { score, choice, keep, confidence, perClass, seed, groups } = parts;
  const thresholds = [...groups].map(([name, sorted]) => ({
    ...(perClass && { class: Number(name) }),
    ...thresholdOf(sorted, keep, confidence),
  }));
  const judge = judging(parts, thresholds);
  return {
    score,
    choice,
    ...(validation && { validation }),
    keep,
    ...(seed !== undefined && { seed }),
    thresholds,
    judge(data) {
      const { scores, pValues, outliers } = judge(data);
      return { scores, pValues, outliers };
    },
    discover(data, options = {}) {
      checkOptions("discover", options, "rate");
      const { scores, pValues, least } = judge(data);
      return { scores, pValues, ...discover(pValues, least, options) };
    },
    watch(options = {}) {
      checkOptions("watch", options, "falseAlarm seed");
      const short = thresholds.find(({ warning }) => warning !== undefined);
      if (short && !perClass) throw new ArgumentError(`${short.warning}; a stream cannot be watched`);
      // A class that was never predicted has its own urn, in which nothing is above the threshold.
      const urns = [...[...groups.values()].map((sorted) => urnOf(sorted, keep)), urnOf(NONE, keep)];
      const { seed: drawn, update } = watchUrns(urns, options);
      return {
        seed: drawn,
        update(data) {
          const { scores, places } = judge(data);
          return update(
            scores,
            places.map((place) => (place < 0 ? urns.length - 1 : place)),
          );
        },
      };
    },
    toJSON: () => ({
      format: "basin outlier detector 1",
      score: score.toJSON(),
      choice,
      keep,
      confidence,
      perClass,
      ...(seed !== undefined && { seed }),
      heldOut: pack(Object.fromEntries(groups)),
    }),
  };
}

/**
 * Returns a function that judges data. Beside the judgment it gives, for each input, the smallest possible p-value and
 * the place of the threshold.
 */
function judging({ score, perClass, groups }: Parts, thresholds: readonly OutlierThreshold[]) {
  const names = [...groups.keys()];
  // Nothing is known of a class that was never predicted among the held-out inputs. It has no threshold, and its inputs
  // are never outliers.
  const placesOf = (data: OutlierData, count: number): Int32Array =>
    perClass ? predictedClasses(data).map((label) => names.indexOf(String(label))) : new Int32Array(count);
  return (data: OutlierData) => {
    const scores = score.score(data);
    const places = placesOf(data, scores.length);
    const sorted = Array.from(places, (place) => groups.get(names[place]) ?? NONE);
    return {
      scores,
      places,
      pValues: Float64Array.from(scores, (value, i) => pValuesAmong(sorted[i], [value])[0]),
      outliers: Array.from(
        scores,
        (value, i) => value > (thresholds[places[i]]?.threshold ?? Number.POSITIVE_INFINITY),
      ),
      least: Float64Array.from(sorted, ({ length }) => 1 / (length + 1)),
    };
  };
}

const NONE = new Float64Array();

function thresholdOf(sorted: Float64Array, keep: number, confidence: number): OutlierThreshold {
  const { isOutlier: _, ...threshold } = detector(sorted, { keep, confidence });
  const n = sorted.length;
  const k = orderOfShare(keep, n + 1);
  const tail = (1 - confidence) / 2;
  return {
    ...threshold,
    fresh:
      k > n
        ? { mean: 1, interval: [1, 1] }
        : {
            mean: k / (n + 1),
            interval: [betaQuantile(tail, k, n + 1 - k), betaQuantile(1 - tail, k, n + 1 - k)],
          },
  };
}
