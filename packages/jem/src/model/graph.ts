import { ArgumentError, DimensionError } from "@basin/energy-core";
import { mendBackend } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Ending } from "./outputs.ts";
import type { FirstLayer } from "./structure.ts";

/** A node of a graph, as `model.json` describes it. */
interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, { list?: { s?: readonly string[] } }>>;
}

/** A tf.GraphModel as a function of a batch, and what its structure says of it. */
export interface GraphSource {
  readonly shape: readonly number[];
  readonly outputs: number;
  readonly first: FirstLayer;
  readonly ending: Ending & { readonly known: boolean };
  /** Returns the outputs, or what goes into the function that squeezes them. */
  read(batch: tf.Tensor, bare: boolean): tf.Tensor2D;
}

/**
 * Whether a classifier is a tf.GraphModel, which is what Keras and TensorFlow models are converted to unless asked
 * otherwise.
 */
export function isGraphModel(model: object): model is tf.GraphModel {
  return "execute" in model && "inputNodes" in model;
}

const SQUEEZING: Readonly<Record<string, string>> = {
  Softmax: "softmax",
  LogSoftmax: "logSoftmax",
  Sigmoid: "sigmoid",
  Tanh: "tanh",
};
const HANDED_ON = /^(Identity|IdentityN|Reshape|Squeeze|Snapshot|StopGradient)$/;
/** Nodes after which numbers are of any size. */
const UNBOUNDED = /^(_Fused)?(MatMul|BatchMatMulV?2?|Conv2D|BiasAdd|AddV2|Add|Einsum)$/;

/**
 * Returns a tf.GraphModel of one input and one output, read at the node that goes into its final softmax or sigmoid
 * where it has one.
 *
 * @param shape of one input, where the model leaves it open.
 * @throws {ArgumentError} for several inputs or outputs, and for control flow, which needs `executeAsync`.
 */
export function graphSource(model: tf.GraphModel, shape: readonly number[] | undefined): GraphSource {
  const { inputs, outputNodes } = model;
  if (inputs.length !== 1 || outputNodes.length !== 1)
    throw new ArgumentError(
      `the graph model has the inputs ${model.inputNodes.join(", ")} and the outputs ${outputNodes.join(", ")}, expected one of each: ` +
        "give { shape, labels, logits: (batch) => model.execute(batch, NODE) } with the node of the logits",
    );
  const [{ dtype, name: input, shape: stated }] = inputs;
  const own = shapeOf(stated?.slice(1), shape, "the graph model's input");
  const nodes = new Map((topologyOf(model).node ?? []).map((node) => [node.name, node]));
  const end = endOf(nodes, outputNodes[0]);
  const run = (batch: tf.Tensor, node: string) => {
    mendBackend();
    const fed = dtype === "int32" ? batch.toInt() : batch;
    return tf.tidy(() => model.execute(fed, node)) as tf.Tensor2D;
  };
  const outputs = tf.tidy(() => labelsOf(run(tf.zeros([1, ...own]), outputNodes[0]).shape));
  return {
    shape: own,
    outputs,
    first: { inputs: isLookedUp(nodes, input) || dtype === "int32" ? "tokens" : "values" },
    ending: end,
    read(batch, bare) {
      const result = run(batch, bare ? end.before : outputNodes[0]);
      return result.rank === 2 ? result : (result.reshape([batch.shape[0], -1]) as tf.Tensor2D);
    },
  };
}

/** What a model was loaded from, which tfjs keeps private. */
function topologyOf(model: tf.GraphModel): { node?: readonly GraphNode[] } {
  return Reflect.get(model, "artifacts").modelTopology;
}

/** @throws {DimensionError} for an output that is not `[batch, labels]`. */
export function labelsOf(shape: readonly (number | null)[]): number {
  const labels = shape[1];
  if (shape.length === 2 && labels !== null) return labels;
  throw new DimensionError(`the classifier gives shape [${shape.join(", ")}], expected [batch, labels]`);
}

/** Returns the shape of one input: what the model states, open axes taken from what was given. */
export function shapeOf(
  stated: readonly (number | null)[] | undefined,
  given: readonly number[] | undefined,
  what: string,
): readonly number[] {
  const open = (length: number | null) => length === null || length < 0;
  const known = stated ?? given?.map(() => null);
  const fits = given?.length === known?.length && known?.every((n, k) => open(n) || n === given?.[k]);
  if (known === undefined || (given === undefined && known.some(open)))
    throw new DimensionError(
      `${what} has shape [batch, ${known?.map((n) => (open(n) ? "?" : n)).join(", ") ?? "…"}]: axis ${1 + (known?.findIndex(open) ?? 0)} has no fixed length; give { shape } of one input`,
    );
  if (given === undefined) return known as readonly number[];
  if (fits) return given;
  throw new DimensionError(
    `shape is [${given.join(", ")}], but ${what} has shape [batch, ${known.map((n) => (open(n) ? "?" : n)).join(", ")}]`,
  );
}

/** What a graph ends in, and the node before that. */
function endOf(
  nodes: ReadonlyMap<string, GraphNode>,
  output: string,
): GraphSource["ending"] & { before: string } {
  let name = output;
  for (;;) {
    const node = nodes.get(bareName(name));
    const input = node?.input?.[0];
    const place = (activation: string) => `the ${activation} of node "${node?.name}"`;
    const fused = node?.attr?.fused_ops?.list?.s?.map((op) => atob(op)).at(-1);
    const squeeze = SQUEEZING[node?.op ?? ""];
    if (node !== undefined && squeeze !== undefined)
      return { activation: squeeze, place: place(squeeze), before: input as string, known: true };
    if (node !== undefined && fused !== undefined && fused in SQUEEZING)
      return {
        activation: SQUEEZING[fused],
        place: place(SQUEEZING[fused]),
        mixedBy: "the node that it is fused into",
        before: output,
        known: true,
      };
    if (node === undefined || input === undefined || !HANDED_ON.test(node.op)) {
      const known = node !== undefined && UNBOUNDED.test(node.op);
      return { activation: "linear", place: "its last node", before: output, known };
    }
    name = input;
  }
}

function bareName(input: string): string {
  return input.replace(/^\^/, "").replace(/:\d+$/, "");
}

/** Whether the input, handed on as it is, is what rows of a table are gathered by. */
function isLookedUp(nodes: ReadonlyMap<string, GraphNode>, input: string): boolean {
  const same = new Set([bareName(input)]);
  for (const { name, op, input: from = [] } of nodes.values()) {
    if (/^(Identity|Cast)$/.test(op) && same.has(bareName(from[0]))) same.add(name);
    if (/^(Gather|GatherV2|ResourceGather)$/.test(op) && same.has(bareName(from[1]))) return true;
  }
  return false;
}

declare function atob(base64: string): string;
