/**
 * What an energy is. Everything else in Basin is written against the contracts of this file and of space.ts.
 *
 * An energy is a function E: X → ℝ ∪ {+∞}; low values are preferred: p(x) ∝ exp(−βE(x)). +∞ means "outside the support"
 * (probability zero) and is legal; −∞ and NaN are not. The record {@link Energy.can} holds the capabilities of an
 * energy beyond its value. Code asks for a capability by name; a missing key is a missing capability.
 */

import { CapabilityError, checkKind } from "./errors.ts";
import type { Space } from "./space.ts";

/** An energy over states of type `X` with the capabilities `C`. */
export interface Energy<X, C extends object = Partials<X>> {
  readonly space: Space<X>;
  /**
   * Returns E(x), a finite number or +∞. Only differences between energies of the same object mean anything.
   *
   * @throws {DimensionError} when `x` does not lie in `space`.
   */
  energy(x: X): number;
  /** What this energy can do beyond its value. A capability that it lacks is a missing key. */
  readonly can: C;
  /** Why a combined energy lacks a capability, by name. */
  readonly lacking?: Lacking;
  /**
   * Returns what is the first to give NaN at a state where the energy or its gradient is NaN, for messages; a formula
   * names an operation and its line.
   */
  firstNaN?(x: X): string | undefined;
}

/** The capabilities that Basin knows. Every combinator defines what happens to each. */
export interface Capabilities<X> {
  /**
   * For states that are real vectors: writes ∇E(x) into `out` and returns E(x), in one pass and without allocation.
   * Where E(x) is +∞ the contents of `out` are unspecified.
   */
  gradient(x: X, out: Float64Array): number;
  /**
   * For discrete states: returns a cursor over a private copy of `x`. It caches what the next moves need, so every
   * later {@link Cursor.delta} is cheap.
   */
  moves(x: X): Cursor<X>;
  /** For states that are an input with a label: E(x, y) for all labels y at once. */
  labels: Labels<X extends Labeled<infer I> ? I : never>;
  /** Parameters that training may change. */
  parameters: Parameters<X>;
  /** For spins with pair interactions only: returns the current couplings and thresholds, for specialized code. */
  quadratic(): Quadratic;
  /**
   * Many states at once, in arrays such as tensors. This is the fast path of neural energies; a single state is a batch
   * of one.
   */
  batch: Batch;
}

/** Name of a capability. */
export type CapabilityName = keyof Capabilities<unknown>;

/** Capabilities that may each be absent: those of an energy in general. */
export type Partials<X> = { readonly [K in CapabilityName]?: Capabilities<X>[K] };

/** The capabilities `K` of an energy over `X`. */
export type Can<X, K extends CapabilityName> = { readonly [N in K]: Capabilities<X>[N] };

/** Why a capability is absent, by name, for the error message. */
export type Lacking = { readonly [K in CapabilityName]?: string };

/** The gradient of an energy on ℝⁿ, as {@link Capabilities.gradient}. */
export type Gradient = Capabilities<Float64Array>["gradient"];

/** A discrete state with the caches that make the next move cheap. Moves are numbered as `space.moves` numbers them. */
export interface Cursor<X> {
  /** The current state. Read it freely; change it only through {@link apply}. */
  readonly state: X;
  /** E(state), kept up to date by accumulated differences. */
  readonly energy: number;
  /** Returns E(state after the move) − E(state), in O(1) where the interactions allow. */
  delta(move: number): number;
  /** Writes every `delta(move)` into `out` (one entry for each move) and returns it. */
  deltas(out: Float64Array): Float64Array;
  /** Makes a move and updates the caches. */
  apply(move: number): void;
}

/** An input together with a label: a state of a joint energy E(x, y). */
export interface Labeled<X> {
  readonly x: X;
  readonly y: number;
}

/**
 * The energies of all labels of an input, as a classifier defines them: E(x, y) = −f_y(x). `D` are the capabilities
 * that every function of an input has.
 */
export interface Labels<X, D extends object = Partials<X>> {
  /** The space of the inputs. */
  readonly input: Space<X, D>;
  /** Number of labels. */
  readonly count: number;
  /** Writes E(x, y) for every label y into `out` (length `count`) in one pass and returns it. */
  energies(x: X, out: Float64Array): Float64Array;
}

/** Parameters θ that training may change. */
export interface Parameters<X> {
  /** θ, live: writing into it changes the energy and may invalidate existing cursors. */
  readonly values: Float64Array;
  /**
   * Adds `weight` · ∂E(x)/∂θ to `out` (length of `values`). The gradient of the negative log-likelihood is
   * E_data[∂E/∂θ] − E_model[∂E/∂θ]: data enter with weight +1/n, samples of the model with −1/m.
   */
  addGradient(x: X, weight: number, out: Float64Array): void;
}

