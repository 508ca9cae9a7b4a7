import { BasinError } from "@basin/energy-core";
import { useWasm } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { DenseEngine } from "../dense/engine.ts";
import { jointEnergy } from "../model/joint-energy.ts";
import type { Engine, EngineSpec, GroupResult, GroupTask } from "./engine.ts";
import { TensorEngine } from "./tensor-engine.ts";

/** What a thread of a training run runs: it is told of the model once, and then does groups. */

let engine: Engine | undefined;

/** Makes this thread ready for a model. */
export async function open(spec: EngineSpec): Promise<void> {
  if (spec.dense) {
    engine = new DenseEngine(spec.dense, spec);
    return;
  }
  await useWasm();
  const layers = await tf.models.modelFromJSON(
    spec.topology as Parameters<typeof tf.models.modelFromJSON>[0],
  );
  const { head, output, inputShape: shape } = spec;
  engine = new TensorEngine(jointEnergy(layers, { head, ...(output && { output }), shape }));
}

/** Does the groups of an update that fall to this thread. */
export function work(tasks: readonly GroupTask[]): GroupResult[] {
  if (engine === undefined) throw new BasinError("this thread has not been told of a model");
  const ready = engine;
  return tasks.map((task, slot) => ready.run(task, slot));
}
