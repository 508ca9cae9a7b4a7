import { ArgumentError, DimensionError, marginalize } from "@basin/energy-core";
import {
  checkBatch,
  type JointTensorEnergy,
  jointTensorEnergy,
  type TensorEnergy,
  type TensorSpace,
  tensorEnergy,
  tensors,
} from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { type HeadName, headNamed } from "./head.ts";
import { type LogitFunction, logitsModel } from "./logits.ts";

/** Options of {@link jointEnergy}. */
export interface JointEnergyOptions {
  /** How outputs become logits. Default "logits". */
  head?: HeadName;
}

/**
 * A classifier read as an energy-based model (Grathwohl et al. 2020): with logits f_y(x),
 *
 *   E(x, y) = −f_y(x),   E(x) = −log Σ_y exp(f_y(x)),   p(y|x) = softmax(f(x))_y.
 *
 * It is itself the marginal {@link TensorEnergy} E(x), so samplers, detectors and every other task take it as it is; `joint` is E(x, y).
 * All methods take a batch `[batch, ...shape]`; the caller disposes of results.
 */
export interface JointEnergy extends TensorEnergy {
  readonly labels: number;
  readonly variables: readonly tf.Variable[];
  readonly head: HeadName;
  /** The layers that compute the outputs, where the model was made of such; what a thread or a file can be given. */
  readonly classifier?: tf.LayersModel;
  /** Returns f(x), `[batch, labels]`. */
  logits(batch: tf.Tensor): tf.Tensor2D;
  /** E(x, y), over inputs with a label: what `predict` asks. */
  readonly joint: JointTensorEnergy;
  /** Returns p(y|x), `[batch, labels]`: independent of the partition function. */
  conditional(batch: tf.Tensor): tf.Tensor2D;
  /** Returns the energy x ↦ E(x, y) of one class, for drawing from p(x|y). */
  ofClass(label: number): TensorEnergy;
}

/**
 * Returns a classifier as an energy-based model. The classifier stays what it was, and is shared, not copied.
 *
 * With outputs o the head "logits" has f_y = o_y. The other two heads read one output more than there are labels, a scalar g(x) that all
 * labels share: "logits+scalar" has f_y = o_y + g, and "centered+scalar" has f_y = o_y − log Σ_z exp(o_z) + g, so that E(x) = −g(x) and
 * log p(y|x) = o_y − log Σ_z exp(o_z) are outputs of their own: a change of g alone moves p(x) and leaves p(y|x) as it is.
 *
 * @param classifier a tf.LayersModel with one input and one output `[batch, labels]`, or a function to logits. A model that ends in a
 *   softmax is read up to the softmax's input, because log p(y|x) for logits makes E(x) ≡ 0.
 *
 * @example
 * ```ts
 * import { jointEnergy } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const classifier = tf.sequential({
 *   layers: [tf.layers.dense({ inputShape: [2], units: 3, activation: "softmax" })],
 * });
 * const model = jointEnergy(classifier);
 * model.conditional(tf.zeros([1, 2])).print(); // a third each: the logits of the origin are the biases, which begin at 0
 * console.log(model.energy(new Float64Array(2))); // −log 3 = −1.0986
 * ```
 *
 * @throws {ArgumentError} when the model ends in another saturating activation, or has several inputs or outputs; for an unknown head.
 * @throws {DimensionError} for an output that is not `[batch, labels]`.
 */
export function jointEnergy(
  classifier: tf.LayersModel | LogitFunction,
  options: JointEnergyOptions = {},
): JointEnergy {
  const head = headNamed(options.head ?? "logits");
  if (typeof classifier === "function")
    throw new ArgumentError(
      "the classifier is a bare function, expected { shape, labels, logits }: the shape of an input and the number of outputs besides",
    );
  const layers = "logits" in classifier ? undefined : classifier;
  const source = "logits" in classifier ? classifier : logitsModel(classifier);
  const outputs = source.labels;
  if (outputs <= head.extra) {
    throw new DimensionError(
      `the classifier has ${outputs} output, expected at least 2 for the head "${head.name}"`,
    );
  }
  const space = tensors(source.shape);
  return describe(space, outputs - head.extra, {
    head: head.name,
    variables: source.variables ?? [],
    ...(layers && { classifier: layers }),
    logits(batch) {
      checkBatch(space.shape, batch);
      return tf.tidy(() => {
        const result = source.logits(batch);
        if (result.rank === 2 && result.shape[1] === outputs) return head.apply(result);
        throw new DimensionError(
          `the classifier gave shape [${result.shape.join(", ")}], expected [batch, ${outputs}]`,
        );
      });
    },
  });
}

/**
 * Returns a net with one output as an energy of its inputs alone, E(x) = its output. It is a joint energy with a single label,
 * E(x, 0) = E(x), so that training, scores and samplers take it; log p(y|x) is 0 throughout.
 *
 * @example
 * ```ts
 * import { energyNet } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
 * console.log(energyNet(net).can.batch.energies(tf.zeros([3, 2])).shape); // [3]
 * ```
 *
 * @throws {DimensionError} when the net's output is not `[batch, 1]`.
 */
export function energyNet(network: tf.LayersModel | LogitFunction): JointEnergy {
  const model = jointEnergy(network, { head: "energy" });
  if (model.labels !== 1) {
    throw new DimensionError(`an energy net has one output, this one has ${model.labels}`);
  }
  return model;
}

type Core = Pick<JointEnergy, "head" | "variables" | "classifier" | "logits">;

function describe(space: TensorSpace, labels: number, core: Core): JointEnergy {
  const { logits, variables } = core;
  const joint = jointTensorEnergy(
    space.shape,
    labels,
    (batch) => tf.tidy(() => logits(batch).neg()),
    variables,
  );
  return {
    ...core,
    ...marginalize(joint),
    space,
    labels,
    joint,
    conditional: (batch) => tf.tidy(() => tf.softmax(logits(batch))),
    ofClass(label) {
      if (!Number.isInteger(label) || label < 0 || label >= labels) {
        throw new ArgumentError(`label is ${label}, expected an integer from 0 to ${labels - 1}`);
      }
      return tensorEnergy(
        space.shape,
        (batch) => tf.tidy(() => logits(batch).slice([0, label], [-1, 1]).neg().reshape([-1])),
        variables,
      );
    },
  };
}
