import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkName, checkOptions, seedOf, spread } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import type { RunOptions } from "@basin/energy-core/run";
import { normalTensor, uniformTensor } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { type Inputs, openInputs, refuseTokens, rowsAtOnce, type ShapedInputs, sizeOf } from "../inputs.ts";
import { checkLabels } from "../labels.ts";
import type { JointModel } from "../model/contract.ts";
import { oneHot } from "../model/one-hot.ts";
import { largestOf } from "../outliers/softmax.ts";
import { checkNumbers } from "../score/check.ts";

/** Norms whose balls {@link attack} searches. */
export const normNames = ["l2", "linf"] as const;
export type NormName = (typeof normNames)[number];

/** Options of {@link attack}; `onProgress` counts batches of 250 inputs. */
export interface AttackOptions extends RunOptions {
  /** Default "linf". */
  norm?: NormName;
  /** Radius ε of the ball around each input, above 0. Default 0.1. */
  radius?: number;
  /** Gradient steps of a restart. Default 20. */
  steps?: number;
  /** Length of a step. Default 2.5 ε / steps. */
  stepSize?: number;
  /**
   * Number of starts, from random points of the maximum-norm ball or of the surface of the Euclidean ball. An input
   * counts as robust only if it withstands all. Default 3.
   */
  restarts?: number;
  /** Inputs stay in [low, high]. Default [0, 1]. */
  box?: readonly [low: number, high: number];
  /** Default: drawn, and reported in the result. */
  seed?: number;
}

/** What an attack found. */
export interface AttackReport {
  /** Share of inputs classified rightly as they are, and after the attack. */
  readonly accuracy: number;
  readonly robustAccuracy: number;
  /**
   * For each input, row-major: the first misclassified input that was found, otherwise the last one tried; the input
   * itself if it was misclassified at the start.
   */
  readonly inputs: Float32Array;
  readonly norm: NormName;
  readonly radius: number;
  /** The seed used. */
  readonly seed: number;
}

/**
 * Resolves to the share of inputs that withstand an attack: a search in a ball around each input for a misclassified
 * one, by projected gradient ascent of −log p(y|x) from random starts (Madry et al. 2018). The result is an upper bound
 * of the accuracy in the ball, because a stronger attack may find more.
 *
 * @param inputs row-major `[count, size]`; bytes stand for value/255.
 * @throws {ArgumentError} for options or labels out of range, no inputs, and an input outside the box; {DimensionError}
 * when labels and inputs do not match.
 *
 * @example
 * ```ts
 * import { attack, jointEnergy } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 2 })] });
 * const report = await attack(jointEnergy(net), Float32Array.of(0.2, 0.8), [1], { norm: "l2", radius: 0.05 });
 * console.log(report.accuracy >= report.robustAccuracy); // true
 * ```
 */
export async function attack(
  model: JointModel,
  inputs: Inputs | ShapedInputs,
  labels: ArrayLike<number>,
  options: AttackOptions = {},
): Promise<AttackReport> {
  checkOptions("attack", options, "norm radius steps stepSize restarts box seed signal onProgress");
  const norm = checkName("norm", options.norm ?? "linf", normNames);
  const radius = checkNumber("radius", options.radius ?? 0.1, { above: 0 });
  const steps = checkNumber("steps", options.steps ?? 20, { min: 1, integer: true });
  const search = {
    norm,
    radius,
    steps,
    stepSize: checkNumber("stepSize", options.stepSize ?? (2.5 * radius) / steps, { above: 0 }),
    restarts: checkNumber("restarts", options.restarts ?? 3, { min: 1, integer: true }),
    box: options.box ?? ([0, 1] as const),
    seed: seedOf(options),
  };
  const size = sizeOf(model.space.shape);
  refuseTokens(model, "attack");
  const rows = openInputs(model, inputs);
  const { count } = rows;
  if (count === 0) throw new ArgumentError("there are no inputs, expected at least one");
  checkLabels(labels, model.labels, count);
  const most = rowsAtOnce(model, BATCH, true);
  const here = (k: number) => {
    const from = k * most;
    const to = Math.min(count, from + most);
    const batch = rows.read(from, to);
    checkBox(batch, search.box, size, from);
    const part = Int32Array.from({ length: to - from }, (_, i) => labels[from + i]);
    return attackBatch(model, batch, part, { ...search, seed: search.seed + from });
  };
  const { signal, onProgress } = options;
  const parts = await spread(Math.ceil(count / most), { here }, { signal, onProgress });
  const worst = new Float32Array(count * size);
  for (const [k, part] of parts.entries()) worst.set(part.worst, k * most * size);
  const share = (name: "hits" | "robust") => parts.reduce((sum, part) => sum + part[name], 0) / count;
  return {
    accuracy: share("hits"),
    robustAccuracy: share("robust"),
    inputs: worst,
    norm,
    radius,
    seed: search.seed,
  };
}

