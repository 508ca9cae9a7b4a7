import { CapabilityError, checkNumber } from "@basin/energy-core";
import { checkLength, layOut, type Regions } from "@basin/energy-core/internal";
import type { DenseKernel } from "./exports.ts";
import { type DenseBuild, denseKernel } from "./kernel.ts";

/** Activations that the kernel has, by the number it calls them. */
export const ACTIVATIONS = { linear: 0, swish: 1, relu: 2, tanh: 3, sigmoid: 4 } as const;
export type DenseActivation = keyof typeof ACTIVATIONS;

/** A stack of dense layers. */
export interface DenseShape {
  /** Numbers an input. */
  readonly inputs: number;
  readonly layers: readonly {
    readonly units: number;
    readonly activation: DenseActivation;
    readonly bias: boolean;
  }[];
}

/** A step of Langevin dynamics as the kernel takes it. */
export interface LangevinStep {
  readonly stepSize: number;
  readonly noiseScale: number;
  /** Bound on each component of the gradient. */
  readonly limit: number;
  readonly low: number;
  readonly high: number;
  /** Whether the sign of the gradient is followed in place of the gradient. */
  readonly sign: boolean;
}

interface Layer {
  readonly inputs: number;
  readonly units: number;
  /** Units rounded up to whole vectors of eight. */
  readonly wide: number;
  readonly kind: number;
  /** Where the kernel and the bias (−1: none) start among the parameters. */
  readonly kernelAt: number;
  readonly biasAt: number;
  // Addresses in bytes.
  readonly bias: number;
  readonly forward: number;
  readonly backward: number;
  readonly values: number;
  readonly slopes: number;
  readonly gradients: number;
}

/** Regions begin with a cache line. */
const LINE = 64;

const up = (n: number): number => (n + 7) & ~7;

function memoryOf(shape: DenseShape, rows: number) {
  const inputStride = up(shape.inputs);
  const side = 4 * rows * inputStride;
  const ends = layOut({ inputs: side, inputGradients: side, noise: side }, { align: LINE });
  let [bytes, from, wideFrom, at, widest, largest] = [ends.bytes, shape.inputs, inputStride, 0, 0, 0];
  const layers = shape.layers.map(({ units, activation, bias }): Layer => {
    const wide = up(units);
    const kernelAt = at;
    at += from * units;
    const biasAt = bias ? at : -1;
    if (bias) at += units;
    const places = layOut(
      {
        bias: 4 * wide,
        forward: 4 * from * wide,
        backward: 4 * units * wideFrom,
        values: 4 * rows * wide,
        slopes: 4 * rows * wide,
        gradients: 4 * rows * wide,
      },
      { start: bytes, align: LINE },
    );
    bytes = places.bytes;
    widest = Math.max(widest, wide);
    largest = Math.max(largest, from * wide);
    const layer = { inputs: from, units, wide, kind: ACTIVATIONS[activation], kernelAt, biasAt, ...places };
    [from, wideFrom] = [units, wide];
    return layer;
  });
  const scratch = layOut({ packed: 4 * rows * widest, product: 4 * largest }, { start: bytes, align: LINE });
  return { ...ends, ...scratch, inputStride, layers, parameterCount: at };
}

/**
 * A dense net in WebAssembly memory of its own, for a batch at a time: inputs, parameters and every intermediate value
 * stay there. Parameters are one flat array, each layer's kernel `[inputs, units]` before its bias, as tfjs orders the
 * weights of a model.
 */
export class DenseNet {
  readonly shape: DenseShape;
  readonly rows: number;
  readonly parameterCount: number;
  /** Inputs `[rows, inputStride]`, for the caller to fill; columns beyond the inputs mean nothing. */
  readonly inputs: Float32Array;
  readonly inputStride: number;
  /** Outputs of {@link forward}, and their gradients for the backward passes, `[rows, outputStride]`. */
  readonly outputs: Float32Array;
  readonly outputGradients: Float32Array;
  readonly outputStride: number;
  /** What {@link backwardInputs} leaves, `[rows, inputStride]`. */
  readonly inputGradients: Float32Array;
  /** Noise for {@link step}, `[rows, inputStride]`. */
  readonly noise: Float32Array;
  readonly #layers: readonly Layer[];
  readonly #kernel: DenseKernel;
  readonly #memory: Float32Array;
  readonly #at: Regions<"inputs" | "inputGradients" | "noise" | "packed" | "product">;

