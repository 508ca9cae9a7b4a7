import { outlierMetrics } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import * as tf from "@tensorflow/tfjs";
import type { JointModel } from "../model/contract.ts";
import { type HeadName, headNamed } from "../model/head.ts";
import type { LogitFunction } from "../model/logits.ts";
import type { Batch } from "../objectives/objective.ts";
import { fitScore } from "../outliers/score.ts";
import { scores } from "../score/scores.ts";
import { gridDivergence, gridEnergies, squareGrid, toyEnergies } from "../toys/grid.ts";
import { drawToy, type Toy } from "../toys/toy.ts";
import {
  conditionalMeasures,
  longChains,
  type Measures,
  mean,
  measuringStream,
  robustAccuracy,
  type TestSet,
} from "./measures.ts";
import type { MethodSettings } from "./methods.ts";
import { imageNet, planeNet } from "./nets.ts";

/** Something to train joint models on and to measure them by. */
export interface Problem {
  readonly name: string;
  readonly labels: number;
  readonly settings: MethodSettings;
  /** Data, and negatives, an update; and Adam's learning rate. */
  readonly batchSize: number;
  readonly learningRate: number;
  /** Returns the initial net of a seed for a head. */
  net(seed: number, head: HeadName, separate: boolean): LogitFunction;
  /** Returns a minibatch. */
  next(rng: Rng): Batch;
  /** Inputs on which movements of log p(y|x) are measured. */
  readonly probe: TestSet;
  /** Returns every measure of a trained model. */
  measure(model: JointModel, seed: number): Measures;
}

const outputsOf = (labels: number, head: HeadName) => labels + headNamed(head).extra;

/** How much is measured. */
export interface PlaneProblemOptions {
  /** Cells a side of the grid. Default 200. */
  gridSize?: number;
  /** Steps of the long chains. Default 500. */
  chainSteps?: number;
  /** Langevin's step size a at T = 1. Default 0.002. */
  stepSize?: number;
}

/**
 * Returns a toy as a problem: fresh draws for training, 2000 for accuracy and calibration, 500 for robust accuracy (L2,
 * radius 0.2) and long chains, and the exact KL(truth‖model) on the grid. Outliers are uniform draws on the box.
 */
export function planeProblem(toy: Toy, options: PlaneProblemOptions = {}): Problem {
  const { gridSize = 200, chainSteps = 500, stepSize = 0.002 } = options;
  const grid = squareGrid(toy.box, gridSize);
  const truth = toyEnergies(toy, grid);
  const test = drawToy(toy, createRng(2_000_001), 2000);
  const small = head(test, 2, 500);
  const outliers = uniform(createRng(2_000_002), 4000, toy.box);
  const settings: MethodSettings = {
    sgld: { stepSize, temperature: 1 },
    chains: 256,
    fresh: (rng, out) => {
      for (let i = 0; i < out.length; i++) out[i] = 2 * rng.normal();
    },
    restartProbability: 0.02,
    negativeNoise: 0.5,
    negativeRadius: 0.5,
    attackRadius: 0.2,
    marginalWeight: 1,
    energyPenalty: 0,
  };
  return {
    name: toy.name,
    labels: toy.labels,
    settings,
    batchSize: 256,
    learningRate: 2e-3,
    net: (seed, name, separate) =>
      planeNet({ seed, outputs: outputsOf(toy.labels, name), head: name, separate }),
    next: (rng) => {
      const { inputs, labels } = drawToy(toy, rng, 256);
      return { x: tf.tensor2d(inputs, [256, 2]), y: tf.tensor1d(Int32Array.from(labels), "int32") };
    },
    probe: small,
    measure(model, seed) {
      const rng = measuringStream(seed);
      return {
        kl: gridDivergence(truth, gridEnergies(model, grid), grid),
        ...conditionalMeasures(model, test),
        robustAccuracy: robustAccuracy(model, small, settings.attackRadius, undefined, rng),
        auroc: outlierMetrics(scores(model, test.inputs), scores(model, outliers), { seed }).auroc,
        ...longChains(model, small, settings.sgld, chainSteps, rng),
      };
    },
  };
}

