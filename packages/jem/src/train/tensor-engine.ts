import { createRng } from "@basin/energy-core/random";
import { normalTensor } from "@basin/energy-core/tensor";
import type { Sgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../inputs.ts";
import type { JointModel } from "../model/contract.ts";
import { sgldOf } from "../sampler.ts";
import type { Engine, GroupResult, GroupTask } from "./engine.ts";
import { type LossSums, objective } from "./objective.ts";

/** Runs groups of any model on tfjs's current backend. */
export class TensorEngine implements Engine {
  readonly name = "tfjs";
  readonly #model: JointModel;
  readonly #sampler: Sgld | undefined;

  /** @param sampler takes the place of the steps that a task describes; for samplers that are code rather than data. */
  constructor(model: JointModel, sampler?: Sgld) {
    this.#model = model;
    this.#sampler = sampler;
  }

  run(task: GroupTask): GroupResult {
    writeVariables(this.#model.variables, task.parameters);
    const rng = createRng(task.key);
    let result = {} as GroupResult;
    tf.tidy(() => {
      const shape = this.#model.space.shape;
      const size = sizeOf(shape);
      const batch = (rows: Float32Array) => tf.tensor(rows, [rows.length / size, ...shape]);
      const chains = task.states && this.#sample(batch(task.states), task, rng);
      // As in the compiled engine, noise may leave the sampler's box.
      const withNoise = (rows: tf.Tensor, scale: number) =>
        scale > 0 ? rows.add(normalTensor(rng, rows.shape, scale)) : rows;
      const noisy = withNoise(batch(task.inputs), task.inputNoise);
      const outliers = task.outliers && batch(task.outliers);
      const samples = chains && withNoise(chains, task.sampleNoise);
      const parts = [noisy, samples, outliers].filter((part) => part !== undefined);
      const { gradient, sums } = this.#gradient(parts.length > 1 ? tf.concat(parts) : noisy, task, {
        samples: chains?.shape[0] ?? 0,
        outliers: outliers?.shape[0] ?? 0,
      });
      result = { ...(chains && { states: chains.dataSync() as Float32Array }), gradient, sums };
    });
    return result;
  }

  #sample(start: tf.Tensor, task: GroupTask, rng: ReturnType<typeof createRng>): tf.Tensor {
    const sampler = this.#sampler ?? sgldOf(task.sampler);
    return sampler.run(task.stateLabels ? this.#model.ofClass(task.stateLabels) : this.#model, start, rng);
  }

  #gradient(
    batch: tf.Tensor,
    task: GroupTask,
    counts: { samples: number; outliers: number },
  ): { gradient: Float32Array; sums: LossSums } {
    let sums: LossSums | undefined;
    const { labels } = this.#model;
    // The loss and its derivative by the logits are a few numbers a row, computed alike for every engine.
    const loss = tf.customGrad((logits) => {
      const values = (logits as tf.Tensor).dataSync() as Float32Array;
      const derivatives = new Float32Array(values.length);
      sums = objective(
        values,
        derivatives,
        { head: "logits", labels, stride: labels },
        { labels: task.labels, sampleLabels: task.stateLabels, ...counts },
        task.weights,
        task.total,
      );
      return {
        value: tf.scalar(0),
        gradFunc: () => tf.tensor(derivatives, (logits as tf.Tensor).shape),
      };
    });
    const variables = this.#model.variables as tf.Variable[];
    const { grads, value } = tf.variableGrads(() => loss(this.#model.logits(batch)).asScalar(), variables);
    value.dispose();
    const gradient = new Float32Array(floatsIn(variables));
    writeGradients(variables, grads, gradient);
    return { gradient, sums: sums as LossSums };
  }
}

function floatsIn(variables: readonly tf.Variable[]): number {
  return variables.reduce((sum, { size }) => sum + size, 0);
}

/** Writes the gradients of variables one after the other; 0 where the tape has no path to one. */
export function writeGradients(
  variables: readonly tf.Variable[],
  gradients: Readonly<Record<string, tf.Tensor | undefined>>,
  out: Float32Array,
): void {
  let at = 0;
  for (const { name, size } of variables) {
    const part = gradients[name];
    if (part) out.set(part.dataSync() as Float32Array, at);
    else out.fill(0, at, at + size);
    at += size;
  }
}

/** Returns the values of all variables, one after the other. */
export function readVariables(variables: readonly tf.Variable[]): Float32Array {
  const values = new Float32Array(floatsIn(variables));
  let at = 0;
  for (const variable of variables) {
    values.set(variable.dataSync() as Float32Array, at);
    at += variable.size;
  }
  return values;
}

/** Writes values, laid out as {@link readVariables} lays them out, into the variables. */
export function writeVariables(variables: readonly tf.Variable[], values: Float32Array): void {
  let at = 0;
  for (const variable of variables) {
    const part = tf.tensor(values.slice(at, at + variable.size), variable.shape);
    variable.assign(part);
    part.dispose();
    at += variable.size;
  }
}
