import { fashionMnist, type ImageSet, mnist, thin } from "@basin/datasets";
import { outlierMetrics } from "@basin/energy-core";
import { useWasm } from "@basin/energy-core/tensor";
import {
  accuracy,
  denseNetwork,
  generate,
  type JointModel,
  jointEnergy,
  recipeSampler,
  scores,
  type TrainProgress,
  type TrainReport,
  train,
} from "@basin/jem";
import { fitScore } from "@basin/jem/outliers";
import * as Plot from "@observablehq/plot";
import { chart } from "../charts/chart.ts";
import { contactSheet, encodeGray, type GrayPicture, valuePicture } from "../pictures.ts";
import type { Part, PartResult } from "./part.ts";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;
const SAMPLES_A_CLASS = 4;
const COMPONENTS = 50;

/** An MNIST classifier trained as an energy-based model, with Fashion-MNIST as outliers. */
export const jemPart: Part = {
  id: "jem",
  label: "a classifier that is an energy-based model",
  async run({ quick, seed, progress, signal }) {
    await useWasm();
    const { train: digits, test } = mnist();
    const others = thin(fashionMnist(), test.count);
    const model = jointEnergy(denseNetwork([SIDE, SIDE], { outputs: CLASSES, seed }));
    const history: TrainProgress[] = [];
    const budget = quick ? 30 : 100;
    const report = await train(
      model,
      { inputs: digits.images, labels: digits.labels },
      {
        steps: quick ? 600 : 2000,
        timeLimit: 1000 * budget,
        backOff: 2,
        seed,
        signal,
        onProgress: (step) => {
          history.push(step);
          const share = Math.max(step.done / step.total, step.seconds / budget);
          progress(0.85 * share, `cross-entropy ${step.crossEntropy.toFixed(2)}`);
        },
      },
    );
    const figures = evaluate(model, [digits, test, others], seed);
    progress(0.95, "samples");
    const samples = await classSamples(model, seed, quick ? 150 : 400);
    return {
      results: {
        trainingSteps: report.steps,
        trainingSeconds: report.seconds,
        stepsWereCutShortByTime: report.steps < report.last.total,
        testImages: test.count,
        outlierImages: others.count,
        ...figures,
        finalCrossEntropyNats: report.last.crossEntropy,
        finalDataEnergy: report.last.dataEnergy,
        finalSampleEnergy: report.last.sampleEnergy,
      },
      section: sectionOf(report, figures, samples, history),
    };
  },
};

function sectionOf(
  report: TrainReport,
  figures: ReturnType<typeof evaluate>,
  samples: readonly GrayPicture[],
  history: readonly TrainProgress[],
): PartResult["section"] {
  return {
    title: "A classifier that is secretly an energy-based model",
    lead:
      "Read logits as negative energies and any classifier assigns an energy to its input: low for digits, high for what it has " +
      "never seen. Trained jointly, it classifies, tells digits from clothes, and draws digits of its own.",
    rows: [
      { quantity: "test accuracy on MNIST", measured: figures.testAccuracy.toFixed(4) },
      { quantity: "AUROC against Fashion-MNIST, by energy", measured: figures.energyAuroc.toFixed(4) },
      { quantity: "AUROC, by maximum softmax", measured: figures.maxSoftmaxAuroc.toFixed(4) },
      {
        quantity: `AUROC, baseline: residual of ${COMPONENTS} principal components`,
        measured: figures.pcaResidualAuroc.toFixed(4),
      },
      {
        quantity: "false positives at 95 % of digits kept, by energy",
        measured: figures.energyFprAt95InDistribution.toFixed(4),
      },
    ],
    figures: [
      {
        caption: `Drawn by the model from uniform noise, ${SAMPLES_A_CLASS} of each class, by Langevin steps on E(x, y).`,
        png: encodeGray(contactSheet(samples, CLASSES)),
        width: 440,
        pixelated: true,
      },
      {
        caption: "Energies of data and of the model's own samples while it trains.",
        svg: energyCurves(history),
        width: 440,
      },
    ],
    method:
      `A dense net (784-256-256-10, swish), ${report.steps} updates of 64 digits in ${report.seconds.toFixed(0)} s on one core: ` +
      `cross-entropy plus the term of p(x|y), whose negative samples come from 20 Langevin steps on a replay buffer of 5000 chains. ` +
      "AUROC compares the 10 000 test digits with 10 000 images of clothes, which training never saw; MNIST against Fashion-MNIST is an easy pair, " +
      "hence the linear baseline beside it.",
    command: "pnpm --silent basin jem train --data mnist --time 10m --out digits",
  };
}

function evaluate(
  model: JointModel,
  [digits, test, others]: readonly [ImageSet, ImageSet, ImageSet],
  seed: number,
) {
  const energy = outlierMetrics(scores(model, test.images), scores(model, others.images), { seed });
  const softmax = outlierMetrics(
    scores(model, test.images, "max-softmax"),
    scores(model, others.images, "max-softmax"),
    { seed },
  );
  const features = ({ images }: ImageSet) => ({
    features: { data: images, shape: [images.length / PIXELS, PIXELS] },
  });
  const pca = fitScore("residual", features(thin(digits, 5000)), { components: COMPONENTS });
  const residual = outlierMetrics(pca.score(features(test)), pca.score(features(others)), { seed });
  return {
    testAccuracy: accuracy(model, test.images, test.labels),
    energyAuroc: energy.auroc,
    energyFprAt95InDistribution: energy.fprAt95InDistribution,
    energyFprAt95Outlier: energy.fprAt95Outlier,
    maxSoftmaxAuroc: softmax.auroc,
    pcaComponents: COMPONENTS,
    pcaResidualAuroc: residual.auroc,
  };
}

/** Samples of p(x|y) from uniform noise, one column per class. */
async function classSamples(model: JointModel, seed: number, steps: number) {
  const sampler = recipeSampler(steps);
  const labels = Array.from({ length: CLASSES * SAMPLES_A_CLASS }, (_, k) => k % CLASSES);
  const values = await generate(model, { labels, sampler, seed });
  return labels.map((_, k) => valuePicture(values.subarray(k * PIXELS, (k + 1) * PIXELS), SIDE));
}

function energyCurves(history: readonly TrainProgress[]): string {
  const points = history.flatMap(({ done: step, dataEnergy, sampleEnergy }) => [
    { step, energy: dataEnergy, of: "data" },
    { step, energy: sampleEnergy, of: "samples" },
  ]);
  const label = { x: "step", y: "energy", z: "of", textAnchor: "start", dx: 6 } as const;
  return chart({
    width: 440,
    height: 280,
    marginLeft: 45,
    marginRight: 60,
    x: { label: "update" },
    y: { label: "mean energy", grid: true },
    color: { domain: ["data", "samples"], range: ["#0b7a75", "#d1672b"], legend: false },
    marks: [
      Plot.line(points, Plot.windowY({ k: 15, x: "step", y: "energy", stroke: "of", strokeWidth: 1.5 })),
      Plot.text(points, Plot.selectLast({ ...label, text: "of", fill: "of" })),
    ],
  });
}
