import { CapabilityError, outlierMetrics } from "@basin/energy-core";
import type { JointEnergy } from "@basin/jem";
import type { Judged, JudgedSet } from "./evaluation.ts";
import { first, type Images, type Labeled } from "./images.ts";
import { floats } from "./numbers.ts";

const COMPONENTS = 50;
/** Training images that neighbors are looked for among, and the principal components fitted to. */
const KNOWN = 5000;

/** Holds the scores of a model, and baselines that know nothing of it, against sets of outliers. */
export async function judgeOutliers(
  model: JointEnergy,
  train: Labeled,
  test: Labeled,
  sets: readonly [string, Images][],
  onDone: (done: number) => void,
): Promise<JudgedSet[]> {
  const { featuresOf, scoreNames, scores } = await import("@basin/jem");
  const { fitScore } = await import("@basin/jem/outliers");
  const size = test.inputs.length / test.count;
  const known = first(train, KNOWN).inputs;
  const rowsOf = (data: Images["inputs"]) => ({ features: { data, shape: [data.length / size, size] } });
  const components = Math.min(COMPONENTS, size);
  const pca = fitScore("residual", rowsOf(known), { components });
  const near = unlessLacking(() => fitScore("neighbors", { features: featuresOf(model, known) }));
  const rules: [string, boolean, (inputs: Images["inputs"]) => ArrayLike<number>][] = [
    ...scoreNames.map((name): (typeof rules)[number] => [
      name,
      false,
      (inputs) => scores(model, inputs, name),
    ]),
    ...(near
      ? [
          [
            "k-nearest-neighbors",
            false,
            (inputs) => near.score({ features: featuresOf(model, inputs) }),
          ] satisfies (typeof rules)[number],
        ]
      : []),
    [`baseline: residual of ${components} principal components`, true, (inputs) => pca.score(rowsOf(inputs))],
    ["baseline: brightness", true, (inputs) => brightness(inputs, size)],
  ];
  const inside = rules.map(([, , rule]) => rule(test.inputs));
  const judged: JudgedSet[] = [];
  for (const [outliers, { inputs, count }] of sets) {
    const found = rules.map(([score, baseline, rule], k): Judged => {
      const outside = rule(inputs);
      const metrics = outlierMetrics(inside[k], outside);
      return {
        score,
        baseline,
        ...metrics,
        fprAt95InDistributionStandardError: ofShare(metrics.fprAt95InDistribution, count),
        fprAt95OutlierStandardError: ofShare(metrics.fprAt95Outlier, test.count),
      };
    });
    judged.push({ outliers, count, scores: found });
    onDone(judged.length);
  }
  return judged;
}

/** Returns what `make` does, or undefined where the model lacks what it takes: a net of one layer has no features to be near in. */
function unlessLacking<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof CapabilityError) return undefined;
    throw error;
  }
}

/** Standard error of a share, with one imagined success and failure so that 0 and 1 have one too (Agresti & Coull 1998). */
function ofShare(share: number, count: number): number {
  const p = (share * count + 1) / (count + 2);
  return Math.sqrt((p * (1 - p)) / (count + 2));
}

/** Mean value of each image: what tells clothes from digits without any model. */
function brightness(inputs: Images["inputs"], size: number): Float32Array {
  const values = floats(inputs);
  return Float32Array.from({ length: values.length / size }, (_, i) => {
    const image = values.subarray(i * size, (i + 1) * size);
    return image.reduce((sum, value) => sum + value, 0) / size;
  });
}
