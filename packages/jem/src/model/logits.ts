import { ArgumentError, DimensionError } from "@basin/energy-core";
import { applyModel } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";

/** A classifier as a function from a batch `[batch, ...shape]` to logits `[batch, labels]`, differentiable by tfjs. */
export interface LogitFunction {
  /** Shape of one input, without the batch axis. */
  readonly shape: readonly number[];
  /** Number of outputs: classes, and one more where the head has a shared scalar. */
  readonly labels: number;
  /** The outputs, `[batch, labels]`. */
  logits(batch: tf.Tensor): tf.Tensor2D;
  /** What training may change; none when absent. */
  readonly variables?: readonly tf.Variable[];
}

/** Output activations from which logits cannot be read, or would be read wrongly without notice. */
const SATURATING = new Set(["sigmoid", "hardSigmoid", "tanh", "softsign", "logSoftmax"]);

/** Returns a tf.LayersModel as a function to logits: its output, or the input of its final softmax. */
export function logitsModel(model: tf.LayersModel): LogitFunction {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new ArgumentError(
      `the classifier has ${model.inputs.length} inputs and ${model.outputs.length} outputs, expected one of each`,
    );
  }
  const shape = model.inputs[0].shape.slice(1);
  const labels = model.outputs[0].shape[1];
  if (model.outputs[0].shape.length !== 2 || labels === null) {
    throw new DimensionError(
      `the classifier gives shape [${model.outputs[0].shape.join(", ")}], expected [batch, labels]`,
    );
  }
  const unknown = shape.indexOf(null);
  if (unknown >= 0)
    throw new DimensionError(`axis ${unknown + 1} of the classifier's input has no fixed length`);
  return {
    shape: shape as number[],
    labels,
    logits: bareOutput(model),
    // A trainable weight is a LayerVariable around the tf.Variable that gradients are taken for.
    variables: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
  };
}

/** Returns the model's output, computed up to its final softmax where it has one. */
function bareOutput(model: tf.LayersModel): (batch: tf.Tensor) => tf.Tensor2D {
  const last = model.layers[model.layers.length - 1];
  const activation = activationName(last);
  refuseHiddenEnding(last);
  if (SATURATING.has(activation)) {
    throw new ArgumentError(
      `the classifier ends in ${activation}, which is not invertible to logits in float32; give it the layer before`,
    );
  }
  if (activation !== "softmax") return (batch) => applyModel(model, batch) as tf.Tensor2D;
  if (last.getClassName() === "Softmax" || last.getClassName() === "Activation") {
    const inner = tf.model({ inputs: model.inputs, outputs: last.input as tf.SymbolicTensor });
    return (batch) => applyModel(inner, batch) as tf.Tensor2D;
  }
  if (last.getClassName() !== "Dense") {
    throw new ArgumentError(
      `the classifier ends in a softmax inside a ${last.getClassName()} layer; end it in a Dense or Softmax layer`,
    );
  }
  const inner = tf.model({ inputs: model.inputs, outputs: last.input as tf.SymbolicTensor });
  return (batch) => {
    const features = applyModel(inner, batch) as tf.Tensor2D;
    const [kernel, bias] = last.weights.map((weight) => weight.read());
    const product = tf.matMul(features, kernel as tf.Tensor2D);
    return (bias === undefined ? product : product.add(bias)) as tf.Tensor2D;
  };
}

/** Layers that hand on values, or a choice of them, as they are. */
const TRANSPARENT = new Set([
  "Dropout",
  "SpatialDropout1D",
  "GaussianDropout",
  "GaussianNoise",
  "AlphaDropout",
  "Reshape",
  "Flatten",
  "Permute",
]);

/** Refuses an activation that squeezes the output from behind a layer that hands it on, or from inside a nested model. */
function refuseHiddenEnding(last: tf.layers.Layer): void {
  let layer: tf.layers.Layer | undefined = last;
  while (layer !== undefined) {
    const name = activationName(layer);
    if (layer !== last && (name === "softmax" || SATURATING.has(name))) {
      throw new ArgumentError(
        `the classifier's output comes from the ${name} of layer "${layer.name}", behind or inside "${last.name}"; end it in a Dense or Softmax layer of its own`,
      );
    }
    const nested: tf.layers.Layer[] | undefined = (layer as Partial<tf.LayersModel>).layers;
    if (nested !== undefined) layer = nested[nested.length - 1];
    else if (!TRANSPARENT.has(layer.getClassName()) || layer.inboundNodes.length !== 1) return;
    else if (Array.isArray(layer.input)) return;
    else layer = layer.input.sourceLayer;
  }
}

/** The name of a layer's activation, "linear" where it has none. */
function activationName(layer: tf.layers.Layer): string {
  if (layer.getClassName() === "Softmax") return "softmax";
  const { activation } = layer.getConfig() as { activation?: unknown };
  return typeof activation === "string" ? activation : "linear";
}
