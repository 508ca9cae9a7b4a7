import type { JointEnergy } from "@basin/jem";
import type * as TF from "@tensorflow/tfjs";
import type { Labeled } from "./images.ts";
import { floats } from "./numbers.ts";

/** A classifier that had no part in the model it judges. */
export interface Judge {
  readonly description: string;
  readonly accuracy: number;
  classify(inputs: Float32Array | Uint8Array): Int32Array;
  /** Activations of its last hidden layer, row-major. */
  features(inputs: Float32Array | Uint8Array): Float32Array;
  readonly width: number;
}

const SEED = 20_201_001;
const STEPS = 3000;
const WIDTH = 64;

/** Trains the judge: always the same net, from the same seed, on the training images by cross-entropy alone. */
export async function trainJudge(
  tf: typeof TF,
  data: Labeled,
  test: Labeled,
  classes: number,
  progress: (share: number) => void,
): Promise<Judge> {
  const { accuracy, classify, jointEnergy, train } = await import("@basin/jem");
  const size = data.inputs.length / data.count;
  const dense = (units: number, layer: number, options: object) =>
    tf.layers.dense({
      units,
      kernelInitializer: tf.initializers.glorotNormal({ seed: SEED + layer }),
      ...options,
    });
  const network = tf.sequential({
    layers: [
      dense(256, 1, { inputShape: [size], activation: "relu" }),
      dense(WIDTH, 2, { activation: "relu" }),
      dense(classes, 3, {}),
    ],
  });
  const hidden = tf.model({
    inputs: network.inputs,
    outputs: network.layers[1].output as TF.SymbolicTensor,
  });
  const model: JointEnergy = jointEnergy(network);
  await train(
    model,
    { inputs: data.inputs, labels: data.labels },
    {
      steps: STEPS,
      batchSize: Math.min(128, 2 * (data.count >> 1)),
      marginalWeight: 0,
      inputNoise: 0.1,
      averageDecay: 0.995,
      seed: SEED,
      onStep: ({ step }) => progress(step / STEPS),
    },
  );
  return {
    description: `dense net ${size}-256-${WIDTH}-${classes}, relu, ${STEPS} updates of cross-entropy, seed ${SEED}; features: its ${WIDTH} last hidden units`,
    accuracy: accuracy(model, test.inputs, test.labels),
    classify: (inputs) => classify(model, inputs),
    features: (inputs) =>
      tf.tidy(() => {
        const rows = inputs.length / size;
        return (
          hidden.predict(tf.tensor2d(floats(inputs), [rows, size])) as TF.Tensor
        ).dataSync() as unknown as TF.Tensor;
      }) as unknown as Float32Array,
    width: WIDTH,
  };
}
