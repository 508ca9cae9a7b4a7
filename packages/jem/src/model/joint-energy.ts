import { ArgumentError, DimensionError, marginalize } from "@basin/energy-core";
import { checkOptions, kindOf } from "@basin/energy-core/internal";
import {
  checkBatch,
  jointTensorEnergy,
  type TensorEnergy,
  type TensorSpace,
  tensorEnergy,
  tensors,
} from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { checkLabels } from "../labels.ts";
import type { JointModel } from "./contract.ts";
import { drawHeldBy } from "./draw-held.ts";
import { type HeadName, headNamed } from "./head.ts";
import { type LogitFunction, sourceOf } from "./logits.ts";
import { oneHot } from "./one-hot.ts";
import type { OutputName } from "./outputs.ts";

/** Options of {@link jointEnergy}. */
export interface JointEnergyOptions {
  /** How outputs become logits. Default "logits". */
  head?: HeadName;
  /**
   * The meaning of the outputs, if their structure has two readings; see {@link jointEnergy}. Default: that of the
   * structure.
   */
  output?: OutputName;
  /** Shape of one input, where the model leaves axes open. Default: what the model says. */
  shape?: readonly number[];
}

/**
 * Returns a classifier as an energy-based model. The classifier does not change; it is shared, not copied.
 *
 * With outputs o the head "logits" has f_y = o_y. The other two heads read one extra output, a scalar g(x) that all
 * labels share: "logits+scalar" has f_y = o_y + g, and "centered+scalar" has f_y = o_y − log Σ_z exp(o_z) + g, so that
 * E(x) = −g(x) and log p(y|x) = o_y − log Σ_z exp(o_z) are outputs of their own: a change of g changes p(x) and leaves
 * p(y|x) unchanged.
 *
 * What the outputs are is read off the structure, and said in `reading`:
 *
 * - a softmax (or its logarithm) at the end, behind dropouts and the like or inside nested models: what goes into it,
 *   because log p(y|x) for logits makes E(x) ≡ 0;
 * - one sigmoid: two labels, f = (−z/2, z/2) of what goes into it, so that neither label is the likelier input by
 *   itself;
 * - one plain output: a logit or an energy, so that `output: "binary"` (the same two labels) or {@link energyNet} must
 *   say which;
 * - several sigmoids: `output: "exclusive"` must say that the labels exclude one another;
 * - anything else: logits. Outputs of functions and custom layers that look like probabilities are refused when they
 *   are first seen; `output: "logits"` takes them as they are.
 *
 * @param classifier a tf.LayersModel or tf.GraphModel with one input and one output `[batch, labels]`, or a function to
 * logits.
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
 * @throws {ArgumentError} when the outputs have two readings or none, or the model several inputs or outputs; for an
 * unknown head.
 * @throws {DimensionError} for an output that is not `[batch, labels]`, and an input whose shape the model leaves open.
 */
export function jointEnergy(
  classifier: tf.LayersModel | tf.GraphModel | LogitFunction,
  options: JointEnergyOptions = {},
): JointModel {
  checkOptions("jointEnergy", options, "head output shape");
  const head = headNamed(options.head ?? "logits");
  if (typeof classifier !== "object" || classifier === null)
    throw new ArgumentError(
      `the classifier is ${kindOf(classifier)}, expected a tf.LayersModel, a tf.GraphModel or { shape, labels, logits }: the shape of an input and the number of outputs besides`,
    );
  const source = sourceOf(classifier, { ...options, head: head.name });
  const { outputs } = source;
  if (outputs <= head.extra) {
    throw new DimensionError(
      `the classifier has ${outputs} output, expected at least 2 for the head "${head.name}"`,
    );
  }
  const space = tensors(source.shape);
  return describe(space, outputs - head.extra, {
    head: head.name,
    reading: source.reading,
    variables: source.variables,
    ...("layers" in classifier && { classifier }),
    logits(batch) {
      checkBatch(space.shape, batch);
      return tf.tidy(() => head.apply(source.logits(batch)));
    },
  });
}

/**
 * Returns a net with one output as an energy of its inputs alone, E(x) = its output. It is a joint energy with a single
 * label, E(x, 0) = E(x), so training, scores and samplers take it; log p(y|x) is always 0.
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
export function energyNet(network: tf.LayersModel | tf.GraphModel | LogitFunction): JointModel {
  const model = jointEnergy(network, { head: "energy" });
  if (model.labels !== 1) {
    throw new DimensionError(`an energy net has one output, this one has ${model.labels}`);
  }
  return model;
}

type Core = Pick<JointModel, "head" | "reading" | "variables" | "classifier" | "logits">;

/** Adds the steps that the compiled kernel takes to an energy of a class for each row, or of all classes. */
function drawing<E extends TensorEnergy>(energy: E, core: Core, labels: number, each?: Int32Array): E {
  return { ...energy, can: { ...energy.can, drawHeld: drawHeldBy({ ...core, labels }, each) } };
}

function describe(space: TensorSpace, labels: number, core: Core): JointModel {
  const { logits, variables } = core;
  const joint = jointTensorEnergy(
    space.shape,
    labels,
    (batch) => tf.tidy(() => logits(batch).neg()),
    variables,
  );
  return {
    ...core,
    ...drawing({ ...marginalize(joint), space }, core, labels),
    labels,
    joint,
    conditional: (batch) => tf.tidy(() => tf.softmax(logits(batch))),
    ofClass(label) {
      const single = typeof label === "number";
      if (single && !(Number.isInteger(label) && label >= 0 && label < labels))
        throw new ArgumentError(`label is ${label}, expected an integer from 0 to ${labels - 1}`);
      const each = Int32Array.from(single ? [label] : checkLabels(label, labels));
      const energies = (batch: tf.Tensor) =>
        tf.tidy(() => {
          if (!single) return logits(batch).mul(oneHot(each, labels)).sum(1).neg();
          return logits(batch).slice([0, label], [-1, 1]).neg().reshape([-1]);
        });
      return drawing(tensorEnergy(space.shape, energies, variables), core, labels, each);
    },
  };
}
