import * as tf from "@tensorflow/tfjs";
import { checkOptions } from "../check-options.ts";
import { ArgumentError, checkName, checkNumber, DimensionError } from "../errors.ts";
import { createRng, type Rng } from "../random/rng.ts";
import { seedOf } from "../random/seed.ts";
import type { Certificate } from "../tasks/certificate.ts";
import { normalTensor } from "./fill.ts";
import { hold } from "./hold.ts";
import { batchEnergies } from "./judge.ts";
import { descendBatch } from "./minimize.ts";
import { type BatchEnergy, checkBatch } from "./tensor-energy.ts";

/** The limits of descents on batches. */
export interface BatchDescentOptions {
  /** Iterations at most, each one gradient of the batch. Default 200. */
  maxIterations?: number;
  /**
   * Converged when a projected gradient step moves no coordinate by more than this. Default 1e-4, for 32-bit floats.
   */
  tolerance?: number;
}

/** What a descent of a batch resolves to. */
export interface BatchStates {
  /** `[batch, ...shape]`; the caller disposes of it. */
  readonly states: tf.Tensor;
  /** E of each state. */
  readonly energies: Float32Array;
  /** Which states ended by themselves rather than by `maxIterations`. */
  readonly converged: readonly boolean[];
  /** Distance of each state from where it started: Euclidean, or the largest difference for `"linf"`. */
  readonly distances: Float32Array;
  readonly certificate: Certificate;
}

/** The options of {@link correctBatch}. */
export interface BatchCorrectOptions extends BatchDescentOptions {
  /** ε ≥ 0, the radius of each state's ball. Required. */
  radius: number;
  /** Norm of the ball: `"l2"` (default) or `"linf"`. */
  norm?: "l2" | "linf";
}

/**
 * Resolves to x* = argmin E(x′) over the ball ‖x′ − x‖ ≤ ε around each state x of a batch, by projected descent
 * (`"local"`). No state ends above where it began.
 *
 * @throws {ArgumentError} for options out of range; {EnergyValueError} for NaN, −∞ and gradients that are not finite.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { correctBatch, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1));
 * const { states } = await correctBatch(bowl, tf.tensor2d([[3, 4]]), { radius: 1 });
 * console.log(states.dataSync()); // [2.4, 3.2]
 * ```
 */
export async function correctBatch(
  energy: BatchEnergy,
  batch: tf.Tensor,
  options: BatchCorrectOptions,
): Promise<BatchStates> {
  checkOptions("correctBatch", options, "radius norm maxIterations tolerance");
  const radius = checkNumber("radius", options.radius, { min: 0 });
  const norm = checkName("norm", options.norm ?? "l2", ["l2", "linf"]);
  return descended(energy, batch, options, norm, (x) => {
    const move = x.sub(batch);
    if (norm === "linf") return batch.add(move.clipByValue(-radius, radius));
    const lengths = perState(move, (flat) => flat.norm("euclidean", 1, true));
    return batch.add(move.mul(tf.minimum(1, tf.scalar(radius).div(lengths.maximum(1e-30)))));
  });
}

/**
 * Resolves to the attractor that each state of a batch descends to, the memory that a cue recalls (`"local"`).
 *
 * @throws {ArgumentError} for options out of range; {EnergyValueError} for NaN, −∞ and gradients that are not finite.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { recallBatch, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const wells = tensorEnergy([1], (x) => x.square().sub(1).square().sum(1));
 * const { states } = await recallBatch(wells, tf.tensor2d([[0.3], [-2]]));
 * console.log(states.dataSync()); // about [1, −1]
 * ```
 */
export function recallBatch(
  energy: BatchEnergy,
  batch: tf.Tensor,
  options: BatchDescentOptions = {},
): Promise<BatchStates> {
  checkOptions("recallBatch", options, "maxIterations tolerance");
  return descended(energy, batch, options, "l2", (x) => x);
}

/** A sampler of tensor batches as @basin/samplers/tensor has them, by shape. */
export interface BatchSampler {
  run(energy: BatchEnergy, start: tf.Tensor, rng: Rng): tf.Tensor;
}

/** The capability of an energy with its own code for the steps of a sampler on batches, with coordinates held. */
export interface CanDrawHeld {
  /**
   * Returns where the sampler leads from `start` with the coordinates held that are 1 in `known`, or undefined where
   * this code cannot take its steps. The caller disposes of the result.
   */
  drawHeld(sampler: BatchSampler, start: tf.Tensor, known: tf.Tensor, rng: Rng): tf.Tensor | undefined;
}

