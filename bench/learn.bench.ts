import { mnist } from "@basin/datasets";
import { createRng } from "@basin/energy-core/random";
import { normalTensor, uniformTensor, useWasm } from "@basin/energy-core/tensor";
import { restrictedBoltzmannMachine, trainRbm } from "@basin/ising/learn";
import * as tf from "@tensorflow/tfjs";
import type { Contest } from "./contest.ts";

/**
 * Updates a second of a restricted Boltzmann machine, 784 visible and 500 hidden units, by persistent contrastive
 * divergence with one Gibbs step, 100 data and 100 chains, on one core. The peer is the same update as dense tensors on
 * tfjs's wasm backend, with our own matrix product for transposed factors and our own noise: what one would write there
 * today.
 */

const VISIBLE = 784;
const HIDDEN = 500;
const BATCH = 100;
const UPDATES = 60;

const images = Float32Array.from(
  mnist().train.images.subarray(0, UPDATES * BATCH * VISIBLE),
  (byte) => byte / 255,
);

async function kernelUpdates(kernel: "wasm" | "typescript", updates: number): Promise<number> {
  const machine = restrictedBoltzmannMachine({ visible: VISIBLE, hidden: HIDDEN, seed: 1 });
  const rows = updates * BATCH;
  const data = { data: images.subarray(0, rows * VISIBLE), shape: [rows, VISIBLE] };
  const { seconds } = await trainRbm(machine, data, {
    seed: 1,
    epochs: 1,
    batchSize: BATCH,
    learningRate: 0.05,
    kernel,
  });
  return updates / seconds;
}

const rng = createRng(1);

/** Bits with the probabilities of a tensor. */
function draw(probabilities: tf.Tensor2D): tf.Tensor2D {
  return uniformTensor(rng, probabilities.shape).less(probabilities).cast("float32") as tf.Tensor2D;
}

async function tensorUpdates(): Promise<number> {
  await useWasm();
  const momentum = 0.5;
  const rate = 0.05;
  let w = normalTensor(rng, [VISIBLE, HIDDEN], 0.01) as tf.Tensor2D;
  let velocity = tf.zeros([VISIBLE, HIDDEN]) as tf.Tensor2D;
  let b = tf.zeros([VISIBLE]) as tf.Tensor1D;
  let c = tf.zeros([HIDDEN]) as tf.Tensor1D;
  let chains = draw(tf.fill([BATCH, VISIBLE], 0.13) as tf.Tensor2D);
  const up = (v: tf.Tensor2D) => v.matMul<tf.Tensor2D>(w).add(c).sigmoid() as tf.Tensor2D;
  const start = performance.now();
  for (let k = 0; k < UPDATES; k++) {
    const next = tf.tidy(() => {
      const v = draw(
        tf.tensor2d(images.subarray(k * BATCH * VISIBLE, (k + 1) * BATCH * VISIBLE), [BATCH, VISIBLE]),
      );
      const h = up(v);
      const drawn = draw(up(chains));
      const model = draw(drawn.matMul<tf.Tensor2D>(w, false, true).add(b).sigmoid() as tf.Tensor2D);
      const g = up(model);
      const gradient = v.matMul(h, true).sub(model.matMul(g, true)).div(BATCH);
      const moved = velocity.mul(momentum).add(gradient.mul(rate)) as tf.Tensor2D;
      return {
        chains: model,
        velocity: moved,
        w: w.add(moved) as tf.Tensor2D,
        b: b.add(v.mean(0).sub(model.mean(0)).mul(rate)) as tf.Tensor1D,
        c: c.add(h.mean(0).sub(g.mean(0)).mul(rate)) as tf.Tensor1D,
      };
    });
    tf.dispose([chains, velocity, w, b, c]);
    ({ chains, velocity, w, b, c } = next);
  }
  await w.data();
  const seconds = (performance.now() - start) / 1000;
  tf.dispose([chains, velocity, w, b, c]);
  return UPDATES / seconds;
}

export const contests: readonly Contest[] = [
  {
    question: "PCD-1 updates of a 784-500 restricted Boltzmann machine, batch 100, one core",
    unit: "updates/s",
    contenders: [
      { name: "basin, wasm", measure: () => kernelUpdates("wasm", UPDATES) },
      { name: "basin, its TypeScript twin", measure: () => kernelUpdates("typescript", 6) },
      { name: "dense tensors on tfjs wasm, fast kernels", measure: tensorUpdates },
    ],
    ratios: [{ of: "basin, wasm", to: "dense tensors on tfjs wasm, fast kernels", aim: 2 }],
  },
];
