import { checkLength } from "@basin/energy-core/internal";
import type { CanDrawHeld } from "@basin/energy-core/tensor";
import type { Sgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { DenseEngine } from "../dense/engine.ts";
import { denseOf } from "../dense/of-layers.ts";
import { sizeOf } from "../inputs.ts";
import { noiseKey } from "../sampler.ts";
import { readVariables } from "../train/tensor-engine.ts";
import type { JointModel } from "./contract.ts";

type Drawn = Pick<JointModel, "head" | "reading" | "variables" | "classifier"> & { readonly labels: number };

/**
 * Returns what lets `completeBatch` draw on the compiled kernel, where the model is a stack of dense layers and the
 * sampler SGLD: steps with the held coordinates put back after each.
 *
 * @param labels the class that each row is drawn from, one for all of them, or none.
 */
export function drawHeldBy(model: Drawn, labels: Int32Array | undefined): CanDrawHeld["drawHeld"] {
  let engine: DenseEngine | undefined;
  return (sampler, start, known, rng) => {
    const { settings } = sampler as Partial<Sgld>;
    const shape = settings && denseOf(model);
    if (settings === undefined || shape === undefined) return undefined;
    const [rows, ...own] = start.shape;
    const size = sizeOf(own);
    if (labels && labels.length > 1) checkLength("labels", labels.length, rows);
    const each = labels && (labels.length === rows ? labels : new Int32Array(rows).fill(labels[0]));
    const held = heldPlaces(known);
    const states = start.dataSync() as Float32Array;
    engine ??= new DenseEngine(shape, model);
    const parameters = readVariables(model.variables);
    const step = { ...settings, steps: held.length > 0 ? 1 : settings.steps };
    let current = states;
    for (let done = 0; done < settings.steps; done += step.steps) {
      current = engine.sample(parameters, current, each, step, noiseKey(rng));
      for (let from = 0; from < states.length; from += size)
        for (const k of held) current[from + k] = states[from + k];
    }
    return tf.tensor(current, start.shape);
  };
}

function heldPlaces(known: tf.Tensor): number[] {
  return Array.from(known.dataSync(), (flag, k) => (flag ? k : -1)).filter((k) => k >= 0);
}