/** The options of {@link completeBatch}. */
export interface BatchCompleteOptions extends BatchDescentOptions {
  /** 1 where a coordinate is known, 0 elsewhere; of the shape of one state. Required. */
  known: tf.Tensor;
  /** Draws the unknown part with this sampler instead of minimizing. */
  sampler?: BatchSampler;
  /** Seed of the draws and of unknown entries that are NaN. Default: drawn, and reported in the result. */
  seed?: number;
  /** Standard deviation of the random starts of unknown entries that are NaN. Default 1. */
  spread?: number;
}

/**
 * Resolves to the states of lowest energy that agree with the known coordinates of a batch, by descent from the unknown
 * ones' values (`"local"`); with a `sampler` the unknown part is drawn instead (`"drawn"`). Known coordinates keep
 * their bits. An unknown entry that is NaN starts from a normal draw.
 *
 * @throws {DimensionError} for a mask of another shape; {ArgumentError} when a known coordinate is not finite.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { completeBatch, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const pair = tensorEnergy([2], (x) => x.slice([0, 0], [-1, 1]).sub(x.slice([0, 1], [-1, 1])).square().sum(1));
 * const { states } = await completeBatch(pair, tf.tensor2d([[3, NaN]]), { known: tf.tensor1d([1, 0]) });
 * console.log(states.dataSync()); // about [3, 3]
 * ```
 */
export async function completeBatch(
  energy: BatchEnergy,
  batch: tf.Tensor,
  options: BatchCompleteOptions,
): Promise<BatchStates & { readonly seed: number }> {
  checkOptions("completeBatch", options, "known sampler seed spread maxIterations tolerance");
  checkBatch(energy.can.batch.shape, batch);
  const { known, sampler } = options;
  if (String(known.shape) !== String(energy.can.batch.shape)) {
    throw new DimensionError(
      `known has shape [${known.shape.join(", ")}], expected [${energy.can.batch.shape.join(", ")}]`,
    );
  }
  await refuseUnfinished(batch, known);
  const seed = seedOf(options);
  const rng = createRng(seed);
  const start = tf.tidy(() =>
    tf.where(batch.isNaN(), normalTensor(rng, batch.shape, options.spread ?? 1), batch),
  );
  const held = hold(energy, start, known);
  const put = (x: tf.Tensor) => tf.tidy(() => tf.where(known.toBool().broadcastTo(x.shape), start, x));
  try {
    if (sampler === undefined) return { ...(await descended(held, start, options, "l2", put)), seed };
    const own = (energy.can as Partial<CanDrawHeld>).drawHeld?.(sampler, start, known, rng);
    const drawn = own ?? sampler.run(held, start, rng);
    const states = put(drawn);
    drawn.dispose();
    return {
      states,
      energies: await batchEnergies(energy, states),
      converged: new Array<boolean>(batch.shape[0]).fill(true),
      distances: await distances(states, start, "l2"),
      certificate: "drawn",
      seed,
    };
  } finally {
    start.dispose();
    held.release();
  }
}

async function descended(
  energy: BatchEnergy,
  batch: tf.Tensor,
  { maxIterations = 200, tolerance = 1e-4 }: BatchDescentOptions,
  norm: "l2" | "linf",
  project: (x: tf.Tensor) => tf.Tensor,
): Promise<BatchStates> {
  checkBatch(energy.can.batch.shape, batch);
  checkNumber("maxIterations", maxIterations, { min: 1, integer: true });
  checkNumber("tolerance", tolerance, { min: 0 });
  const found = await descendBatch(energy, batch, project, { maxIterations, tolerance });
  return { ...found, distances: await distances(found.states, batch, norm), certificate: "local" };
}

async function distances(a: tf.Tensor, b: tf.Tensor, norm: "l2" | "linf"): Promise<Float32Array> {
  const lengths = tf.tidy(() =>
    perState(a.sub(b), (flat) => (norm === "l2" ? flat.norm("euclidean", 1) : flat.abs().max(1))).flatten(),
  );
  const values = (await lengths.data()) as Float32Array;
  lengths.dispose();
  return values;
}

/** One number a state, shaped so that it multiplies whole states. */
function perState(x: tf.Tensor, measure: (flat: tf.Tensor) => tf.Tensor): tf.Tensor {
  return measure(x.reshape([x.shape[0], -1])).reshape([x.shape[0], ...x.shape.slice(1).map(() => 1)]);
}

async function refuseUnfinished(batch: tf.Tensor, known: tf.Tensor): Promise<void> {
  const [values, mask] = await Promise.all([batch.data(), known.data()]);
  const bad = Array.from(values).findIndex(
    (value, i) => mask[i % mask.length] !== 0 && !Number.isFinite(value),
  );
  if (bad >= 0) {
    throw new ArgumentError(
      `known coordinate ${bad % mask.length} of state ${Math.floor(bad / mask.length)} is ${values[bad]}, expected a finite number`,
    );
  }
}
