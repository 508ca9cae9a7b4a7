import * as tf from "@tensorflow/tfjs";
import type { Ending } from "./outputs.ts";

/** What a layer is asked for; tfjs's types keep these protected. */
interface Parts {
  activation?: unknown;
  call: (inputs: tf.Tensor | tf.Tensor[], kwargs: object) => tf.Tensor | tf.Tensor[];
  readonly outputs?: tf.SymbolicTensor[];
}

/** What tfjs's types keep protected. */
function partsOf(layer: tf.layers.Layer): Parts {
  return layer as unknown as Parts;
}

/** Layers that hand on values, or a choice of them, as they are. */
const TRANSPARENT = new Set([
  "InputLayer",
  "Dropout",
  "SpatialDropout1D",
  "GaussianDropout",
  "GaussianNoise",
  "AlphaDropout",
  "Reshape",
  "Flatten",
  "Permute",
]);

/** Layers whose values are means, products or choices of what they are given, and so as squeezed as that. */
const MIXING =
  /^(Add|Average|Concatenate|Cropping2D|Dot|Maximum|Minimum|Multiply|Rescaling|UpSampling2D|ZeroPadding2D|(Global)?(Average|Max)Pooling\dD)$/;

/** Layers that apply their activation last, to what else is their result. */
const ACTIVATED =
  /^(Activation|Dense|Softmax|Conv[123]D|Conv[23]DTranspose|SeparableConv2D|DepthwiseConv2D)$/;

/** The ending of a tf.LayersModel with the layer that it is in; none where nothing squeezes the outputs. */
export interface LayerEnding extends Ending {
  readonly layer?: tf.layers.Layer;
  /** Whether every layer on the way is one of tfjs's own. */
  readonly known: boolean;
}

const LINEAR = { activation: "linear", place: "its last layer", known: true } as const;

/**
 * Returns what squeezes a model's output: the activation of its last layer, of one behind layers that hand it on, or
 * inside nested models.
 */
export function endingOf(model: tf.LayersModel): LayerEnding {
  return follow(model.outputs[0], []);
}

/** @param within where models were gone into, innermost last, so that the walk comes out of their inputs again. */
function follow(tensor: tf.SymbolicTensor, within: readonly tf.SymbolicTensor[]): LayerEnding {
  const layer = tensor.sourceLayer;
  const { outputs } = partsOf(layer);
  if (outputs !== undefined) return follow(outputs[tensor.outputTensorIndex ?? 0], [...within, tensor]);
  const kind = layer.getClassName();
  const activation = activationName(layer);
  if (activation !== "linear") {
    const place = `the ${activation} of layer "${layer.name}"`;
    if (ACTIVATED.test(kind)) return { activation, place, layer, known: true };
    return { activation, place, layer, known: true, mixedBy: `the rest of that ${kind}` };
  }
  const before = kind === "InputLayer" ? (within.at(-1)?.inputs ?? []) : tensor.inputs;
  const outside = kind === "InputLayer" ? within.slice(0, -1) : within;
  const transparent = TRANSPARENT.has(kind) || kind === "Activation";
  if (transparent) return before.length === 1 ? follow(before[0], outside) : LINEAR;
  if (!MIXING.test(kind)) return { ...LINEAR, known: isOwn(layer) };
  const squeezed = before.map((input) => follow(input, outside)).find((found) => found.layer !== undefined);
  return squeezed === undefined ? LINEAR : { ...squeezed, mixedBy: `layer "${layer.name}" (${kind})` };
}

/**
 * The name of a layer's activation, or of that of the layer that it applies to each step; "linear" where there is none.
 */
function activationName(layer: tf.layers.Layer): string {
  if (layer.getClassName() === "Softmax") return "softmax";
  const { layer: wrapped } = layer as { layer?: tf.layers.Layer };
  if (wrapped !== undefined) return activationName(wrapped);
  const { activation } = layer.getConfig() as { activation?: unknown };
  return typeof activation === "string" ? activation : "linear";
}

/** Whether tfjs made a layer's class; one that is the user's may do anything to its outputs. */
function isOwn(layer: tf.layers.Layer): boolean {
  const name = layer.getClassName();
  return Object.keys(tf.layers).some((make) => make.toLowerCase() === name.toLowerCase());
}

/** Calls `use` while `layer` hands on what would go into its activation. */
export function withoutActivation<T>(layer: tf.layers.Layer, use: () => T): T {
  const parts = partsOf(layer);
  if (layer.getClassName() === "Softmax") {
    parts.call = (inputs) => (Array.isArray(inputs) ? inputs[0] : inputs);
    try {
      return use();
    } finally {
      // The replacement is a property of the layer itself; without it, its class's method shows again.
      delete (parts as Partial<Parts>).call;
    }
  }
  const { activation } = parts;
  parts.activation = linear;
  try {
    return use();
  } finally {
    parts.activation = activation;
  }
}

const linear = partsOf(tf.layers.activation({ activation: "linear" })).activation;

/** What a model makes of the numbers that it is given, as its first layers show. */
export type InputName = "values" | "bytes" | "tokens";

/** The first layer that does something to a model's input. */
export interface FirstLayer {
  readonly inputs: InputName;
  /** For tokens, how many there are. */
  readonly tokens?: number;
}

/** A scale that turns bytes into numbers of order one. */
const BYTE_SCALE = 1 / 100;

/**
 * Returns what a model takes: "tokens" where its input is looked up in an embedding; "bytes", 0 to 255, where it is
 * scaled down to order one first; else "values".
 */
export function firstLayerOf(model: tf.LayersModel): FirstLayer {
  const first = leavesOf(model).find((layer) => !TRANSPARENT.has(layer.getClassName()));
  const config = first?.getConfig() as { inputDim?: number; scale?: number } | undefined;
  if (first?.getClassName() === "Embedding") return { inputs: "tokens", tokens: config?.inputDim };
  const scaled = first?.getClassName() === "Rescaling" && Math.abs(config?.scale ?? 1) <= BYTE_SCALE;
  return { inputs: scaled ? "bytes" : "values" };
}

/** Returns the layers of a model that are no models themselves, in the order in which they were added. */
export function leavesOf({ layers }: { readonly layers: readonly tf.layers.Layer[] }): tf.layers.Layer[] {
  return layers.flatMap((layer) => {
    const { layers: inner } = layer as Partial<tf.LayersModel>;
    return Array.isArray(inner) ? leavesOf({ layers: inner }) : [layer];
  });
}
