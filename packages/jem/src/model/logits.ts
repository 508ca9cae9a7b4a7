import { ArgumentError, CapabilityError, DimensionError } from "@basin/energy-core";
import { kindOf } from "@basin/energy-core/internal";
import { applyModel } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { graphSource, isGraphModel, labelsOf, shapeOf } from "./graph.ts";
import type { HeadName } from "./head.ts";
import { type Ending, type OutputName, readingOf, suspicion, toLogits } from "./outputs.ts";
import {
  endingOf,
  type FirstLayer,
  firstLayerOf,
  type InputName,
  leavesOf,
  withoutActivation,
} from "./structure.ts";

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

/** What a classifier was taken for. */
export interface Reading {
  /** What its outputs are; see {@link jointEnergy}. */
  readonly outputs: OutputName | "energy";
  /**
   * What it takes: "values" as they are, bytes standing for value/255; "bytes", 0 to 255 whatever the array, where its
   * first layer scales them down; "tokens", integers that are looked up, in which there is no gradient.
   */
  readonly inputs: InputName;
  /** For tokens, how many there are, where the model says. */
  readonly tokens?: number;
  /** The same in words. */
  readonly description: string;
}

/** A classifier as a function to logits, and what it was taken for. */
export interface Source {
  readonly shape: readonly number[];
  /** Outputs of the classifier, or logits where two labels are read off one output. */
  readonly outputs: number;
  readonly variables: readonly tf.Variable[];
  readonly reading: Reading;
  logits(batch: tf.Tensor): tf.Tensor2D;
}

/** The options that decide what a classifier is. */
export interface SourceOptions {
  readonly head: HeadName;
  readonly output?: OutputName;
  readonly shape?: readonly number[];
}

/** Returns a classifier of any kind as a function to logits. */
export function sourceOf(
  classifier: tf.LayersModel | tf.GraphModel | LogitFunction,
  options: SourceOptions,
): Source {
  if ("logits" in classifier) return ofFunction(classifier, options);
  if (isGraphModel(classifier)) return ofGraph(classifier, options);
  if ("layers" in classifier && "outputs" in classifier) return ofLayers(classifier, options);
  throw new ArgumentError(
    `the classifier is ${kindOf(classifier)}, expected a tf.LayersModel, a tf.GraphModel or { shape, labels, logits }`,
  );
}

function ofFunction(classifier: LogitFunction, options: SourceOptions): Source {
  const ending = { activation: "linear", place: "a function", known: false };
  const found = decide(ending, classifier.labels, options);
  return finish({ inputs: "values" }, found, "a function", classifier.labels, {
    shape: classifier.shape,
    variables: classifier.variables ?? [],
    logits: (batch) => classifier.logits(batch),
  });
}

function ofGraph(model: tf.GraphModel, options: SourceOptions): Source {
  const source = graphSource(model, options.shape);
  const found = decide(source.ending, source.outputs, options);
  return finish(source.first, found, "a graph model", source.outputs, {
    shape: source.shape,
    variables: [],
    logits: (batch) => source.read(batch, found.bare),
  });
}

function ofLayers(model: tf.LayersModel, options: SourceOptions): Source {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new ArgumentError(
      `the classifier has ${model.inputs.length} inputs and ${model.outputs.length} outputs, expected one of each`,
    );
  }
  refuseDilatedDepthwise(model);
  const outputs = labelsOf(model.outputs[0].shape);
  const ending = endingOf(model);
  const found = decide(ending, outputs, options);
  const { layer } = ending;
  const apply = (batch: tf.Tensor) => applyModel(model, batch) as tf.Tensor2D;
  return finish(firstLayerOf(model), found, "a model of layers", outputs, {
    shape: shapeOf(model.inputs[0].shape.slice(1), options.shape, "the classifier's input"),
    // A trainable weight is a LayerVariable around the tf.Variable that gradients are taken for.
    variables: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
    logits:
      found.bare && layer !== undefined ? (batch) => withoutActivation(layer, () => apply(batch)) : apply,
  });
}

