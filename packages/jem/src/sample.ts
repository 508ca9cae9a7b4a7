import { checkNumber, DimensionError } from "@basin/energy-core";
import { checkOptions, checksum, spread } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import type { CheckpointOptions, RunOptions } from "@basin/energy-core/run";
import { type Sgld, tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { DenseEngine } from "./dense/engine.ts";
import { denseOf } from "./dense/of-layers.ts";
import { checkFinite, refuseTokens, rowsAtOnce, sizeOf } from "./inputs.ts";
import { checkLabels } from "./labels.ts";
import type { JointModel } from "./model/contract.ts";
import { freshBox, noiseKey } from "./sampler.ts";
import { readVariables } from "./train/tensor-engine.ts";

/**
 * Options of {@link generate}; `onProgress` counts batches of 100 samples, and a checkpoint saves the finished ones.
 */
export interface GenerateOptions extends RunOptions, CheckpointOptions {
  /** A class for each sample, which is then drawn from p(x|y). Default: none, all from p(x). */
  labels?: ArrayLike<number>;
  /** Samples. Default: as many as there are labels, or rows of `start`. */
  count?: number;
  /** Starts of the chains, row-major. Default: uniform noise in the box of the sampler, or on [0, 1) without one. */
  start?: Float32Array;
  /** Default 500 steps of SGLD with a = 1, s = 0.01, clamped to [0, 1]. */
  sampler?: Sgld;
  /** Seed of starts and noise. Required. */
  seed: number;
}

const BATCH = 100;

/**
 * Resolves to samples of the model by Langevin dynamics on E(x), or on E(x, y) of a class, row-major `[count, size]`.
 * Dense nets run on the compiled kernel, others on tfjs. Short chains at a low temperature are not draws of exp(−E).
 * They show what the model was trained to find from noise (Nijkamp et al. 2019). To complete inputs, use
 * `completeBatch` of energy-core with the model or with `model.ofClass(y)`.
 *
 * @throws {ArgumentError} for a label out of range or nothing to draw; {DimensionError} for a start that does not fit.
 *
 * @example
 * ```ts
 * import { generate, jointEnergy } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = jointEnergy(
 *   tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 2 })] }),
 * );
 * const samples = await generate(model, { labels: [0, 1], seed: 1 });
 * console.log(samples.length); // 8
 * ```
 */
export async function generate(model: JointModel, options: GenerateOptions): Promise<Float32Array> {
  checkOptions(
    "generate",
    options,
    "labels count start sampler seed checkpoint checkpointEvery signal onProgress",
  );
  const { labels, start } = options;
  const size = sizeOf(model.space.shape);
  const count = checkNumber("count", options.count ?? labels?.length ?? (start?.length ?? 0) / size, {
    min: 1,
    integer: true,
  });
  refuseTokens(model, "generate");
  if (labels) checkLabels(labels, model.labels, count);
  if (start && start.length !== count * size)
    throw new DimensionError(`start has length ${start.length}, expected ${count} rows of ${size}`);
  if (start) checkFinite("start", start, size);
  const sampler = options.sampler ?? tensorSgld({ steps: 500, stepSize: 1, noiseScale: 0.01, box: [0, 1] });
  const [low, high] = freshBox(sampler.settings);
  const seed = checkNumber("seed", options.seed, { min: 0, integer: true });
  const rng = createRng(seed);
  const run = sampling(model, sampler);
  const most = rowsAtOnce(model, BATCH, true);
  const here = (batch: number): Float32Array => {
    const from = batch * most;
    const to = Math.min(count, from + most);
    const stream = rng.split(from);
    const states =
      start?.slice(from * size, to * size) ??
      Float32Array.from({ length: (to - from) * size }, () => low + (high - low) * stream.uniform());
    const chosen = labels && Int32Array.from({ length: to - from }, (_, k) => labels[from + k]);
    return run(states, chosen, noiseKey(stream));
  };
  const { signal, onProgress, checkpoint, checkpointEvery } = options;
  const fingerprint = () => ({
    model: checksum(readVariables(model.variables)),
    labels: labels ? checksum(Int32Array.from(labels)) : "none",
    start: start ? checksum(start) : "none",
    sampler: JSON.stringify(sampler.settings ?? [sampler.steps, sampler.stepSize, sampler.noiseScale]),
    ...{ count, seed },
  });
  const identity = { format: "generate", version: 1, fingerprint };
  const parts = await spread(
    Math.ceil(count / most),
    { here },
    { signal, onProgress, checkpoint, checkpointEvery, identity },
  );
  const result = new Float32Array(count * size);
  for (const [batch, samples] of parts.entries()) result.set(samples, batch * most * size);
  checkFinite("sample", result, size);
  return result;
}

type Run = (states: Float32Array, labels: Int32Array | undefined, key: number) => Float32Array;

function sampling(model: JointModel, sampler: Sgld): Run {
  const shape = sampler.settings && denseOf(model);
  if (shape && sampler.settings) {
    const { settings } = sampler;
    const engine = new DenseEngine(shape, model);
    const parameters = readVariables(model.variables);
    return (states, labels, key) => engine.sample(parameters, states, labels, settings, key);
  }
  return (states, labels, key) => {
    const end = tf.tidy(() => {
      const energy = labels ? model.ofClass(labels) : model;
      const count = states.length / sizeOf(model.space.shape);
      return sampler.run(energy, tf.tensor(states, [count, ...model.space.shape]), createRng(key));
    });
    const values = end.dataSync().slice() as Float32Array;
    end.dispose();
    return values;
  };
}
