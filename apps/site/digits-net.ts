import * as tf from "@tensorflow/tfjs";

/** Returns the net of the site's digits, 784-128-128-10 with swish: small enough to travel with a page. */
export default function digitsNet(): tf.LayersModel {
  const dense = (layer: number, units: number, more: object) =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed: layer }), ...more });
  return tf.sequential({
    layers: [
      dense(1, 128, { inputShape: [784], activation: "swish" }),
      dense(2, 128, { activation: "swish" }),
      dense(3, 10, {}),
    ],
  });
}