/** tfjs's own error for a gradient of tokens is about types; this one names them. */
function ofTokens(batch: tf.Tensor, logits: Core["logits"]): tf.Tensor2D {
  const nothing = tf.customGrad((x) => ({
    value: tf.zeros([(x as tf.Tensor).shape[0], 1]),
    gradFunc: () => {
      throw new CapabilityError(
        "the model looks up tokens, which have no gradient; pass a model that takes the embeddings of the tokens",
      );
    },
  }));
  const tokens = tf.tensor(Int32Array.from(batch.dataSync()), batch.shape, "int32");
  return logits(tokens).add(nothing(batch)) as tf.Tensor2D;
}

/** tfjs's layer hands no dilation on to its kernel, so that its values are those of another model than was trained. */
function refuseDilatedDepthwise(model: tf.LayersModel): void {
  for (const layer of leavesOf(model)) {
    if (layer.getClassName() !== "DepthwiseConv2D") continue;
    const rates = [
      (layer.getConfig() as { dilationRate?: number | number[] | null }).dilationRate ?? 1,
    ].flat();
    if (rates.some((rate) => rate !== 1))
      throw new ArgumentError(
        `layer "${layer.name}" is a DepthwiseConv2D with the dilation rate ${rates.join(", ")}, which tfjs leaves out on every backend; make it a graph model`,
      );
  }
}

interface Decision {
  readonly outputs: OutputName | "energy";
  readonly ending: Ending;
  /** Whether what goes into the ending is read, and not what comes out of it. */
  readonly bare: boolean;
  /** Whether the numbers themselves are to be looked at, since the structure says nothing. */
  readonly suspect: boolean;
}

function decide(
  ending: Ending & { known: boolean },
  outputs: number,
  { head, output }: SourceOptions,
): Decision {
  if (head === "energy") return { outputs: "energy", ending, bare: false, suspect: false };
  const reading = head === "logits" || outputs > 1 ? readingOf(ending, outputs, output) : "logits";
  if (head !== "logits" && reading !== "logits")
    throw new ArgumentError(
      `the head "${head}" reads logits with a scalar beside them, but the classifier ends in ${ending.place}`,
    );
  return {
    outputs: reading,
    ending,
    bare: ending.activation !== "linear" && reading !== "logits",
    suspect: !ending.known && output === undefined,
  };
}

type Core = Pick<Source, "shape" | "variables"> & { logits(batch: tf.Tensor): tf.Tensor2D };

function finish(first: FirstLayer, found: Decision, kind: string, width: number, core: Core): Source {
  const { outputs } = found;
  const check = found.suspect ? suspicion() : undefined;
  return {
    ...core,
    outputs: outputs === "binary" ? 2 : width,
    reading: { ...first, outputs, description: describe(first, found, kind, width) },
    logits(batch) {
      const read = first.inputs === "tokens" ? ofTokens(batch, core.logits) : core.logits(batch);
      if (read.rank !== 2 || read.shape[1] !== width)
        throw new DimensionError(
          `the classifier gave shape [${read.shape.join(", ")}], expected [batch, ${width}]`,
        );
      check?.(read);
      return outputs === "energy" ? read : toLogits(read, outputs);
    },
  };
}

function describe(first: FirstLayer, { outputs, ending }: Decision, kind: string, width: number): string {
  const ends: Record<Decision["outputs"], string> = {
    logits: `${width} outputs as logits`,
    softmax: `${width} logits, what goes into ${ending.place}`,
    binary: `the logit of the second of two labels, ${ending.activation === "linear" ? "its output" : `what goes into ${ending.place}`}`,
    exclusive: `${width} logits of classes that exclude one another, what goes into ${ending.place}`,
    energy: "its output as an energy",
  };
  const takes: Record<InputName, string> = {
    values: "numbers themselves, bytes as value/255",
    bytes: "numbers from 0 to 255, which its first layer scales down",
    tokens: `integers that are looked up${first.tokens === undefined ? "" : `, 0 to ${first.tokens - 1}`}`,
  };
  return `${kind}: takes ${takes[first.inputs]}; read as ${ends[outputs]}`;
}