  /** @throws {CapabilityError} where WebAssembly with SIMD is missing. */
  constructor(shape: DenseShape, rows: number, build?: DenseBuild) {
    this.shape = shape;
    this.rows = checkNumber("rows", rows, { min: 1, integer: true });
    const { inputStride, layers, parameterCount, ...at } = memoryOf(shape, rows);
    this.#layers = layers;
    this.parameterCount = parameterCount;
    this.#at = at;
    const instance = denseKernel(at.bytes, build);
    if (instance === undefined) throw new CapabilityError("WebAssembly with SIMD is not available here");
    this.#kernel = instance.exports;
    this.#memory = new Float32Array(instance.memory.buffer);
    const last = this.#layers[this.#layers.length - 1];
    this.inputStride = inputStride;
    this.outputStride = last.wide;
    this.inputs = this.#view(at.inputs, rows * inputStride);
    this.inputGradients = this.#view(at.inputGradients, rows * inputStride);
    this.noise = this.#view(at.noise, rows * inputStride);
    this.outputs = this.#view(last.values, rows * last.wide);
    this.outputGradients = this.#view(last.gradients, rows * last.wide);
  }

  /** Takes new parameters; they are laid out anew for both directions, once for however many steps follow. */
  setParameters(parameters: Float32Array): void {
    checkLength("parameters", parameters.length, this.parameterCount);
    for (const layer of this.#layers) {
      const { inputs, units, wide, kernelAt, biasAt } = layer;
      const scratch = this.#view(this.#at.product, inputs * units);
      scratch.set(parameters.subarray(kernelAt, kernelAt + inputs * units));
      this.#kernel.pack(this.#at.product, 4 * units, 4, inputs, units, layer.forward);
      this.#kernel.pack(this.#at.product, 4, 4 * units, units, inputs, layer.backward);
      if (biasAt >= 0) this.#view(layer.bias, wide).set(parameters.subarray(biasAt, biasAt + units));
    }
  }

  /** Computes the outputs of the first `rows` inputs. */
  forward(rows: number): void {
    let [from, stride] = [this.#at.inputs, this.inputStride];
    for (const { inputs, wide, kind, bias, forward, values, slopes } of this.#layers) {
      this.#kernel.gemm(from, 4 * stride, 4, forward, values, rows, wide, inputs);
      this.#kernel.activate(values, slopes, bias, rows, wide, kind);
      [from, stride] = [values, wide];
    }
  }

  /** From gradients of the outputs to gradients of the inputs, for the first `rows`. */
  backwardInputs(rows: number): void {
    this.#backwardHidden(rows);
    const { gradients, wide, units, backward } = this.#layers[0];
    this.#kernel.gemm(
      gradients,
      4 * wide,
      4,
      backward,
      this.#at.inputGradients,
      rows,
      this.inputStride,
      units,
    );
  }

  /** From gradients of the outputs to the gradient of the parameters, summed over the first `rows`, into `out`. */
  backwardParameters(rows: number, out: Float32Array): void {
    this.#backwardHidden(rows);
    const { packed, product } = this.#at;
    let [from, stride] = [this.#at.inputs, this.inputStride];
    for (const { inputs, units, wide, gradients, values, kernelAt, biasAt } of this.#layers) {
      this.#kernel.pack(gradients, 4 * wide, 4, rows, wide, packed);
      this.#kernel.gemm(from, 4, 4 * stride, packed, product, inputs, wide, rows);
      const result = this.#view(product, inputs * wide);
      if (units === wide) out.set(result, kernelAt);
      else
        for (let i = 0; i < inputs; i++)
          out.set(result.subarray(i * wide, i * wide + units), kernelAt + i * units);
      if (biasAt >= 0) {
        this.#kernel.columnSums(gradients, rows, wide, product);
        out.set(this.#view(product, units), biasAt);
      }
      [from, stride] = [values, wide];
    }
  }

  /** Moves the first `rows` inputs one step of Langevin dynamics along the gradients and the noise that lie there. */
  step(rows: number, { stepSize, noiseScale, limit, low, high, sign }: LangevinStep): void {
    const { inputs, inputGradients, noise } = this.#at;
    const count = rows * this.inputStride;
    this.#kernel.langevin(
      inputs,
      inputGradients,
      noise,
      count,
      stepSize,
      noiseScale,
      limit,
      low,
      high,
      Number(sign),
    );
  }

  /** Gradients with respect to every layer's inner sums. */
  #backwardHidden(rows: number): void {
    const layers = this.#layers;
    for (let l = layers.length - 1; l >= 0; l--) {
      const { gradients, slopes, wide, units, kind, backward } = layers[l];
      if (kind !== ACTIVATIONS.linear) this.#kernel.multiply(gradients, slopes, rows * wide);
      if (l === 0) return;
      const below = layers[l - 1];
      this.#kernel.gemm(gradients, 4 * wide, 4, backward, below.gradients, rows, below.wide, units);
    }
  }

  #view(address: number, length: number): Float32Array {
    return this.#memory.subarray(address / 4, address / 4 + length);
  }
}
