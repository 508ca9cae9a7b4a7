import { ArgumentError, checkNumber, checkOptions, DimensionError } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { type CheckpointOptions, checksum, type RunOptions, spread } from "@basin/energy-core/run";
import { type Sgld, sgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { DenseEngine } from "./dense/engine.ts";
import { denseOf } from "./dense/of-layers.ts";
import { checkFinite, refuseTokens, rowsAtOnce, sizeOf } from "./inputs.ts";
import { checkLabels } from "./labels.ts";
import type { JointEnergy } from "./model/joint-energy.ts";
import { ofClasses } from "./model/one-hot.ts";
import { freshBox, noiseKey, sgldOf } from "./sampler.ts";
import { readVariables } from "./train/tensor-engine.ts";

/** Options of {@link generate}; `onProgress` counts batches of 100 samples, and a checkpoint keeps those that are done. */
export interface GenerateOptions extends RunOptions, CheckpointOptions {
  /** A class for each sample, which is then drawn from p(x|y). Default: none, all from p(x). */
  labels?: ArrayLike<number>;
  /** Samples. Default: as many as there are labels, or rows of `start`. */
  count?: number;
  /** Where chains start, row-major. Default: uniform noise in the sampler's box, or on [0, 1) where it has none. */
  start?: Float32Array;
  /** Coordinates of an input that keep the values of `start`, one flag each: the rest is completed. Default: none. */
  known?: ArrayLike<number | boolean>;
  /** Default 500 steps of SGLD with a = 1, s = 0.01, clamped to [0, 1]. */
  sampler?: Sgld;
  /** Default 0. */
  seed?: number;
}

const BATCH = 100;

/**
 * Resolves to where Langevin dynamics on E(x), or on E(x, y) of a class, gets to: samples of the model, row-major `[count, size]`. Dense
 * nets run on the compiled kernel, others on tfjs. Short chains at a low temperature are not draws of exp(−E): they show what the model
 * was trained to find from noise (Nijkamp et al. 2019).
 *
 * With `known`, chains complete inputs: the known coordinates of `start` are put back after every step, and the others move from where they
 * are, so begin them from noise or from a guess.
 *
 * @throws {ArgumentError} for a label out of range or nothing to draw; {DimensionError} for a start or a mask that does not fit.
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
export async function generate(model: JointEnergy, options: GenerateOptions = {}): Promise<Float32Array> {
  checkOptions(
    "generate",
    options,
    "labels count start known sampler seed checkpoint checkpointSeconds signal onProgress",
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
  const known = options.known && knownPlaces(options.known, size, start);
  const sampler = options.sampler ?? sgld({ steps: 500, stepSize: 1, noiseScale: 0.01, box: [0, 1] });
  const [low, high] = freshBox(sampler.settings);
  const seed = checkNumber("seed", options.seed ?? 0, { min: 0, integer: true });
  const rng = createRng(seed);
  const run = known ? completing(model, sampler, known) : sampling(model, sampler);
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
  const { signal, onProgress, checkpoint, checkpointSeconds } = options;
  const fingerprint = () => ({
    model: checksum(readVariables(model.variables)),
    labels: labels ? checksum(Int32Array.from(labels)) : "none",
    start: start ? checksum(start) : "none",
    known: known ? checksum(Int32Array.from(known)) : "none",
    sampler: JSON.stringify(sampler.settings ?? [sampler.steps, sampler.stepSize, sampler.noiseScale]),
    ...{ count, seed },
  });
  const identity = { format: "generate", version: 1, fingerprint };
  const parts = await spread(
    Math.ceil(count / most),
    { here },
    { signal, onProgress, checkpoint, checkpointSeconds, identity },
  );
  const result = new Float32Array(count * size);
  for (const [batch, samples] of parts.entries()) result.set(samples, batch * most * size);
  checkFinite("sample", result, size);
  return result;
}

function knownPlaces(known: ArrayLike<number | boolean>, size: number, start?: Float32Array): number[] {
  if (start === undefined)
    throw new ArgumentError("known coordinates were given without a start that has them");
  if (known.length !== size)
    throw new DimensionError(
      `known has length ${known.length}, expected one flag for each of ${size} coordinates`,
    );
  return Array.from({ length: size }, (_, k) => k).filter((k) => known[k]);
}

/** Puts known coordinates back after every step. */
function completing(model: JointEnergy, sampler: Sgld, known: readonly number[]): Run {
  const { settings } = sampler;
  if (settings === undefined) throw new ArgumentError("completing needs the sampler that sgld() makes");
  const one = sampling(model, sgldOf({ ...settings, steps: 1 }));
  const size = sizeOf(model.space.shape);
  return (states, labels, key) => {
    const rng = createRng(key);
    let current = states;
    for (let step = 0; step < settings.steps; step++) {
      current = one(current, labels, noiseKey(rng));
      for (let from = 0; from < states.length; from += size)
        for (const k of known) current[from + k] = states[from + k];
    }
    return current;
  };
}

type Run = (states: Float32Array, labels: Int32Array | undefined, key: number) => Float32Array;

function sampling(model: JointEnergy, sampler: Sgld): Run {
  const shape = sampler.settings && denseOf(model);
  if (shape && sampler.settings) {
    const { settings } = sampler;
    const engine = new DenseEngine(shape, model);
    const parameters = readVariables(model.variables);
    return (states, labels, key) => engine.sample(parameters, states, labels, settings, key);
  }
  return (states, labels, key) =>
    tf.tidy(() => {
      const energy = labels ? ofClasses(model, labels) : model;
      const count = states.length / sizeOf(model.space.shape);
      const end = sampler.run(energy, tf.tensor(states, [count, ...model.space.shape]), createRng(key));
      return end.dataSync() as unknown as tf.Tensor;
    }) as unknown as Float32Array;
}
