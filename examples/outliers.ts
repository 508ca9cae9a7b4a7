import { detector } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { jointEnergy, scores } from "@basin/jem";
import * as tf from "@tensorflow/tfjs";

// A classifier of one's own, of two clusters in the plane.
const rng = createRng(1);
const cluster = (count: number, x: number, y: number) =>
  Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? x : y) + 0.5 * rng.normal());
const both = (count: number) => Float32Array.of(...cluster(count, 0, 0), ...cluster(count, 4, 1));
const { dense } = tf.layers;
const layers = [dense({ inputShape: [2], units: 32, activation: "relu" }), dense({ units: 2 })];
const classifier = tf.sequential({ layers: [...layers, tf.layers.softmax()] });
classifier.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
const labels = tf.tensor1d(Float32Array.from({ length: 600 }, (_, i) => Number(i >= 300)));
await classifier.fit(tf.tensor2d(both(300), [600, 2]), labels, { epochs: 40, verbose: 0 });

// Its marginal energy E(x) = −log Σ_y exp f_y(x) flags what lies between the clusters, of which it has seen nothing.
const model = jointEnergy(classifier);
const { isOutlier } = detector(scores(model, both(300)), { keep: 0.95 });
const flagged = (inputs: Float32Array) => Array.from(scores(model, inputs)).filter(isOutlier).length / 2;
console.log(flagged(both(100)), "% of fresh points", flagged(cluster(200, 2, 0.5)), "% of those between");
