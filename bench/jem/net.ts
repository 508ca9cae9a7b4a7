import { generate, jointEnergy } from "@basin/jem";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";

export const PIXELS = 784;
export const LABELS = 10;

/** The MLP 784-256-256-10. */
export function network(): tf.Sequential {
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

let model: ReturnType<typeof jointEnergy> | undefined;

/** Moves `rows` chains by `steps` of Langevin dynamics: what one thread of a pool is asked for. */
export async function chains({ rows, steps, seed }: { rows: number; steps: number; seed: number }) {
  model ??= jointEnergy(network());
  const sampler = tensorSgld({ steps, stepSize: 1, noiseScale: 0.01, box: [0, 1] });
  const samples = await generate(model, { count: rows, sampler, seed });
  return samples.length;
}
