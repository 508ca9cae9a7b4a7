import type { Rng } from "@basin/energy-core/random";
import type { StepInfo, TunedParameters } from "../kernel.ts";
import { givenState, type Initial } from "../run/initial.ts";

/** Returns the stream that a group of walkers draws from. */
export type Streams = (group: number) => Rng;

/**
 * States of one energy, kept where they move fast: in the memory of a compiled kernel, in the bits of a word, in a
 * batch of tensors, or in plain arrays. Walkers come in groups of equal size that share one β: walker w is number
 * `w % group` of group `⌊w / group⌋`. `can` holds what they can do besides moving.
 */
export interface Walkers<X, C extends Partial<WalkerMoves> = Partial<WalkerMoves>> {
  /** Number of walkers, a multiple of `group`. */
  readonly count: number;
  /** Walkers that share one β: 1 for one state at a time, the number of lanes, 128 for one bit each. */
  readonly group: number;
  /** What these walkers can do besides moving. A missing key is a missing capability. */
  readonly can: C;
  /**
   * Puts every walker at `initial`, or without it at a start drawn from the stream of its group. Later steps use the
   * same stream.
   */
  start(streams: Streams, initial?: Initial<X>): void;
  /** Takes `steps` kernel steps at one β, or at one β for each group; with `group`, only that group moves. */
  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void;
  /** Writes E of every walker, or of those of one group, at its place in `out` (length `count`) and returns `out`. */
  energies(out: Float64Array, group?: number): Float64Array;
  /** Returns a copy of the state of a walker, in `out` where it is given. */
  read(walker: number, out?: X): X;
  /** Replaces the state of a walker by a copy of `state`. */
  write(walker: number, state: X): void;
  /** Exchanges the states of two groups: of walkers r of both where `chosen[r]` is 1, of all without `chosen`. */
  exchange(a: number, b: number, chosen?: Uint8Array): void;
  /** Returns a copy of everything except the energy that the next step depends on. */
  save(): WalkersState;
  /**
   * Resumes from a saved state of equal walkers, with the same bits.
   *
   * @throws {ArgumentError} when it does not fit.
   */
  restore(saved: WalkersState): void;
  /** Frees memory that is not garbage-collected. The walkers must not be used afterwards. */
  dispose(): void;
}

/** All that the next step of walkers depends on, beside the energy; structured cloning takes it. */
export interface WalkersState {
  readonly bytes: readonly Uint8Array[];
  readonly numbers: readonly number[];
  /** What each walker's kernel has been tuned to; absent where nothing was tuned. */
  readonly tuned?: readonly (TunedParameters | undefined)[];
}

/** What some walkers can beside moving. */
export interface WalkerMoves {
  /**
   * Resolves when energies and magnetizations are here as the steps so far left them, and the state of a walker, or of
   * all, where it is asked for. Walkers that live on another device have it: loops wait for it before they ask for
   * energies, and for states before they read or save.
   */
  fetch(states?: number | "all"): Promise<void>;
  /** Takes a step at each β from `from` to before `to`, as annealing needs, in one call. */
  follow(inverseTemperatures: Float64Array, from: number, to: number, group?: number): void;
  /**
   * Moves a cluster between walkers 2p and 2p + 1 of a group, which keeps the sum of their energies (Houdayer 2001).
   */
  clusters(rng: Rng, group: number): void;
  /** Flips spins that lower the energy until no single flip does. */
  descend(group?: number): void;
  /** Writes Σ σ_i of every walker, counted in the kernel. */
  magnetizations(out: Float64Array): Float64Array;
  /**
   * Begins a warm-up of `steps` steps of each walker, during which the kernel adapts at its β. {@link settle} ends it.
   * At β = 0 nothing is adapted, because no step size is too large.
   */
  warmup(steps: number, inverseTemperatures: number | ArrayLike<number>): void;
  /**
   * Adapts the kernel in `steps` steps at one β, from copies of the walkers' states, sets all walkers to the result,
   * and returns it. States and streams of the walkers do not change.
   */
  tune(steps: number, inverseTemperature: number, rng: Rng): TunedParameters;
  /** Sets every walker to what {@link tune} returned. */
  adopt(tuned: TunedParameters): void;
  /** Fixes what the kernel tuned so far. Called once, between warm-up and measurement. */
  settle(): void;
  /** Throws {EnergyValueError} where the kernel follows a gradient that contradicts the energy at the first walker. */
  checkGradient(): void;
  /** Returns how many sites the steps since the last call attempted to change (clusters: changed). */
  takeUpdates(): number;
  /** Returns what the last step of a walker did; reused by the next. */
  info(walker: number): StepInfo;
  /**
   * Adds log p_to(x) − log p_from(x) of the unnormalized laws at two β to the number of every walker, or of those of
   * one group. Where it is missing the law is exp(−βE), and the difference −(to − from) E.
   */
  addLogRatios(out: Float64Array, from: number, to: number, group?: number): void;
}

/** How many walkers are wanted, and where they draw from. */
export interface WalkerOptions<X> {
  /** Groups of walkers. Default 1. */
  groups?: number;
  /** The stream of each group. */
  streams: Streams;
  /** Where walkers start. Default: as the energy's space and the kernel draw states. */
  initial?: Initial<X>;
}

/** A kernel that moves many states at once. */
export interface WalkerKernel<E, X, W extends Walkers<X> = Walkers<X>> {
  /** The name it is reported under. */
  readonly name: string;
  /** Walkers in a group. */
  readonly group: number;
  /** Returns walkers on an energy. */
  walkers(energy: E, options: WalkerOptions<X>): W | Promise<W>;
}

/** Returns the β of a group. */
export function groupTemperature(inverseTemperatures: number | ArrayLike<number>, group: number): number {
  return typeof inverseTemperatures === "number" ? inverseTemperatures : inverseTemperatures[group];
}

/** Returns the groups that a call is about: one, or all of them. */
export function groupsOf(
  walkers: Pick<Walkers<never>, "count" | "group">,
  group?: number,
): readonly [from: number, to: number] {
  const { count, group: size } = walkers;
  return group === undefined ? [0, count / size] : [group, group + 1];
}

/** Labels of streams that starts are drawn from, beyond those that kernels split off. */
const INITIAL = 2 ** 32;

/** Writes the given states over the drawn ones: what the `start` of engines ends with. */
export function writeInitial<X>(
  walkers: Walkers<X>,
  streams: Streams,
  initial: Initial<X> | undefined,
): void {
  for (let w = 0; w < walkers.count && initial !== undefined; w++)
    walkers.write(w, givenState(initial, streams(Math.floor(w / walkers.group)).split(INITIAL + w), w));
}
