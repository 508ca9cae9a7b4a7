import * as tf from "@tensorflow/tfjs";
import type { MixtureInfo, MixtureOptions } from "../combine/mixture.ts";
import { type Box, restrict as restrictVector } from "../combine/restrict.ts";
import type { TensorSpace } from "../energy.ts";
import {
  ArgumentError,
  CapabilityError,
  checkLength,
  checkNumber,
  DimensionError,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "../errors.ts";
import { freeEnergy } from "../gibbs.ts";
import { logSumExp } from "./smooth.ts";
import type { JointTensorEnergy, LearnableTensorEnergy, TensorEnergy } from "./tensor-energy.ts";

type Part = TensorEnergy & Partial<JointTensorEnergy & LearnableTensorEnergy>;

/**
 * Returns Σ_k w_k E_k, a product of experts, of energies over tensors of one shape. Labels are kept where all parts have the same
 * number, and variables where any part has some.
 *
 * @param weights w_k, at least 0. Default 1 each.
 * @throws {ArgumentError} for no parts or an illegal weight; {DimensionError} for parts over different shapes.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { sum, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1));
 * const tilt = tensorEnergy([2], (x) => x.sum(1));
 * console.log(sum([bowl, tilt], [1, 2]).energies(tf.tensor2d([[1, 2]])).dataSync()); // [11]
 * ```
 */
export function sum<E extends TensorEnergy>(energies: readonly E[], weights?: ArrayLike<number>): E {
  if (weights !== undefined) checkLength("weights", weights.length, energies.length);
  const w = energies.map((_, k) => checkNumber(`weight ${k}`, weights?.[k] ?? 1, { min: 0 }));
  // A weight of 0 leaves its part out, walls included: 0 · ∞ would be NaN.
  const kept = energies.filter((_, k) => w[k] > 0);
  const factors = w.filter((weight) => weight > 0);
  return combined("a sum", kept, (values) =>
    values.map((value, k) => value.mul(factors[k])).reduce((total, value) => total.add(value)),
  );
}

/**
 * Returns `factor` · E with every capability of E.
 *
 * @throws {ArgumentError} for a factor that is not a finite number above 0.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { scale, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([1], (x) => x.square().sum(1));
 * console.log(scale(bowl, 3).energies(tf.tensor2d([[2]])).dataSync()); // [12]
 * ```
 */
export function scale<E extends TensorEnergy>(energy: E, factor: number): E {
  checkNumber("factor", factor, { above: 0 });
  return combined("a scaled energy", [energy], ([value]) => value.mul(factor));
}

/**
 * Returns E + `constant` with every capability of E: the same distribution.
 *
 * @throws {ArgumentError} for a constant that is not finite.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { shift, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([1], (x) => x.square().sum(1));
 * console.log(shift(bowl, 10).energies(tf.tensor2d([[2]])).dataSync()); // [14]
 * ```
 */
export function shift<E extends TensorEnergy>(energy: E, constant: number): E {
  checkNumber("constant", constant);
  return combined("a shifted energy", [energy], ([value]) => value.add(constant));
}

/**
 * Returns −log Σ_k π_k exp(−E_k)/Z_k. The weights π are those of normalized parts only where every log Z_k is given, and `normalized` says
 * whether they are; without, each part counts with its own unknown Z.
 *
 * @throws {ArgumentError} for no parts or illegal weights; {DimensionError} for parts over different shapes.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { mixture, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const at = (center: number) => tensorEnergy([1], (x) => x.sub(center).square().sum(1).mul(0.5));
 * const both = mixture([at(-2), at(2)]);
 * console.log(both.normalized, both.energies(tf.tensor2d([[0]])).dataSync()); // false, [2]
 * ```
 */
export function mixture<E extends TensorEnergy>(
  energies: readonly E[],
  { weights, logPartitions }: MixtureOptions = {},
): E & MixtureInfo {
  if (weights !== undefined) checkLength("weights", weights.length, energies.length);
  if (logPartitions !== undefined) checkLength("logPartitions", logPartitions.length, energies.length);
  const w = energies.map((_, k) => checkNumber(`weight ${k}`, weights?.[k] ?? 1, { above: 0 }));
  const total = w.reduce((all, weight) => all + weight, 0);
  const offsets = w.map(
    (weight, k) => checkNumber(`logPartitions[${k}]`, logPartitions?.[k] ?? 0) - Math.log(weight / total),
  );
  const energy = combined("a mixture", energies, (values) =>
    logSumExp(tf.stack(values.map((value, k) => value.add(offsets[k]).neg())), 0).neg(),
  );
  return Object.assign(energy, { normalized: logPartitions !== undefined });
}

/**
 * Returns the free energy over labels, E_β(x) = −(1/β) log Σ_y exp(−βE(x, y)), with the variables of the joint energy.
 *
 * @throws {CapabilityError} when the energy is not over labels; {ArgumentError} for β = 0.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { jointTensorEnergy, marginalize } from "@basin/energy-core/tensor";
 *
 * const joint = jointTensorEnergy([1], 2, (x) => tf.concat([x, x.neg()], 1));
 * console.log(marginalize(joint, { temperature: 1 }).energies(tf.tensor2d([[0]])).dataSync()); // [−ln 2]
 * ```
 */
export function marginalize(energy: JointTensorEnergy, options: TemperatureOptions = {}): TensorEnergy {
  const { jointEnergies, variables } = energy as Part;
  if (jointEnergies === undefined) throw new CapabilityError("marginalize needs an energy over labels");
  freeEnergy([0], options);
  const beta = resolveInverseTemperature(options);
  const energies = (batch: tf.Tensor) =>
    tf.tidy(() => {
      const joint = energy.jointEnergies(batch);
      if (beta === Number.POSITIVE_INFINITY) return tf.min(joint, 1) as tf.Tensor1D;
      return logSumExp(joint.mul(-beta), 1).div(-beta) as tf.Tensor1D;
    });
  return { space: energy.space, energies, ...(variables && { variables }) } as TensorEnergy;
}

/** What a clamped energy adds. */
export interface ClampedTensors {
  /** Frees the copies of the held values; the energy cannot be used afterwards. */
  release(): void;
}

/**
 * Returns E with some coordinates held: where `known` is 1, a state counts with the value of `x` there, whatever it says itself. The states stay
 * whole tensors; {@link complete} puts the held values into them.
 *
 * @param x one state of the energy's shape, or a batch that the batches given later must match.
 * @param known 1 where a coordinate is held and 0 elsewhere; of the energy's shape.
 * @throws {DimensionError} for another shape of `x` or `known`.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { clamp, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1));
 * const held = clamp(bowl, tf.tensor1d([3, 0]), tf.tensor1d([1, 0]));
 * console.log(held.energies(tf.tensor2d([[9, 1]])).dataSync()); // [10]
 * ```
 */
export function clamp<E extends TensorEnergy>(energy: E, x: tf.Tensor, known: tf.Tensor): E & ClampedTensors {
  const { shape } = energy.space;
  const whole = x.shape.slice(-shape.length);
  if (String(whole) !== String(shape) || x.rank > shape.length + 1)
    throw new DimensionError(
      `x has shape [${x.shape.join(", ")}], expected [${shape.join(", ")}] or a batch of it`,
    );
  if (String(known.shape) !== String(shape))
    throw new DimensionError(`known has shape [${known.shape.join(", ")}], expected [${shape.join(", ")}]`);
  // Copies of their own: the caller may dispose of the arguments, and unknown entries may be NaN, which no product would remove.
  const mask = tf.keep(tf.tidy(() => known.toBool()));
  const held = tf.keep(tf.tidy(() => tf.where(mask, x, tf.zerosLike(x))));
  const unknown = tf.keep(tf.tidy(() => tf.scalar(1).sub(mask.toFloat())));
  const place = (batch: tf.Tensor) => batch.mul(unknown).add(held);
  const { jointEnergies } = energy as Part;
  return {
    ...energy,
    energies: (batch: tf.Tensor) => tf.tidy(() => energy.energies(place(batch))),
    ...(jointEnergies && {
      jointEnergies: (batch: tf.Tensor) => tf.tidy(() => jointEnergies(place(batch))),
    }),
    release: () => tf.dispose([mask, held, unknown]),
  };
}

/**
 * Returns E inside a closed box and +∞ outside, where the gradient is 0.
 *
 * @throws {ArgumentError} for an empty side; {DimensionError} for corners of the wrong length.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { restrict, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = tensorEnergy([1], (x) => x.square().sum(1));
 * console.log(restrict(bowl, { low: 0, high: 1 }).energies(tf.tensor2d([[0.5], [2]])).dataSync()); // [0.25, Infinity]
 * ```
 */
export function restrict<E extends TensorEnergy>(energy: E, box: Box): E {
  const { shape } = energy.space;
  const dimension = shape.reduce((product, length) => product * length, 1);
  // The corners are checked by the same rules as those of vectors.
  restrictVector({ space: { kind: "reals", dimension }, energy: () => 0 }, box);
  const corner = (values: Box["low"]): tf.Tensor =>
    tf.keep(typeof values === "number" ? tf.scalar(values) : tf.tensor(Array.from(values), [...shape]));
  const [low, high] = [corner(box.low), corner(box.high)];
  return combined("a restricted energy", [energy], ([value], batch) => {
    // Where the wall stands is a constant of the gradient, and comparisons have none in tfjs.
    const inside = tf.customGrad((x) => {
      const states = x as tf.Tensor;
      const within = states.greaterEqual(low).logicalAnd(states.lessEqual(high));
      const value = within.reshape([states.shape[0], -1]).all(1).toFloat();
      return { value, gradFunc: () => tf.zerosLike(states) };
    })(batch);
    const rows = inside.reshape([inside.shape[0] as number, ...value.shape.slice(1).map(() => 1)]);
    return tf.where(
      rows.toBool().broadcastTo(value.shape),
      value,
      tf.fill(value.shape, Number.POSITIVE_INFINITY),
    );
  });
}

function combined<E extends TensorEnergy>(
  what: string,
  parts: readonly E[],
  rule: (values: readonly tf.Tensor[], batch: tf.Tensor) => tf.Tensor,
): E {
  if (parts.length === 0) throw new ArgumentError(`${what} needs at least one part`);
  const { space } = parts[0];
  for (const [k, part] of parts.entries()) {
    if (String(part.space.shape) === String(space.shape)) continue;
    throw new DimensionError(`part ${k} of ${what} has shape ${text(part.space)}, part 0 ${text(space)}`);
  }
  const labels = (parts[0] as Part).labels;
  const joint = parts.every((part: Part) => part.jointEnergies !== undefined && part.labels === labels);
  const variables = [...new Set(parts.flatMap((part: Part) => part.variables ?? []))];
  return {
    space,
    energies: (batch: tf.Tensor) =>
      tf.tidy(() =>
        rule(
          parts.map((part) => part.energies(batch)),
          batch,
        ),
      ),
    ...(joint && {
      labels,
      jointEnergies: (batch: tf.Tensor) =>
        tf.tidy(() =>
          rule(
            parts.map((part: Part) => part.jointEnergies?.(batch) as tf.Tensor),
            batch,
          ),
        ),
    }),
    ...(variables.length > 0 && { variables }),
  } as unknown as E;
}

function text({ shape }: TensorSpace): string {
  return `[${shape.join(", ")}]`;
}
