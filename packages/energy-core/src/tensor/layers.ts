import * as tf from "@tensorflow/tfjs";
import { registerLevelGradients } from "./kernels/steps.ts";
import { mendBackend } from "./mend-backend.ts";
import { tensorSigmoid, tensorSilu, tensorTanh } from "./smooth.ts";

/** What {@link applyModel} reads of a layer; tfjs's types keep these protected. */
interface LayerParts {
  getClassName(): string;
  call: (inputs: tf.Tensor | tf.Tensor[], kwargs: object) => tf.Tensor | tf.Tensor[];
  readonly layers?: readonly tf.layers.Layer[];
  readonly activation?: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor } | null;
  readonly kernel?: Weight;
  readonly bias?: Weight | null;
  readonly rank?: number;
  readonly strides?: [number, number];
  readonly dilationRate?: [number, number];
  readonly padding?: string;
  readonly dataFormat?: string;
  readonly axis?: number | readonly number[];
  readonly epsilon?: number;
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
  readonly movingMean?: Weight;
  readonly movingVariance?: Weight;
}

interface Weight {
  read(): tf.Tensor;
}

type Replacement = (x: tf.Tensor, layer: LayerParts) => tf.Tensor | undefined;

/**
 * Returns `model.apply(batch)` to rounding, computed with cheaper gradients and correct second derivatives. In tfjs,
 * Dense and Conv2D layers always compute the gradient of their kernel with that of their input, which doubles the work
 * if only the latter is needed. Its swish, tanh and sigmoid have wrong second derivatives. Its normalizations without
 * center or scale, Masking and ThresholdedReLU have no first derivatives. Other layers are applied unchanged, and the
 * model does not change. What gives wrong numbers is replaced as {@link mendBackend} says;
 * {@link installFastWasmKernels} also replaces slow kernels.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { applyModel } from "@basin/energy-core/tensor";
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], activation: "tanh" })] });
 * console.log(applyModel(model, tf.ones([5, 3])).shape); // [5, 2]
 * ```
 */
export function applyModel(model: tf.LayersModel, batch: tf.Tensor): tf.Tensor {
  mendBackend();
  registerLevelGradients();
  const layers = flatten(model);
  for (const layer of layers) replaceCall(layer);
  try {
    return model.apply(batch) as tf.Tensor;
  } finally {
    // The replacement is a property of the layer itself; without it, its class's method shows again.
    for (const layer of layers) delete (layer as Partial<LayerParts>).call;
  }
}

const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  Dense(x, layer) {
    if (x.rank !== 2) return undefined;
    return finish(tf.matMul(x as tf.Tensor2D, kernelOf(layer) as tf.Tensor2D), layer);
  },
  Conv2D(x, layer) {
    const { strides, padding, dilationRate } = layer;
    if (x.rank !== 4 || layer.dataFormat !== "channelsLast" || (padding !== "same" && padding !== "valid"))
      return undefined;
    const product = tf.conv2d(
      x as tf.Tensor4D,
      kernelOf(layer) as tf.Tensor4D,
      strides as [number, number],
      padding,
      "NHWC",
      dilationRate,
    );
    return finish(product, layer);
  },
  Activation: (x, layer) => activate(x, layer),
  BatchNormalization(x, layer) {
    const axis = ((layer.axis as number) + x.rank) % x.rank;
    const along = (weight: Weight) =>
      weight.read().reshape(x.shape.map((length, at) => (at === axis ? length : 1)));
    const { movingMean, movingVariance } = layer as Required<LayerParts>;
    return normalize(x, along(movingMean), along(movingVariance), layer, along);
  },
  LayerNormalization(x, layer) {
    const axes = [layer.axis as number | number[]].flat().map((axis) => (axis + x.rank) % x.rank);
    const mean = x.mean(axes, true);
    const along = (weight: Weight) =>
      weight.read().reshape(x.shape.map((length, at) => (axes.includes(at) ? length : 1)));
    return normalize(x, mean, x.sub(mean).square().mean(axes, true), layer, along);
  },
};

/** (x − mean) · gamma/√(variance + ε) + beta, gamma 1 and beta 0 where a layer has none. */
function normalize(
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  { gamma, beta, epsilon = 1e-3 }: LayerParts,
  along: (weight: Weight) => tf.Tensor,
): tf.Tensor {
  const slope = variance.add(epsilon).rsqrt();
  const scaled = x.sub(mean).mul(gamma ? slope.mul(along(gamma)) : slope);
  return beta ? scaled.add(along(beta)) : scaled;
}

function replaceCall(layer: LayerParts): void {
  const replacement = REPLACEMENTS[layer.getClassName()];
  const original = layer.call;
  layer.call = (inputs, kwargs) => {
    const only = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.tidy(() => replacement(only, layer) ?? original.call(layer, inputs, kwargs));
  };
}

/** Every layer that has a replacement, those of nested models included, each once. */
function flatten(model: tf.LayersModel): LayerParts[] {
  const found = new Set<LayerParts>();
  const visit = (layers: readonly tf.layers.Layer[]): void => {
    for (const layer of layers) {
      // What layers are made of is protected in tfjs's types.
      const parts = layer as unknown as LayerParts;
      if (Array.isArray(parts.layers)) visit(parts.layers);
      else if (layer.getClassName() in REPLACEMENTS) found.add(parts);
    }
  };
  visit(model.layers);
  return [...found];
}

function kernelOf({ kernel }: LayerParts): tf.Tensor {
  return (kernel as Weight).read();
}

function finish(product: tf.Tensor, layer: LayerParts): tf.Tensor {
  return activate(layer.bias ? product.add(layer.bias.read()) : product, layer);
}

function activate(x: tf.Tensor, { activation }: LayerParts): tf.Tensor {
  switch (activation?.getClassName()) {
    case undefined:
    case "linear":
      return x;
    case "swish":
      return tensorSilu(x);
    case "tanh":
      return tensorTanh(x);
    case "sigmoid":
      return tensorSigmoid(x);
    default:
      return activation!.apply(x);
  }
}
