import { CapabilityError, checkNumber, type OutlierMetrics, outlierMetrics } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { RunOptions } from "@basin/energy-core/run";
import { pacer } from "@basin/energy-core/run";
import { floatRows, type Inputs, sizeOf } from "../inputs.ts";
import type { JointModel } from "../model/contract.ts";
import { fitScore } from "../outliers/index.ts";
import { featuresOf } from "./features.ts";
import { scoreNames, scores } from "./scores.ts";

/** One score's figures against one set of outliers, with standard errors. */
export interface ScoreFigures extends OutlierMetrics {
  readonly score: string;
  readonly fprAt95InDistributionStandardError: number;
  readonly fprAt95OutlierStandardError: number;
  /** Whether the score knows nothing of the model. */
  readonly baseline: boolean;
}

/** What the scores reach against one set of outliers. */
export interface OutlierSetFigures {
  readonly outliers: string;
  readonly count: number;
  readonly scores: readonly ScoreFigures[];
}

/** Options of {@link outlierBenchmark}; `onProgress` counts sets. */
export interface OutlierBenchmarkOptions extends RunOptions {
  /** Training inputs, for nearest neighbors and principal components. Required. */
  known: Inputs;
  /** In-distribution inputs that training never saw. Required. */
  test: Inputs;
  /** Sets of outliers by name. Required. */
  outliers: Readonly<Record<string, Inputs>>;
  /** Known inputs that are used, at most. Default 5000. */
  maxKnown?: number;
}

/** A score by name: whether it is a baseline, and its rule. */
type Score = readonly [name: string, baseline: boolean, rule: (inputs: Inputs) => ArrayLike<number>];

/**
 * Resolves to how well each score of a model, and baselines without the model (the residual of principal components,
 * the brightness), separate outliers from test inputs: AUROC, AUPR and the false-positive rates at 95 %, with standard
 * errors.
 *
 * @example
 * ```ts
 * import { denseNetwork, jointEnergy, makeOutliers, outlierBenchmark } from "@basin/jem";
 *
 * const test = Float32Array.from({ length: 40 }, (_, k) => (k % 4) / 4);
 * const model = jointEnergy(denseNetwork([4], { outputs: 2, seed: 0 }));
 * const outliers = { inverted: makeOutliers("inverted", test, [4], { seed: 0 }) };
 * const [{ scores }] = await outlierBenchmark(model, { known: test, test, outliers });
 * console.log(scores.map(({ score, auroc }) => [score, auroc]));
 * ```
 *
 * @throws {DimensionError} for inputs that are not whole rows; {ArgumentError} for inputs that are not finite.
 */
export async function outlierBenchmark(
  model: JointModel,
  options: OutlierBenchmarkOptions,
): Promise<OutlierSetFigures[]> {
  checkOptions("outlierBenchmark", options, "known test outliers maxKnown signal onProgress");
  const { known, test, outliers, maxKnown = 5000, ...run } = options;
  const size = sizeOf(model.space.shape);
  const most = checkNumber("maxKnown", maxKnown, { min: 2, integer: true });
  const rules = scoresOf(model, known.subarray(0, most * size), size);
  const inside = rules.map(([, , rule]) => rule(test));
  const pace = pacer(run);
  const figures: OutlierSetFigures[] = [];
  const sets = Object.entries(outliers);
  for (const [name, inputs] of sets) {
    const found = rules.map(([score, baseline, rule], k) => ({
      ...{ score, baseline, ...metricsOf(inside[k], rule(inputs)) },
    }));
    figures.push({ outliers: name, count: inputs.length / size, scores: found });
    await pace.breathe(() => ({ done: figures.length, total: sets.length }));
  }
  return figures;
}

function scoresOf(model: JointModel, known: Inputs, size: number): Score[] {
  const rowsOf = (data: Inputs) => ({ features: { data, shape: [data.length / size, size] } });
  const components = Math.min(50, size);
  const pca = fitScore("residual", rowsOf(known), { components });
  const near = unlessLacking(() => fitScore("neighbors", { features: featuresOf(model, known) }));
  const nearScore: Score[] = near
    ? [["k-nearest-neighbors", false, (inputs) => near.score({ features: featuresOf(model, inputs) })]]
    : [];
  return [
    ...scoreNames.map((name): Score => [name, false, (inputs) => scores(model, inputs, name)]),
    ...nearScore,
    [`baseline: residual of ${components} principal components`, true, (inputs) => pca.score(rowsOf(inputs))],
    ["baseline: brightness", true, (inputs) => brightness(inputs, size)],
  ];
}

function metricsOf(inside: ArrayLike<number>, outside: ArrayLike<number>) {
  const metrics = outlierMetrics(inside, outside, { seed: 1 });
  return {
    ...metrics,
    fprAt95InDistributionStandardError: ofShare(metrics.fprAt95InDistribution, outside.length),
    fprAt95OutlierStandardError: ofShare(metrics.fprAt95Outlier, inside.length),
  };
}

/**
 * Returns what `make` does, or undefined where the model lacks what it takes: a net of one layer has no features to be
 * near in.
 */
function unlessLacking<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof CapabilityError) return undefined;
    throw error;
  }
}

/**
 * Standard error of a share, with one imagined success and failure so that 0 and 1 have one too (Agresti & Coull 1998).
 */
function ofShare(share: number, count: number): number {
  const p = (share * count + 1) / (count + 2);
  return Math.sqrt((p * (1 - p)) / (count + 2));
}

/** Mean value of each input: what tells clothes from digits without any model. */
function brightness(inputs: Inputs, size: number): Float32Array {
  return Float32Array.from({ length: inputs.length / size }, (_, i) => {
    const image = floatRows(inputs, size, i, i + 1);
    return image.reduce((sum, value) => sum + value, 0) / size;
  });
}
