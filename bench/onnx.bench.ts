import { digitClassifier, fashionMnist, type ImageSet, mnist, thin } from "@basin/datasets";
import { outlierMetrics } from "@basin/energy-core";
import { madeOutlierNames, makeOutliers } from "@basin/jem";
import { fitScore, type OutlierData, type OutlierScoreName } from "@basin/jem/outliers";
import * as ort from "onnxruntime-web";
import type { Contest } from "./contest.ts";

const session = await ort.InferenceSession.create(digitClassifier());

/** Runs the classifier, some images at a time. */
async function run({ images, count }: Pick<ImageSet, "images" | "count">): Promise<OutlierData> {
  const input = Float32Array.from(images, (byte) => byte / 255);
  const { logits, features } = await session.run({
    images: new ort.Tensor("float32", input, [count, 1, 28, 28]),
  });
  return { logits, features };
}

const { train, test } = mnist();
const known = thin(train, 5000);
const digits = thin(test, 2000);
const sets: readonly (readonly [name: string, images: Uint8Array])[] = [
  ["clothes (Fashion-MNIST)", thin(fashionMnist(), 2000).images],
  ...madeOutlierNames.map(
    (name) => [`digits made "${name}"`, makeOutliers(name, digits.images, [28, 28], { seed: 0 })] as const,
  ),
];

const ink = (images: Uint8Array) =>
  Float64Array.from({ length: images.length / 784 }, (_, i) =>
    images.subarray(784 * i, 784 * (i + 1)).reduce((sum, byte) => sum + byte, 0),
  );
const auroc = (inside: Float64Array, outside: Float64Array) =>
  outlierMetrics(inside, outside, { resamples: 20, seed: 1 }).auroc;

const names: readonly OutlierScoreName[] = [
  "energy",
  "max-softmax",
  "max-logit",
  "mahalanobis",
  "relative-mahalanobis",
  "neighbors",
];
const fitted = await run(known);
const scores = names.map((name) => fitScore(name, { ...fitted, labels: known.labels }));
const inside = await run(digits);

export const contests: readonly Contest[] = await Promise.all(
  sets.map(async ([name, images]): Promise<Contest> => {
    const outside = await run({ images, count: images.length / 784 });
    return {
      question: `2000 test digits against 2000 of ${name}, by a classifier of digits in ONNX Runtime Web`,
      unit: "AUROC",
      contenders: [
        ...scores.map((score) => ({
          name: score.name,
          measure: () => auroc(score.score(inside), score.score(outside)),
        })),
        {
          name: "how much ink, for comparison",
          measure: () => auroc(ink(digits.images), ink(images)),
        },
      ],
      ratios: [],
    };
  }),
);
