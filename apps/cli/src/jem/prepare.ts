import type { JointModel, LabeledData } from "@basin/jem";
import type * as TF from "@tensorflow/tfjs";
import { InvalidArgumentError } from "commander";
import { dataOf, loadSplit, type Split, shapeOf } from "../options/labeled.ts";
import { loadOutliers } from "./outliers.ts";
import type { Plan } from "./plan.ts";

/** The parts of a run. */
export interface Parts extends Split {
  readonly data: LabeledData;
  readonly shape: readonly number[];
  readonly outliers?: Uint8Array | Float32Array;
  readonly model: JointModel;
  readonly shift: number;
  readonly batch: number;
}

const BATCH = 64;
const SMALLEST_SHIFTED = 16;

/** Loads the parts that a plan names. @throws for data, nets and outliers that do not fit. */
export async function prepare(plan: Plan): Promise<Parts> {
  const { jointEnergy } = await import("@basin/jem");
  const split = await loadSplit(plan.data, plan.labels);
  const shape = shapeOf(split.train);
  const labels = split.classNames.length;
  const { head, seed } = plan;
  const outputs = head === "logits" ? labels : labels + 1;
  const network = await networkOf(plan.arch, { shape, labels, outputs, seed });
  return {
    ...split,
    ...{ data: dataOf(split.train), shape },
    ...(plan.outliers !== undefined && { outliers: (await loadOutliers(plan.outliers, split.test)).data }),
    model: jointEnergy(network, { head }),
    batch: batchOf(plan, split.train.labels.length),
    shift: shiftOf(plan, shape),
  };
}

function batchOf({ batch, data }: Plan, count: number): number {
  if (batch !== undefined && batch > count)
    throw new InvalidArgumentError(
      `--batch is ${batch}, but ${data} leaves ${count} images to train on, expected at most that many`,
    );
  return batch ?? Math.min(BATCH, count - (count % 2));
}

function shiftOf({ shift, data }: Plan, shape: readonly number[]): number {
  const [height, width = 1] = shape;
  const most = Math.min(height, width) - 1;
  if (shift !== undefined && shift > most)
    throw new InvalidArgumentError(
      `--shift is ${shift}, but ${data} has images of ${shape.join(" × ")}, expected at most ${Math.max(0, most)}`,
    );
  return shift ?? defaultShift(shape);
}

/** Shifts by a pixel need images of at least this size; in smaller ones a pixel is a large part of the image. */
function defaultShift(shape: readonly number[]): number {
  const [height, width] = shape;
  return shape.length >= 2 && Math.min(height, width) >= SMALLEST_SHIFTED ? 1 : 0;
}

interface NetworkShape {
  readonly shape: readonly number[];
  readonly labels: number;
  /** One per class, and one more if the head reads a shared scalar. */
  readonly outputs: number;
  readonly seed: number;
}

/** Returns a new net: "mlp", "cnn", or the result of the default export of a module, which gets tfjs and the shapes. */
async function networkOf(name: string, net: NetworkShape): Promise<TF.LayersModel> {
  const { convolutionalNetwork, denseNetwork } = await import("@basin/jem");
  const { shape, outputs, seed } = net;
  if (name === "mlp") return denseNetwork(shape, { outputs, seed });
  if (name === "cnn") return convolutionalNetwork(shape, { outputs, seed });
  if (!/\.[cm]?[jt]s$/.test(name))
    throw new InvalidArgumentError(`unknown architecture "${name}"; known: mlp, cnn, or a .ts or .js file`);
  const refuse = (error: unknown, what: string) =>
    new InvalidArgumentError(`${what}: ${error instanceof Error ? error.message : error}`);
  const { moduleUrl } = await import("../modules/user-module.ts");
  const module: { default?: unknown } = await import(moduleUrl(name)).catch((error) => {
    throw refuse(error, `${name} cannot be loaded`);
  });
  if (typeof module.default !== "function")
    throw new InvalidArgumentError(
      `${name} has no default export (tf, { shape, labels, outputs, seed }) => tf.LayersModel`,
    );
  const make = module.default as (...given: unknown[]) => TF.LayersModel | Promise<TF.LayersModel>;
  const tf = await import("@tensorflow/tfjs");
  const built = await (async () => make(tf, net))().catch((error) => {
    throw refuse(error, `the default export of ${name} threw`);
  });
  if (typeof built?.predict !== "function")
    throw new InvalidArgumentError(`the default export of ${name} did not return a tf.LayersModel`);
  checkShapes(name, built, net);
  return built;
}

function checkShapes(name: string, net: TF.LayersModel, { shape, labels, outputs }: NetworkShape): void {
  const [input, output] = [net.inputs, net.outputs].map(([{ shape: axes }]) => axes.slice(1));
  const text = (axes: readonly (number | null)[]) => `[${axes.map((axis) => axis ?? "any").join(", ")}]`;
  const sizeOf = (axes: readonly (number | null)[]) => axes.reduce<number>((a, b) => a * (b ?? 1), 1);
  // jointEnergy refuses nets with several inputs or outputs, or with an axis without a length.
  if (input.every((axis) => axis !== null) && sizeOf(input) !== sizeOf(shape))
    throw new InvalidArgumentError(
      `the net of ${name} takes inputs of shape ${text(input)}, expected ${text(shape)} or [${sizeOf(shape)}]`,
    );
  if (output.length !== 1 || output[0] !== outputs)
    throw new InvalidArgumentError(
      `the net of ${name} gives outputs of shape ${text(output)}, expected [${outputs}]: one for each of ${labels} classes` +
        (outputs > labels ? ", and the scalar that they share" : ""),
    );
}
