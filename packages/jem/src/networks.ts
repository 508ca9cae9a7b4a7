import { checkNumber, DimensionError } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "./inputs.ts";

/** Options of {@link denseNetwork} and {@link convolutionalNetwork}. */
export interface NetworkOptions {
  /** One a label, and one more for a head that reads a shared scalar. Required. */
  outputs: number;
  /** Seed of the initial weights. Required. */
  seed: number;
}

/** Returns the initial weights of a layer (Glorot & Bengio 2010), with a separate seed for each layer. */
function glorot(seed: number, layer: number) {
  return tf.initializers.glorotNormal({ seed: 16 * seed + layer });
}

/**
 * Returns a new net of dense layers with swish, size-256-256-outputs. The published figures on MNIST use it, and the
 * compiled kernel trains it.
 *
 * @param shape of one input, which is flattened.
 *
 * @example
 * ```ts
 * import { denseNetwork, jointEnergy } from "@basin/jem";
 *
 * console.log(jointEnergy(denseNetwork([28, 28], { outputs: 10, seed: 0 })).labels); // 10
 * ```
 *
 * @throws {ArgumentError} for a number of outputs or a seed that is no integer in range.
 */
export function denseNetwork(shape: readonly number[], options: NetworkOptions): tf.Sequential {
  const { outputs, seed } = checked("denseNetwork", options);
  const hidden = (layer: number, rest: object = {}) =>
    tf.layers.dense({ units: 256, activation: "swish", kernelInitializer: glorot(seed, layer), ...rest });
  return tf.sequential({
    layers: [
      hidden(1, { inputShape: [sizeOf(shape)] }),
      hidden(2),
      tf.layers.dense({ units: outputs, kernelInitializer: glorot(seed, 3) }),
    ],
  });
}

/**
 * Returns a new net of two convolutions of stride 2 with 16 and 32 filters, and dense layers of 128 units and of the
 * outputs, with swish.
 *
 * @param shape of one image, [height, width] or [height, width, channels].
 *
 * @example
 * ```ts
 * import { convolutionalNetwork, jointEnergy } from "@basin/jem";
 *
 * console.log(jointEnergy(convolutionalNetwork([32, 32, 3], { outputs: 10, seed: 0 })).space.shape); // [32, 32, 3]
 * ```
 *
 * @throws {DimensionError} for another number of axes; {ArgumentError} as {@link denseNetwork} does.
 */
export function convolutionalNetwork(shape: readonly number[], options: NetworkOptions): tf.Sequential {
  const { outputs, seed } = checked("convolutionalNetwork", options);
  if (shape.length < 2 || shape.length > 3)
    throw new DimensionError(
      `convolutions need images [height, width] or [height, width, channels], got [${shape.join(", ")}]`,
    );
  const convolution = (filters: number, layer: number, rest: object = {}) =>
    tf.layers.conv2d({
      ...{ filters, kernelSize: 4, strides: 2, padding: "same", activation: "swish" },
      kernelInitializer: glorot(seed, layer),
      ...rest,
    });
  return tf.sequential({
    layers: [
      convolution(16, 1, { inputShape: shape.length === 2 ? [...shape, 1] : [...shape] }),
      convolution(32, 2),
      tf.layers.flatten(),
      tf.layers.dense({ units: 128, activation: "swish", kernelInitializer: glorot(seed, 3) }),
      tf.layers.dense({ units: outputs, kernelInitializer: glorot(seed, 4) }),
    ],
  });
}

function checked(asker: string, options: NetworkOptions): Required<NetworkOptions> {
  checkOptions(asker, options, "outputs seed");
  const { outputs, seed } = options;
  return {
    outputs: checkNumber("outputs", outputs, { min: 1, integer: true }),
    seed: checkNumber("seed", seed, { min: 0, integer: true }),
  };
}
