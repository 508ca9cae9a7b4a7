import { createRng } from "@basin/energy-core/random";
import {
  installFastWasmKernels,
  uniformTensor,
  uninstallFastWasmKernels,
  useWasm,
} from "@basin/energy-core/tensor";
import { jointEnergy, train } from "@basin/jem";
import { sgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Contender, Contest } from "./contest.ts";

const BATCH = 64;
const PIXELS = 784;
const LABELS = 10;

await useWasm({ fastKernels: false });

function network(): tf.Sequential {
  const dense = (units: number, seed: number, options: object = {}) =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed }), ...options });
  return tf.sequential({
    layers: [
      dense(256, 1, { inputShape: [PIXELS], activation: "swish" }),
      dense(256, 2, { activation: "swish" }),
      dense(LABELS, 3),
    ],
  });
}

const net = network();
const model = jointEnergy(net);
const rng = createRng(1);
const images = uniformTensor(rng, [BATCH, PIXELS]);
const pool = { inputs: uniformTensor(rng, [4 * BATCH, PIXELS]).dataSync() as Float32Array, labels: labels() };

function labels(): Int32Array {
  return Int32Array.from({ length: 4 * BATCH }, (_, i) => i % LABELS);
}

/** Repetitions of `work` a second, after one that is not counted. */
async function rate(work: () => unknown, repetitions: number): Promise<number> {
  await work();
  const start = performance.now();
  for (let k = 0; k < repetitions; k++) await work();
  return (1000 * repetitions) / (performance.now() - start);
}

/** What a user of tfjs alone writes: E(x) off the model's output, its gradient, and tfjs's own noise. */
function stockStep(): void {
  const moved = tf.tidy(() => {
    const energy = (x: tf.Tensor) =>
      tf
        .logSumExp(net.apply(x) as tf.Tensor, 1)
        .neg()
        .sum();
    const drifted = images.sub(tf.grad(energy)(images));
    return drifted.add(tf.randomNormal([BATCH, PIXELS], 0, 0.01)).clipByValue(0, 1);
  });
  moved.dispose();
}

const optimizer = tf.train.adam(1e-4);

/** Cross-entropy and the difference of mean energies over a batch of data and a batch of samples, one Adam step. */
function stockUpdate(): void {
  optimizer.minimize(() => {
    const logits = net.apply(tf.concat([images, images])) as tf.Tensor2D;
    const energies = tf.logSumExp(logits, 1).neg();
    const dataLogits = logits.slice([0, 0], [BATCH, -1]);
    const hot = tf.oneHot(tf.tensor1d(pool.labels.subarray(0, BATCH), "int32"), LABELS);
    const data = energies.slice([0], [BATCH]);
    const crossEntropy = dataLogits.mul(hot).sum(1).neg().sub(data).mean();
    const gap = data.mean().sub(energies.slice([BATCH]).mean());
    return crossEntropy.add(gap.mul(0.1)).add(energies.square().mean().mul(1e-3)) as tf.Scalar;
  });
}

const stock = (measure: () => Promise<number>): (() => Promise<number>) => {
  return () => {
    uninstallFastWasmKernels();
    return measure();
  };
};
const fast = (measure: () => Promise<number>): (() => Promise<number>) => {
  return () => {
    installFastWasmKernels();
    return measure();
  };
};

const STEPS = 20;
const sampler = sgld({ steps: STEPS, stepSize: 1, noiseScale: 0.01, box: [0, 1] });
/** A single step leaves next to nothing of a training update for the sampler. */
const idle = {
  steps: 1,
  stepSize: 1,
  noiseScale: 0,
  temperature: 0,
  run: (_: unknown, x: tf.Tensor) => x.clone(),
};

const updates = async (count: number): Promise<number> => {
  const start = performance.now();
  await train(model, pool, {
    steps: count,
    learningRate: 1e-4,
    sampler: idle,
    bufferSize: BATCH,
    averageDecay: 0,
  });
  return (1000 * count) / (performance.now() - start);
};

const torch = (figure: number): Contender => ({
  name: "torch 2.13, 1 thread, stated: another run",
  measure: () => figure,
});

/** The MLP 784-256-256-10 on one core, a batch of 64. */
export const contests: readonly Contest[] = [
  {
    question: "SGLD step, MLP 784-256-256-10, batch 64",
    unit: "steps/s",
    contenders: [
      {
        name: "basin",
        measure: fast(async () => STEPS * (await rate(() => sampler.run(model, images, rng).dispose(), 4))),
      },
      { name: "tfjs wasm as shipped", measure: stock(() => rate(stockStep, 20)) },
      torch(816),
    ],
    ratios: [
      { of: "basin", to: "tfjs wasm as shipped", aim: 5 },
      { of: "basin", to: "torch 2.13, 1 thread, stated: another run", aim: 0.25 },
    ],
  },
  {
    question: "parameter update on 64 data and 64 samples, the same MLP",
    unit: "updates/s",
    contenders: [
      { name: "basin", measure: fast(() => updates(40)) },
      { name: "tfjs wasm as shipped", measure: stock(() => rate(stockUpdate, 5)) },
      torch(246),
    ],
    ratios: [
      { of: "basin", to: "tfjs wasm as shipped", aim: 6 },
      { of: "basin", to: "torch 2.13, 1 thread, stated: another run" },
    ],
  },
];