/** E(s) = −Σ_⟨ij⟩ J_ij s_i s_j + Σ_i θ_i s_i + offset over s ∈ {−1, +1}ⁿ. */
export interface Quadratic {
  /** Pairs [i, j, J_ij] in any order; the values of a repeated pair add up. */
  readonly couplings: Iterable<readonly [i: number, j: number, value: number]>;
  /** θ, length n. */
  readonly thresholds: Float64Array;
  readonly offset: number;
}

/** Energies of many states at once, in arrays of type `T`. */
export interface Batch<T = unknown> {
  /** Shape of one state, without the axis of the batch. */
  readonly shape: readonly number[];
  /** The arithmetic of the arrays. */
  readonly arrays: Arrays<T>;
  /**
   * Returns E of each state of `[batch, ...shape]` as `[batch]`; for states with a label E(x, y) for every label,
   * `[batch, labels]`. Can be differentiated by the library of the arrays. The caller disposes of the result.
   */
  energies(states: T): T;
  /** What training may change. */
  readonly variables: readonly T[];
}

/** What combinators do with arrays, so that they need no library of tensors. Results are new arrays. */
export interface Arrays<T> {
  /** Returns what `compute` returns and frees every other array that it made. */
  tidy(compute: () => T): T;
  /** Returns Σ_k w_k v_k + constant. */
  linear(values: readonly T[], weights: ArrayLike<number>, constant: number): T;
  /** Returns −log Σ_k exp(−v_k − o_k). */
  softMinimum(values: readonly T[], offsets: ArrayLike<number>): T;
  /** Returns −(1/β) log Σ exp(−βv) over the last axis; the least at β = +∞. */
  freeEnergy(values: T, inverseTemperature: number): T;
  /**
   * Returns `values` (one entry or one row for each state) with +∞ for states outside the box. The gradient is 0 there.
   */
  restrict(values: T, states: T, low: Float64Array, high: Float64Array): T;
  /** Returns the functions of single states that evaluate batches of one and read them at once. */
  single(batch: Batch<T>): { energy(x: Float64Array): number; readonly can: Partials<Float64Array> };
}

/** An energy on ℝⁿ with a gradient. */
export type DifferentiableEnergy = Energy<Float64Array, Can<Float64Array, "gradient">>;

/** An energy on {−1, +1}ⁿ with cursors; move i flips spin i. */
export type SpinEnergy = Energy<Int8Array, Can<Int8Array, "moves">>;

/** An energy on {−1, +1}ⁿ with pair interactions only. */
export type QuadraticEnergy = Energy<Int8Array, Can<Int8Array, "quadratic">>;

/** An energy E(x, y) over inputs and categorical labels. */
export type JointEnergy<X> = Energy<Labeled<X>, Can<Labeled<X>, "labels">>;

/** An energy with parameters θ that training may change. */
export type LearnableEnergy<X> = Energy<X, Can<X, "parameters">>;

const WANTED: { readonly [K in CapabilityName]: string } = {
  gradient: "an energy with a gradient",
  moves: "an energy with moves",
  labels: "an energy over inputs and labels",
  parameters: "an energy with parameters",
  quadratic: "an energy of spins that interact in pairs alone",
  batch: "an energy of batches",
};

/**
 * Returns the capability `name` of `energy`.
 *
 * @param asker what needs it, for the message.
 *
 * @example
 * ```ts
 * import { plainEnergy, reals, requireCapability } from "@basin/energy-core";
 *
 * const rough = plainEnergy(reals(1), (x) => Math.abs(x[0]));
 * try {
 *   requireCapability(rough, "gradient", "descent");
 * } catch (error) {
 *   console.log(String(error)); // CapabilityError: descent needs an energy with a gradient; this one, over 1 reals, has none
 * }
 * ```
 *
 * @throws {CapabilityError} naming `asker`, the capability and, for a combined energy, the part that lacks it.
 */
export function requireCapability<X, K extends CapabilityName>(
  energy: Energy<X>,
  name: K,
  asker: string,
): Capabilities<X>[K] {
  checkIsEnergy(energy, asker);
  const capability: Partials<X>[K] = energy.can[name];
  if (capability !== undefined) return capability as Capabilities<X>[K];
  const why = energy.lacking?.[name] ?? `this one, over ${energy.space.name}, has none`;
  throw new CapabilityError(`${asker} needs ${WANTED[name]}; ${why}`);
}

/** @throws {ArgumentError} for a value that is no energy, naming `asker` and what makes one of it. */
export function checkIsEnergy(energy: unknown, asker: string): void {
  const { space, can, energy: value } = (energy ?? {}) as Partial<Energy<unknown>>;
  if (typeof space === "object" && typeof can === "object" && typeof value === "function") return;
  const advice = typeof energy === "function" ? " (plainEnergy makes one of a function)" : "";
  checkKind(`what ${asker} is given`, energy, false, `an energy: { space, energy, can }${advice}`);
}
