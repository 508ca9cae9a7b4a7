import * as tf from "@tensorflow/tfjs";
import { sigmoid, silu, tanh } from "./smooth.ts";

/** What {@link applyModel} reads of a layer; tfjs's types keep these protected. */
interface LayerParts {
  call: (inputs: tf.Tensor | tf.Tensor[], kwargs: object) => tf.Tensor | tf.Tensor[];
  readonly layers?: readonly tf.layers.Layer[];
  readonly activation?: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor } | null;
  readonly kernel?: tf.Tensor | { read(): tf.Tensor };
  readonly bias?: { read(): tf.Tensor } | null;
  readonly rank?: number;
  readonly strides?: [number, number];
  readonly dilationRate?: [number, number];
  readonly padding?: string;
  readonly dataFormat?: string;
}

type Replacement = (x: tf.Tensor, layer: LayerParts) => tf.Tensor | undefined;

/**
 * Returns `model.apply(batch)` to rounding, computed so that gradients are cheaper and second derivatives right: tfjs's Dense and
 * Conv2D layers always compute the gradient of their kernel with that of their input, twice the work where only the input's is wanted,
 * and its swish, tanh and sigmoid have wrong second derivatives. Other layers are applied as they are. The model is not changed.
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
};

function replaceCall(layer: LayerParts): void {
  const replacement = REPLACEMENTS[(layer as unknown as tf.layers.Layer).getClassName()];
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
      const inner = (layer as unknown as LayerParts).layers;
      if (Array.isArray(inner)) visit(inner);
      else if (layer.getClassName() in REPLACEMENTS) found.add(layer as unknown as LayerParts);
    }
  };
  visit(model.layers);
  return [...found];
}

function kernelOf({ kernel }: LayerParts): tf.Tensor {
  return (kernel as { read(): tf.Tensor }).read();
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
      return silu(x);
    case "tanh":
      return tanh(x);
    case "sigmoid":
      return sigmoid(x);
    default:
      return activation!.apply(x);
  }
}
