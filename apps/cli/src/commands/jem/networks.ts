import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError } from "@basin/energy-core";
import type * as TF from "@tensorflow/tfjs";
import { sizeOf } from "./numbers.ts";

/** What a net is to take and give. */
export interface NetworkShape {
  /** Shape of one image. */
  readonly shape: readonly number[];
  /** Classes. */
  readonly labels: number;
  /** One a class, and one more where the head reads a shared scalar. */
  readonly outputs: number;
  readonly seed: number;
}

/** Returns a new classifier: "mlp", "cnn", or what the default export of a module returns when it is given tfjs and the shapes. */
export async function buildNetwork(
  tf: typeof TF,
  name: string,
  { shape, labels, outputs, seed }: NetworkShape,
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
        tf.layers.dense({ units: outputs, kernelInitializer: kernel(3) }),
      ],
    });
  }
  if (name === "cnn") return convolutional(tf, shape, outputs, kernel);
  if (!/\.[cm]?[jt]s$/.test(name))
    throw new ArgumentError(`unknown architecture "${name}"; known: mlp, cnn, or a .ts or .js file`);
  const module = (await import(pathToFileURL(resolve(name)).href)) as { default?: unknown };
  if (typeof module.default !== "function") {
    throw new ArgumentError(
      `${name} has no default export (tf, { shape, labels, outputs, seed }) => tf.LayersModel`,
    );
  }
  const built = (await module.default(tf, { shape, labels, outputs, seed })) as TF.LayersModel;
  if (typeof built?.predict !== "function")
    throw new ArgumentError(`the default export of ${name} did not return a tf.LayersModel`);
  checkShapes(name, built, { shape, labels, outputs, seed });
  return built;
}

function checkShapes(name: string, net: TF.LayersModel, { shape, labels, outputs }: NetworkShape): void {
  const [input, output] = [net.inputs, net.outputs].map(([{ shape: axes }]) => axes.slice(1));
  const text = (axes: readonly (number | null)[]) => `[${axes.map((axis) => axis ?? "any").join(", ")}]`;
  const size = sizeOf(shape);
  // What has more than one input or output, or an axis without a length, is refused by jointEnergy.
  if (input.every((axis) => axis !== null) && sizeOf(input as number[]) !== size)
    throw new ArgumentError(
      `the net of ${name} takes inputs of shape ${text(input)}, expected ${text(shape)} or [${size}]`,
    );
  if (output.length !== 1 || output[0] !== outputs)
    throw new ArgumentError(
      `the net of ${name} gives outputs of shape ${text(output)}, expected [${outputs}]: one for each of ${labels} classes` +
        (outputs > labels ? ", and the scalar that they share" : ""),
    );
}

function convolutional(
  tf: typeof TF,
  shape: readonly number[],
  outputs: number,
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
      tf.layers.dense({ units: outputs, kernelInitializer: kernel(4) }),
    ],
  });
}
