import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError } from "@basin/energy-core";
import type * as TF from "@tensorflow/tfjs";
import { sizeOf } from "./numbers.ts";

/** Returns a new classifier: "mlp", "cnn", or what the default export of a module returns when it is given tfjs and the shapes. */
export async function buildNetwork(
  tf: typeof TF,
  name: string,
  { shape, labels, seed }: { shape: readonly number[]; labels: number; seed: number },
): Promise<TF.LayersModel> {
  const kernel = (layer: number) => tf.initializers.glorotNormal({ seed: 16 * seed + layer });
  if (name === "mlp") {
    const size = sizeOf(shape);
    return tf.sequential({
      layers: [
        tf.layers.dense({
          inputShape: [size],
          units: 256,
          activation: "swish",
          kernelInitializer: kernel(1),
        }),
        tf.layers.dense({ units: 256, activation: "swish", kernelInitializer: kernel(2) }),
        tf.layers.dense({ units: labels, kernelInitializer: kernel(3) }),
      ],
    });
  }
  if (name === "cnn") return convolutional(tf, shape, labels, kernel);
  if (!/\.[cm]?[jt]s$/.test(name))
    throw new ArgumentError(`unknown architecture "${name}"; known: mlp, cnn, or a .ts or .js file`);
  const module = (await import(pathToFileURL(resolve(name)).href)) as { default?: unknown };
  if (typeof module.default !== "function") {
    throw new ArgumentError(`${name} has no default export (tf, { shape, labels, seed }) => tf.LayersModel`);
  }
  const built = (await module.default(tf, { shape, labels, seed })) as TF.LayersModel;
  if (typeof built?.predict !== "function")
    throw new ArgumentError(`the default export of ${name} did not return a tf.LayersModel`);
  return built;
}

function convolutional(
  tf: typeof TF,
  shape: readonly number[],
  labels: number,
  kernel: (layer: number) => ReturnType<typeof tf.initializers.glorotNormal>,
): TF.LayersModel {
  if (shape.length < 2 || shape.length > 3)
    throw new ArgumentError(
      `cnn needs images [height, width] or [height, width, channels], got [${shape.join(", ")}]`,
    );
  const conv = (filters: number, layer: number, options: object = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 4,
      strides: 2,
      padding: "same",
      activation: "swish",
      kernelInitializer: kernel(layer),
      ...options,
    });
  return tf.sequential({
    layers: [
      conv(16, 1, { inputShape: shape.length === 2 ? [...shape, 1] : [...shape] }),
      conv(32, 2),
      tf.layers.flatten(),
      tf.layers.dense({ units: 128, activation: "swish", kernelInitializer: kernel(3) }),
      tf.layers.dense({ units: labels, kernelInitializer: kernel(4) }),
    ],
  });
}