/** Images for {@link imageProblem}: bytes, row-major, with classes where they are needed. */
export interface ImageData {
  /** Numbers an image. */
  readonly size: number;
  readonly labels: number;
  readonly train: { readonly inputs: Uint8Array; readonly labels: Uint8Array };
  readonly test: { readonly inputs: Uint8Array; readonly labels: Uint8Array };
  /** Images of another kind. */
  readonly outliers: Uint8Array;
}

/**
 * Returns images as a problem: accuracy, calibration and AUROC of the energy on the whole test set against the
 * outliers, robust accuracy (L2, radius 1) and long chains (300 steps) on its first 200.
 */
export function imageProblem(name: string, data: ImageData): Problem {
  const { size, labels } = data;
  const test = floats(data.test);
  const small = head(test, size, 200);
  const outliers = Float32Array.from(data.outliers, (byte) => byte / 255);
  const settings: MethodSettings = {
    sgld: { stepSize: 1, noiseScale: 0.01 },
    chains: 500,
    fresh: (rng, out) => {
      for (let i = 0; i < out.length; i++) out[i] = rng.uniform();
    },
    restartProbability: 0.05,
    negativeNoise: 0.3,
    negativeRadius: 2,
    attackRadius: 1,
    box: [0, 1],
    marginalWeight: 0.1,
    energyPenalty: 1e-3,
  };
  const count = data.train.labels.length;
  const batchSize = 64;
  let baseline: Measures | undefined;
  return {
    name,
    labels,
    settings,
    batchSize,
    learningRate: 3e-3,
    net: (seed, headName, separate) =>
      imageNet(size, { seed, outputs: outputsOf(labels, headName), separate }),
    next: (rng) => {
      const inputs = new Float32Array(batchSize * size);
      const classes = new Int32Array(batchSize);
      for (let k = 0; k < batchSize; k++) {
        const i = rng.index(count);
        for (let p = 0; p < size; p++) inputs[k * size + p] = data.train.inputs[i * size + p] / 255;
        classes[k] = data.train.labels[i];
      }
      return { x: tf.tensor2d(inputs, [batchSize, size]), y: tf.tensor1d(classes, "int32") };
    },
    probe: small,
    measure(model, seed) {
      baseline ??= baselines(data);
      const rng = measuringStream(seed);
      return {
        ...conditionalMeasures(model, test),
        robustAccuracy: robustAccuracy(model, small, settings.attackRadius, settings.box, rng),
        auroc: outlierMetrics(scores(model, test.inputs), scores(model, outliers), { seed }).auroc,
        ...baseline,
        ...longChains(model, small, settings.sgld, 300, rng),
      };
    },
  };
}

/** AUROC of scores that need no model: any that does should beat them. */
function baselines({ size, train, test, outliers }: ImageData): Measures {
  const features = (data: Uint8Array) => ({ features: { data, shape: [data.length / size, size] } });
  const pca = fitScore("residual", features(train.inputs.subarray(0, 5000 * size)));
  const brightness = (images: Uint8Array) =>
    Float64Array.from({ length: images.length / size }, (_, i) =>
      mean(images.subarray(i * size, (i + 1) * size)),
    );
  return {
    pcaAuroc: outlierMetrics(pca.score(features(test.inputs)), pca.score(features(outliers)), { seed: 0 })
      .auroc,
    brightnessAuroc: outlierMetrics(brightness(test.inputs), brightness(outliers), { seed: 0 }).auroc,
  };
}

function floats({ inputs, labels }: { inputs: Uint8Array; labels: Uint8Array }): TestSet {
  return { inputs: Float32Array.from(inputs, (byte) => byte / 255), labels };
}

function head({ inputs, labels }: TestSet, size: number, count: number): TestSet {
  return { inputs: inputs.slice(0, count * size), labels: labels.slice(0, count) };
}

function uniform(rng: Rng, numbers: number, [low, high]: readonly [number, number]): Float32Array {
  return Float32Array.from({ length: numbers }, () => low + (high - low) * rng.uniform());
}
