import type * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../inputs.ts";
import type { JointModel } from "../model/contract.ts";
import { ACTIVATIONS, type DenseActivation, type DenseShape } from "./net.ts";

interface DenseConfig {
  readonly units: number;
  readonly activation?: string;
  readonly useBias?: boolean;
}

/**
 * Returns a model of tfjs as a stack of dense layers, or undefined when it is something else: layers in sequence, each
 * Dense (after a Flatten or a Reshape at most), with activations that the kernel has, and every weight trainable. A
 * final softmax is left out, as `jointEnergy` reads logits.
 */
export function denseShape(model: tf.LayersModel): DenseShape | undefined {
  const inputs = sizeOf(model.inputs[0].shape.slice(1));
  const layers: DenseShape["layers"][number][] = [];
  let parameters = 0;
  let from = inputs;
  for (const [index, layer] of model.layers.entries()) {
    const kind = layer.getClassName();
    const last = index === model.layers.length - 1;
    if (index > 0 && !follows(layer, model.layers[index - 1])) return undefined;
    if (kind === "InputLayer" || (layers.length === 0 && (kind === "Flatten" || kind === "Reshape")))
      continue;
    if (last && kind === "Softmax") continue;
    if (kind !== "Dense") return undefined;
    const {
      units,
      activation = "linear",
      useBias = true,
    } = layer.getConfig() as DenseConfig & tf.serialization.ConfigDict;
    const name = last && activation === "softmax" ? "linear" : activation;
    if (!(name in ACTIVATIONS) || !layer.trainable) return undefined;
    layers.push({ units, activation: name as DenseActivation, bias: useBias });
    parameters += from * units + (useBias ? units : 0);
    from = units;
  }
  const trainable = model.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return layers.length > 0 && trainable === parameters ? { inputs, layers } : undefined;
}

/**
 * Returns what {@link denseShape} does of a joint energy's layers, where their outputs, or what goes into their
 * softmax, are its logits.
 */
export function denseOf({
  classifier,
  reading,
}: Pick<JointModel, "classifier" | "reading">): DenseShape | undefined {
  const folded = reading.outputs === "binary" || reading.outputs === "exclusive";
  return classifier === undefined || folded ? undefined : denseShape(classifier);
}

/** Whether a layer takes the output of another, and nothing else. */
function follows(layer: tf.layers.Layer, before: tf.layers.Layer): boolean {
  // A layer shared between models has no one input to ask for.
  if (layer.inboundNodes.length !== 1 || before.inboundNodes.length !== 1) return false;
  return !Array.isArray(layer.input) && layer.input === before.output;
}
