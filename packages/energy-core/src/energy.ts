/**
 * What an energy is. Everything else in Basin is written against the contracts of this file.
 *
 * An energy is a function E: X → ℝ ∪ {+∞} that prefers low values; p(x) ∝ exp(−βE(x)). +∞ means "outside the support"
 * (probability zero) and is legal; −∞ and NaN never are. Each contract below adds the one capability that makes
 * a kind of state fast, and every task and sampler asks for the least it needs.
 */

/** The set of states X that an energy is defined on. */
export type Space = RealSpace | SpinSpace | JointSpace | TensorSpace;

/** ℝⁿ: a state is a `Float64Array` of `dimension` finite numbers. */
export interface RealSpace {
  readonly kind: "reals";
  readonly dimension: number;
}

/** {−1, +1}ⁿ: a state is an `Int8Array` of `dimension` entries, each −1 or +1. */
export interface SpinSpace {
  readonly kind: "spins";
  readonly dimension: number;
}

/** X × {0, …, labels − 1}: a state is a {@link Labeled} pair. */
export interface JointSpace {
  readonly kind: "joint";
  readonly input: Space;
  readonly labels: number;
}

/** Real tensors of one `shape` (without the batch axis); states live in batches `[batch, ...shape]`. */
export interface TensorSpace {
  readonly kind: "tensors";
  readonly shape: readonly number[];
}

/** An energy over states of type `X`. */
export interface Energy<X> {
  readonly space: Space;
  /**
   * Returns E(x), a finite number or +∞. Only differences between energies of the same object mean anything.
   *
   * @throws {DimensionError} when `x` does not lie in `space`.
   */
  energy(x: X): number;
}

/** An energy on ℝⁿ that knows its gradient. */
export interface DifferentiableEnergy extends Energy<Float64Array> {
  readonly space: RealSpace;
  /**
   * Writes ∇E(x) into `out` (length `space.dimension`) and returns E(x), in one pass and without allocating.
   * Where E(x) is +∞ the contents of `out` are unspecified.
   */
  energyAndGradient(x: Float64Array, out: Float64Array): number;
}

/** An energy on {−1, +1}ⁿ that can be walked one flip at a time. */
export interface SpinEnergy extends Energy<Int8Array> {
  readonly space: SpinSpace;
  /**
   * Returns a cursor over a private copy of `x`, with its local fields cached: O(n + interactions) once, so that
   * every later {@link SpinCursor.delta} costs O(1).
   */
  attach(x: Int8Array): SpinCursor;
}

/** A spin state with the caches that make the next flip cheap. */
export interface SpinCursor {
  /** The current state. Read it freely; change it only through {@link flip}. */
  readonly state: Int8Array;
  /** E(state), kept up to date by accumulated differences. */
  readonly energy: number;
  /** Returns E(state with spin i flipped) − E(state), in O(1) where the interactions allow. */
  delta(i: number): number;
  /** Writes every `delta(i)` into `out` (length n) and returns it. */
  deltas(out: Float64Array): Float64Array;
  /** Flips spin i and updates the caches. */
  flip(i: number): void;
}

/** An input together with a label: a state of a joint energy E(x, y). */
export interface Labeled<X> {
  readonly x: X;
  readonly y: number;
}

/** An energy E(x, y) over inputs and categorical labels, as a classifier defines one: E(x, y) = −f_y(x). */
export interface JointEnergy<X> extends Energy<Labeled<X>> {
  readonly space: JointSpace;
  /** Writes E(x, y) for every label y into `out` (length `space.labels`) in one pass and returns it. */
  energies(x: X, out: Float64Array): Float64Array;
}

/** An energy with parameters θ that training may change. */
export interface LearnableEnergy<X> extends Energy<X> {
  /** θ, live: whoever writes into it changes the energy (and may invalidate cursors taken before). */
  readonly parameters: Float64Array;
  /**
   * Adds `weight` · ∂E(x)/∂θ to `out` (length of `parameters`). The gradient of the negative log-likelihood is
   * E_data[∂E/∂θ] − E_model[∂E/∂θ]: data enter with weight +1/n, samples of the model with −1/m.
   */
  addParameterGradient(x: X, weight: number, out: Float64Array): void;
}

/**
 * Whether `energy` knows its gradient.
 *
 * @example
 * ```ts
 * import { isDifferentiable } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * console.log(isDifferentiable(gaussian({ dimension: 1 }) as never)); // true
 * ```
 */
export function isDifferentiable(energy: Energy<never>): energy is DifferentiableEnergy {
  return energy.space.kind === "reals" && "energyAndGradient" in energy;
}

/**
 * Whether `energy` hands out cursors.
 *
 * @example
 * ```ts
 * import { denseQuadratic, isSpinEnergy } from "@basin/energy-core";
 *
 * console.log(isSpinEnergy(denseQuadratic([[0, 1], [1, 0]]) as never)); // true
 * ```
 */
export function isSpinEnergy(energy: Energy<never>): energy is SpinEnergy {
  return energy.space.kind === "spins" && "attach" in energy;
}

/**
 * Whether `energy` gives the energies of all labels at once.
 *
 * @example
 * ```ts
 * import { isJoint, plainEnergy } from "@basin/energy-core";
 *
 * const space = { kind: "joint", input: { kind: "reals", dimension: 1 }, labels: 2 } as const;
 * console.log(isJoint(plainEnergy(space, ({ x, y }: { x: Float64Array; y: number }) => x[0] * y))); // false
 * ```
 */
export function isJoint<X>(energy: Energy<Labeled<X>>): energy is JointEnergy<X> {
  return energy.space.kind === "joint" && "energies" in energy;
}

/**
 * Whether `energy` has parameters to train.
 *
 * @example
 * ```ts
 * import { denseQuadratic, isLearnable } from "@basin/energy-core";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * console.log(isLearnable<Int8Array>(pair), pair.parameters.length); // true, 6
 * ```
 */
export function isLearnable<X>(energy: Energy<X>): energy is LearnableEnergy<X> {
  return "parameters" in energy && "addParameterGradient" in energy;
}
