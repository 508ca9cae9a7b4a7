import { createRng } from "@basin/energy-core/random";
import { openPool } from "@basin/energy-core/run";
import {
  installFastWasmKernels,
  uniformTensor,
  uninstallFastWasmKernels,
  useWasm,
} from "@basin/energy-core/tensor";
import { jointEnergy, train } from "@basin/jem";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Contender, Contest } from "./contest.ts";
import { chains, LABELS, network, PIXELS } from "./jem/net.ts";

const BATCH = 64;

await useWasm({ fastKernels: false });

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
const LONG = 400;
const sampler = tensorSgld({ steps: STEPS, stepSize: 1, noiseScale: 0.01, box: [0, 1] });

/** Updates a second of training as a whole, each with 20 steps of sampling where `sampling`. */
const updates = async (count: number, options: Parameters<typeof train>[2]): Promise<number> => {
  let from = 0;
  let to = 0;
  await train(model, pool, {
    steps: count + WARM,
    seed: 0,
    learningRate: 1e-5,
    averageDecay: 0,
    sampler,
    bufferSize: 256,
    ...options,
    onProgress: ({ done }) => {
      if (done === WARM) from = performance.now();
      if (done === count + WARM) to = performance.now();
    },
  });
  return (1000 * count) / (to - from);
};
const WARM = 10;

/** Steps a second of all 64 chains, spread over two threads, once these are warm. */
const onTwoThreads = async (): Promise<number> => {
  const threads = openPool({ workers: 2 });
  const module = import.meta.resolve("./jem/net.ts");
  const call = (steps: number) =>
    threads.callAll((worker) => ({
      module,
      function: "chains",
      argument: { rows: BATCH / 2, steps, seed: worker },
    }));
  await call(LONG);
  const start = performance.now();
  await call(LONG);
  const seconds = (performance.now() - start) / 1000;
  threads.close();
  return LONG / seconds;
};

const onOneThread = (): number => {
  chains({ rows: BATCH, steps: STEPS, seed: 1 });
  const start = performance.now();
  chains({ rows: BATCH, steps: LONG, seed: 1 });
  return (1000 * LONG) / (performance.now() - start);
};

const stated = (name: string, figure: number): Contender => ({
  name: `${name}, stated: another run`,
  measure: () => figure,
});
const TORCH = "torch 2.13, 1 thread";
const JAX = "jax-js 0.1.25, wasm, jit";

/** The MLP 784-256-256-10, a batch of 64. */
export const contests: readonly Contest[] = [
  {
    question: "SGLD step, MLP 784-256-256-10, batch 64",
    unit: "steps/s",
    contenders: [
      { name: "basin, compiled kernel", measure: onOneThread },
      { name: "basin, compiled kernel, 2 threads", measure: onTwoThreads },
      {
        name: "basin on tfjs wasm",
        measure: fast(async () => STEPS * (await rate(() => sampler.run(model, images, rng).dispose(), 4))),
      },
      { name: "tfjs wasm as shipped", measure: stock(() => rate(stockStep, 20)) },
      stated(JAX, 85),
      stated(TORCH, 816),
    ],
    ratios: [
      { of: "basin, compiled kernel", to: "tfjs wasm as shipped", aim: 5 },
      { of: "basin, compiled kernel", to: `${JAX}, stated: another run`, aim: 2 },
      { of: "basin, compiled kernel, 2 threads", to: "basin, compiled kernel", aim: 1.8 },
      { of: "basin, compiled kernel", to: `${TORCH}, stated: another run`, aim: 0.25 },
      { of: "basin on tfjs wasm", to: "tfjs wasm as shipped", aim: 3 },
    ],
  },
  {
    question: "parameter update on 64 data and 64 samples, the same MLP, without the sampling",
    unit: "updates/s",
    contenders: [
      {
        name: "basin, compiled kernel",
        // A single step leaves little of an update for the sampler.
        measure: () =>
          updates(100, { sampler: tensorSgld({ steps: 1, stepSize: 1, noiseScale: 0, box: [0, 1] }) }),
      },
      { name: "tfjs wasm as shipped", measure: stock(() => rate(stockUpdate, 5)) },
      stated(TORCH, 246),
    ],
    ratios: [
      { of: "basin, compiled kernel", to: "tfjs wasm as shipped", aim: 6 },
      { of: "basin, compiled kernel", to: `${TORCH}, stated: another run` },
    ],
  },
  {
    question: "joint training, 20 SGLD steps an update, the same MLP",
    unit: "updates/s",
    contenders: [
      { name: "basin, 1 worker", measure: () => updates(60, { workers: 1 }) },
      { name: "basin, 2 workers", measure: () => updates(60, { workers: 2 }) },
    ],
    ratios: [{ of: "basin, 2 workers", to: "basin, 1 worker", aim: 1.6 }],
  },
];
