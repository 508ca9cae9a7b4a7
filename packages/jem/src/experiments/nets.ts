import { checkOptions } from "@basin/energy-core/internal";
import { applyModel } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { HeadName } from "../model/head.ts";
import type { LogitFunction } from "../model/logits.ts";

/** Options of {@link planeNet} and {@link imageNet}. */
export interface NetOptions {
  /** Seed of the initial weights. */
  seed: number;
  /** Outputs of the head: labels, and one more for heads with a shared scalar. */
  outputs: number;
  /** Units of each hidden layer. */
  width?: number;
  /** Whether a separate net computes the last output, without shared parameters. Default false. */
  separate?: boolean;
}

/** Options of {@link planeNet}. */
export interface PlaneNetOptions extends NetOptions {
  /**
   * Whether the outputs are logits (what is subtracted is then a base energy) or an energy (to which it is added).
   * Default "logits".
   */
  reads?: "logits" | "energy";
  /** For a head with a shared scalar the base belongs to the scalar alone. Default "logits". */
  head?: HeadName;
  /** s of the base ‖x‖²/2s². Default 2. */
  baseScale?: number;
}

/** The seed of layer `layer` of net `net`; tfjs wants a small integer. */
function layerSeed(seed: number, net: number, layer: number): number {
  return (1009 * seed + 16 * net + layer) % 2147483647;
}

/**
 * Returns a net of points of the plane, 2-w-w-w-outputs with swish, with ‖x‖²/2s² added to its energies so that exp(−E)
 * can be normalized.
 *
 * The first layer's slopes are normal with standard deviation 2 and its biases uniform on [−2, 2]: with the default
 * initial weights of tfjs (slopes of 0.2, biases of 0), the net is too smooth to follow densities as narrow as 0.1
 * within a thousand updates.
 *
 * @example
 * ```ts
 * import { jointEnergy } from "@basin/jem";
 * import { planeNet } from "@basin/jem/experiments";
 *
 * console.log(jointEnergy(planeNet({ seed: 1, outputs: 2 })).labels); // 2
 * ```
 */
export function planeNet(options: PlaneNetOptions): LogitFunction {
  checkOptions("planeNet", options, "reads head baseScale seed outputs width separate");
  const { seed, outputs, width = 64, separate = false, baseScale = 2, reads = "logits" } = options;
  const net = (number: number, units: number) => {
    const { randomNormal, randomUniform, glorotNormal } = tf.initializers;
    const hidden = (layer: number) =>
      tf.layers.dense({
        units: width,
        activation: "swish",
        kernelInitializer: glorotNormal({ seed: layerSeed(seed, number, layer) }),
      });
    const first = tf.layers.dense({
      inputShape: [2],
      units: width,
      activation: "swish",
      kernelInitializer: randomNormal({ stddev: 2, seed: layerSeed(seed, number, 1) }),
      biasInitializer: randomUniform({ minval: -2, maxval: 2, seed: layerSeed(seed, number, 2) }),
    });
    const last = tf.layers.dense({
      units,
      kernelInitializer: glorotNormal({ seed: layerSeed(seed, number, 5) }),
    });
    return tf.sequential({ layers: [first, hidden(3), hidden(4), last] });
  };
  const plain = combine([2], outputs, separate, net);
  // The base belongs to E(x): to every logit, or where a scalar is shared to the scalar.
  const onScalar = (options.head ?? "logits") !== "logits";
  const sign = reads === "energy" ? 0.5 : -0.5;
  return {
    ...plain,
    logits: (batch) =>
      tf.tidy(() => {
        const base = batch
          .square()
          .sum(1, true)
          .mul(sign / baseScale ** 2);
        const mask = onScalar
          ? tf.oneHot(tf.tensor1d([outputs - 1], "int32"), outputs)
          : tf.ones([1, outputs]);
        return plain.logits(batch).add(base.mul(mask)) as tf.Tensor2D;
      }),
  };
}

/** Returns a net of images as vectors, inputs-w-w-outputs with swish, from Glorot's start. */
export function imageNet(size: number, options: NetOptions): LogitFunction {
  const { seed, outputs, width = 128, separate = false } = options;
  return combine([size], outputs, separate, (number, units) => {
    const dense = (layer: number, count: number, config: object) =>
      tf.layers.dense({
        units: count,
        kernelInitializer: tf.initializers.glorotNormal({ seed: layerSeed(seed, number, layer) }),
        ...config,
      });
    return tf.sequential({
      layers: [
        dense(1, width, { inputShape: [size], activation: "swish" }),
        dense(2, width, { activation: "swish" }),
        dense(3, units, {}),
      ],
    });
  });
}

/** One net for all outputs, or one for all but the last and another for the last. */
function combine(
  shape: readonly number[],
  outputs: number,
  separate: boolean,
  net: (number: number, units: number) => tf.Sequential,
): LogitFunction {
  const nets = separate ? [net(0, outputs - 1), net(1, 1)] : [net(0, outputs)];
  return {
    shape,
    labels: outputs,
    logits: (batch) =>
      tf.tidy(() => {
        const parts = nets.map((model) => applyModel(model, batch) as tf.Tensor2D);
        return (parts.length === 1 ? parts[0] : tf.concat(parts, 1)) as tf.Tensor2D;
      }),
    variables: nets.flatMap((model) => model.trainableWeights.map((weight) => weight.read() as tf.Variable)),
  };
}
