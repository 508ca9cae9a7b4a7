import { ArgumentError, checkNumber, outlierMetrics } from "@basin/energy-core";
import { checkName, checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, permutation } from "@basin/energy-core/random";
import { countOf, type OutlierData, takeInputs } from "./data.ts";
import { openRows } from "./rows.ts";
import { fitScore, outlierScoreNames } from "./score.ts";
import { type OutlierScoreName, table } from "./scores/table.ts";

/**
 * Returns the default score, which uses as much of the data as possible: "vim" with features and the last layer,
 * "relative-mahalanobis" with features and classes (labels, or logits), "neighbors" with features alone, "max-softmax"
 * with probabilities, and "energy" with logits.
 *
 * @throws {ArgumentError} if there are neither logits nor features.
 *
 * @example
 * ```ts
 * import { defaultScore } from "@basin/jem/outliers";
 *
 * console.log(defaultScore({ logits: [[4, 0]] }), defaultScore({ features: [[1, 2]] })); // energy, neighbors
 * ```
 */
export function defaultScore({ logits, of, features, labels, weights }: OutlierData): OutlierScoreName {
  if (features && weights) return "vim";
  if (features) return labels || logits ? "relative-mahalanobis" : "neighbors";
  if (logits) return of === "probabilities" ? "max-softmax" : "energy";
  throw new ArgumentError("there are neither logits nor features, expected one of them");
}

/** Options of {@link validateScores}. */
export interface ValidationOptions {
  /** The scores to choose from. Default: all whose parts are in the data. */
  scores?: readonly OutlierScoreName[];
  /** Number of parts to split the inputs into, at least 2. Default 5. */
  folds?: number;
  /** Seed of the splits. Default: drawn, and reported in the result. */
  seed?: number;
}

/** The score that detects these outliers best, and how well the choice itself performs. */
export interface Validation {
  /** The best score by all inputs. */
  readonly name: OutlierScoreName;
  /**
   * AUROC of the score that was best by the other folds, averaged over the folds. It estimates how well a score chosen
   * in this way performs on inputs that did not take part in the choice.
   */
  readonly auroc: number;
  /** For each fold, the score that the others chose, and its AUROC on the fold. */
  readonly folds: readonly { readonly name: OutlierScoreName; readonly auroc: number }[];
  /** AUROC of each score by all inputs, best first. The first is optimistic because it was chosen by these inputs. */
  readonly scores: readonly { readonly name: OutlierScoreName; readonly auroc: number }[];
  /** The seed of the splits. */
  readonly seed: number;
}

/**
 * Returns the score that ranks some known outliers best, by nested validation. Each fold of both sets is judged by the
 * score that was best on the others. There, half of the inliers fit each score, and the other half is compared with the
 * outliers. Scores have their default options.
 *
 * @param inside a classifier's outputs for inputs that are not outliers.
 * @param outliers the same for inputs that are outliers, similar to those expected.
 * @throws {ArgumentError} for fewer than two inputs per fold, and for unknown scores.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { validateScores } from "@basin/jem/outliers";
 *
 * const rng = createRng(1);
 * const logits = (count: number, top: number) =>
 *   Array.from({ length: count }, (_, i) => [0, 1, 2].map((y) => (y === i % 3 ? top : 0) + rng.normal()));
 * const { name, auroc } = validateScores({ logits: logits(90, 6) }, { logits: logits(90, 2) });
 * console.log(name, auroc);
 * ```
 */
export function validateScores(
  inside: OutlierData,
  outliers: OutlierData,
  options: ValidationOptions = {},
): Validation {
  checkOptions("validateScores", options, "scores folds seed");
  const folds = checkNumber("folds", options.folds ?? 5, { min: 2, integer: true });
  const names = (options.scores ?? outlierScoreNames.filter((name) => hasParts(inside, name))).map((name) =>
    checkName("score", name, outlierScoreNames),
  );
  const [n, m] = [countOf(inside), countOf(outliers)];
  if (names.length === 0 || n < 4 * folds || m < 2 * folds)
    throw new ArgumentError(
      `there are ${n} inputs, ${m} outliers and ${names.length} scores, expected at least ${4 * folds}, ${2 * folds} and 1 for ${folds} folds`,
    );
  const seed = seedOf(options);
  const rng = createRng(seed);
  const [insideOrder, outlierOrder] = [permutation(rng, n), permutation(rng, m)];
  const parts = (order: ArrayLike<number>, fold: number, own: boolean) =>
    Array.from(order).filter((_, i) => (i % folds === fold) === own);
  const judged = Array.from({ length: folds }, (_, fold) => {
    const [best] = rankScores(
      inside,
      parts(insideOrder, fold, false),
      outliers,
      parts(outlierOrder, fold, false),
      names,
    );
    const auroc = aurocOf(
      best.score.score(takeInputs(inside, parts(insideOrder, fold, true))),
      best.score.score(takeInputs(outliers, parts(outlierOrder, fold, true))),
    );
    return { name: best.name, auroc };
  });
  const all = rankScores(inside, Array.from(insideOrder), outliers, Array.from(outlierOrder), names);
  return {
    name: all[0].name,
    auroc: judged.reduce((sum, { auroc }) => sum + auroc, 0) / folds,
    folds: judged,
    scores: all.map(({ name, auroc }) => ({ name, auroc })),
    seed,
  };
}

/**
 * Fits each score to the first half of the inliers and ranks the scores by the AUROC of the second half against the
 * outliers.
 */
function rankScores(
  inside: OutlierData,
  places: readonly number[],
  outliers: OutlierData,
  outlierPlaces: readonly number[],
  names: readonly OutlierScoreName[],
) {
  const half = places.length >> 1;
  const [known, rest] = [takeInputs(inside, places.slice(0, half)), takeInputs(inside, places.slice(half))];
  const against = takeInputs(outliers, outlierPlaces);
  return names
    .map((name) => {
      const score = fitScore(name, known);
      return { name, score, auroc: aurocOf(score.score(rest), score.score(against)) };
    })
    .sort((a, b) => b.auroc - a.auroc);
}

function aurocOf(inside: Float64Array, outside: Float64Array): number {
  return outlierMetrics(inside, outside, { resamples: 20, seed: 0 }).auroc;
}

function hasParts(data: OutlierData, name: OutlierScoreName): boolean {
  const { needs, shiftFree = false } = table[name] as { needs: readonly string[]; shiftFree?: boolean };
  const has: Record<string, boolean> = {
    logits: data.logits !== undefined && (shiftFree || data.of !== "probabilities"),
    features: data.features !== undefined,
    labels: data.labels !== undefined || data.logits !== undefined,
    head: data.weights !== undefined,
  };
  return needs.every((need) => has[need]) && !((name === "ash" || name === "scale") && hasNegative(data));
}

/** Whether any feature is below 0; scores that shape activations refuse such features. */
function hasNegative({ features }: OutlierData): boolean {
  return features !== undefined && openRows(features, "features").data.some((x) => x < 0);
}
