import type { BulkRng } from "@basin/energy-core/random";
import type { SgldSettings } from "@basin/samplers/tensor";
import type { Engine, EngineSpec, GroupResult, GroupTask } from "../train/engine.ts";
import { energySlopes, type OutputReading, objective } from "../train/objective.ts";
import { sharedFloats } from "../train/shared.ts";
import { DenseNet, type DenseShape } from "./net.ts";
import { keyedNoise } from "./noise.ts";

/** Runs groups of a dense net on the compiled kernel, outside tfjs. */
export class DenseEngine implements Engine {
  readonly name = "dense";
  readonly #shape: DenseShape;
  readonly #head: Pick<EngineSpec, "head" | "labels">;
  readonly #noise = keyedNoise();
  readonly #gradients: Float32Array[] = [];
  #net: DenseNet | undefined;

  /** @throws {CapabilityError} where WebAssembly with SIMD is missing. */
  constructor(shape: DenseShape, head: Pick<EngineSpec, "head" | "labels">) {
    this.#shape = shape;
    this.#head = head;
    this.#net = new DenseNet(shape, 64);
  }

  run(task: GroupTask, slot = 0): GroupResult {
    const { inputs: size } = this.#shape;
    const data = task.labels.length;
    const samples = (task.states?.length ?? 0) / size;
    const outliers = (task.outliers?.length ?? 0) / size;
    const net = this.#netFor(data + samples + outliers);
    const reading: OutputReading = { ...this.#head, stride: net.outputStride };
    const noise = this.#noise(task.key);
    net.setParameters(task.parameters);
    const states =
      task.states && this.#sample(net, task.states, task.stateLabels, task.sampler, reading, noise);
    place(net, task.inputs, 0);
    addNoise(net, 0, data, task.inputNoise, noise);
    if (states) place(net, states, data);
    addNoise(net, data, samples, task.sampleNoise, noise);
    if (task.outliers) place(net, task.outliers, data + samples);
    const rows = { labels: task.labels, sampleLabels: task.stateLabels, samples, outliers };
    net.forward(data + samples + outliers);
    const sums = objective(net.outputs, net.outputGradients, reading, rows, task.weights, task.total);
    this.#gradients[slot] ??= sharedFloats(net.parameterCount);
    const gradient = this.#gradients[slot];
    net.backwardParameters(data + samples + outliers, gradient);
    return { ...(states && { states }), gradient, sums };
  }

  /** Returns where chains from `states` get to, for samples outside training. */
  sample(
    parameters: Float32Array,
    states: Float32Array,
    labels: ArrayLike<number> | undefined,
    sampler: SgldSettings,
    key: number,
  ): Float32Array {
    const net = this.#netFor(states.length / this.#shape.inputs);
    net.setParameters(parameters);
    return this.#sample(
      net,
      states,
      labels,
      sampler,
      { ...this.#head, stride: net.outputStride },
      this.#noise(key),
    );
  }

  #sample(
    net: DenseNet,
    states: Float32Array,
    labels: ArrayLike<number> | undefined,
    sampler: SgldSettings,
    reading: OutputReading,
    noise: BulkRng,
  ): Float32Array {
    const rows = states.length / this.#shape.inputs;
    const { steps, stepSize, noiseScale, box, maxGradient, direction } = sampler;
    const step = {
      stepSize,
      noiseScale,
      limit: maxGradient,
      low: box[0],
      high: box[1],
      sign: direction === "sign",
    };
    place(net, states, 0);
    const draws = net.noise.subarray(0, rows * net.inputStride);
    for (let k = 0; k < steps; k++) {
      net.forward(rows);
      energySlopes(net.outputs, net.outputGradients, reading, rows, labels);
      net.backwardInputs(rows);
      if (noiseScale > 0) noise.fillNormal(draws);
      net.step(rows, step);
    }
    return collect(net, rows);
  }

  #netFor(rows: number): DenseNet {
    if (this.#net === undefined || this.#net.rows < rows) this.#net = new DenseNet(this.#shape, rows);
    return this.#net;
  }
}

/** Copies rows into the net's inputs from row `at` on. */
function place({ inputs, inputStride, shape }: DenseNet, rows: Float32Array, at: number): void {
  const size = shape.inputs;
  if (size === inputStride) inputs.set(rows, at * size);
  else
    for (let k = 0; k * size < rows.length; k++)
      inputs.set(rows.subarray(k * size, (k + 1) * size), (at + k) * inputStride);
}

function collect({ inputs, inputStride, shape }: DenseNet, rows: number): Float32Array {
  const size = shape.inputs;
  if (size === inputStride) return inputs.slice(0, rows * size);
  const result = new Float32Array(rows * size);
  for (let k = 0; k < rows; k++)
    result.set(inputs.subarray(k * inputStride, k * inputStride + size), k * size);
  return result;
}

/**
 * Noise is not clamped to the sampler's box: half of it would be lost on black, and clean inputs would be strangers to
 * the model.
 */
function addNoise(
  { inputs, inputStride, noise }: DenseNet,
  from: number,
  rows: number,
  scale: number,
  rng: BulkRng,
): void {
  if (scale === 0) return;
  const [at, count] = [from * inputStride, rows * inputStride];
  rng.fillNormal(noise.subarray(0, count), 0, scale);
  for (let k = 0; k < count; k++) inputs[at + k] += noise[k];
}