/** The ball is cut by the box, so an input outside would be moved into it before the attack begins. */
function checkBox(
  rows: Float32Array,
  [low, high]: readonly [number, number],
  size: number,
  first: number,
): void {
  const bad = rows.findIndex((value) => !(value >= low && value <= high));
  if (bad >= 0) {
    throw new ArgumentError(
      `input ${first + Math.floor(bad / size)} holds ${rows[bad]} at ${bad % size}, expected numbers in the box [${low}, ${high}]`,
    );
  }
}

const BATCH = 250;

type Search = Required<Omit<AttackOptions, keyof RunOptions>>;

function attackBatch(model: JointModel, batch: Float32Array, labels: Int32Array, search: Search) {
  const shape = [labels.length, ...model.space.shape];
  const rng = createRng(search.seed);
  const worst = batch.slice();
  let [hits, robust] = [0, 0];
  tf.tidy(() => {
    const center = tf.tensor(batch, shape);
    const hot = oneHot(labels, model.labels);
    const right = (x: tf.Tensor): ArrayLike<number> => {
      const logits = model.logits(x).dataSync() as Float32Array;
      checkNumbers(model, logits, { what: "a logit", width: model.labels, forbidden: Infinity });
      return largestOf({ data: logits, count: logits.length / model.labels, width: model.labels }).map(
        (label, i) => (label === labels[i] ? 1 : 0),
      );
    };
    const before = right(center);
    const standing = Uint8Array.from(before);
    const size = batch.length / labels.length;
    for (let restart = 0; restart < search.restarts; restart++) {
      tf.tidy(() => {
        const end = ascend(model, center, hot, search, rng);
        const values = end.dataSync();
        const still = right(end);
        for (let i = 0; i < labels.length; i++) {
          // Keep the first failure; while there is none, the latest try.
          if (standing[i]) worst.set(values.subarray(i * size, (i + 1) * size), i * size);
          if (!still[i]) standing[i] = 0;
        }
      });
    }
    const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
    [hits, robust] = [sum(before), sum(standing)];
  });
  return { worst, hits, robust };
}

function ascend(
  model: JointModel,
  center: tf.Tensor,
  hot: tf.Tensor,
  { norm, radius, steps, stepSize, box }: Search,
  rng: ReturnType<typeof createRng>,
): tf.Tensor {
  const loss = (x: tf.Tensor): tf.Tensor => {
    const logits = model.logits(x);
    return tf.logSumExp(logits, 1).sub(logits.mul(hot).sum(1)).sum();
  };
  const gradient = tf.grad(loss);
  const project = (x: tf.Tensor): tf.Tensor => {
    const offset = x.sub(center);
    const inside =
      norm === "linf"
        ? offset.clipByValue(-radius, radius)
        : offset.mul(tf.minimum(1, tf.scalar(radius).div(lengths(offset))));
    return center.add(inside).clipByValue(box[0], box[1]);
  };
  const start =
    norm === "linf"
      ? uniformTensor(rng, center.shape, -radius, radius)
      : inBall(normalTensor(rng, center.shape), radius);
  let x = project(center.add(start));
  for (let k = 0; k < steps; k++) {
    const slope = gradient(x);
    const way = norm === "linf" ? tf.sign(slope) : slope.div(lengths(slope));
    x = project(x.add(way.mul(stepSize)));
  }
  return x;
}

/** Euclidean length of each row, with axes of one kept, never 0. */
function lengths(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.slice(1).map((_, axis) => axis + 1);
  return x.square().sum(axes, true).sqrt().maximum(1e-12);
}

/** Directions to points of the ball: on its surface, where most of its volume is in many dimensions. */
function inBall(directions: tf.Tensor, radius: number): tf.Tensor {
  return directions.div(lengths(directions)).mul(radius);
}
