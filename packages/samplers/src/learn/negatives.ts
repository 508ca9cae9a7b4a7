import { type Can, checkNumber, type Energy } from "@basin/energy-core";
import {
  checkOptions,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import type { Kernel, MoveKernel } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import type { WalkerKernel, Walkers } from "../walkers/walkers.ts";
import { ReplayBuffer } from "./replay-buffer.ts";

/** The negative phase of the gradient: the source of model samples during training. */
export interface NegativePhase<E, X> {
  /** The name it is reported under. */
  readonly name: string;
  /**
   * Returns copies of model samples at the current parameters, as many as `positives`, or a promise of them for a
   * kernel of walkers.
   */
  draw(energy: E, positives: readonly X[], rng: Rng): X[] | Promise<X[]>;
  /** Copies of the chains, for checkpoints and inspection, if the phase keeps chains. */
  states?(): X[];
  /** Puts the chains at copies of `states`. */
  restore?(states: readonly X[]): void;
}

/** States that can be copied: typed arrays. */
export interface Copyable<X> {
  slice(): X;
}

/** An energy over discrete states `X`: what a kernel of moves is bound to. */
type MoveEnergy<X> = Energy<X, Can<X, "moves">>;

/** A kernel for one state or a kernel of walkers. */
type AnyKernel<E, X> = Kernel<E, X> | WalkerKernel<E, X>;

/** Options of every negative phase. */
export interface NegativeOptions extends TemperatureOptions {
  /** Kernel steps from where a chain starts to the sample. Default 1. */
  steps?: number;
}

/**
 * Returns CD-k: chains start at the positives themselves and run `steps` kernel steps (Hinton 2002). It is cheap and
 * has low variance, but is biased: it never raises the energy of regions that no k-step chain from the data reaches.
 *
 * @example
 * ```ts
 * import { heatBath } from "@basin/samplers";
 * import { contrastiveDivergence } from "@basin/samplers/learn";
 *
 * console.log(contrastiveDivergence(heatBath(), { steps: 5 }).name); // CD-5
 * ```
 */
export function contrastiveDivergence<X extends Copyable<X>>(
  kernel: MoveKernel,
  options?: NegativeOptions,
): NegativePhase<MoveEnergy<X>, X>;
export function contrastiveDivergence<E, X extends Copyable<X>>(
  kernel: AnyKernel<E, X>,
  options?: NegativeOptions,
): NegativePhase<E, X>;
export function contrastiveDivergence<E, X extends Copyable<X>>(
  kernel: AnyKernel<E, X>,
  options: NegativeOptions = {},
): NegativePhase<E, X> {
  checkOptions("contrastiveDivergence", options, "steps inverseTemperature temperature");
  const run = chainRunner(kernel, options);
  return {
    name: `CD-${run.steps}`,
    draw: (energy, positives, rng) => run.advance(energy, positives, rng),
  };
}

/** Options of {@link persistentChains}. */
export interface PersistentOptions<X> extends NegativeOptions {
  /** Number of chains. Default: as many as the first batch has positives. */
  chains?: number;
  /** Where chain k starts. Default: at the k-th positive of the first batch. */
  initial?: (rng: Rng, chain: number) => X;
}

/** A negative phase that remembers its chains. */
export interface PersistentPhase<E, X> extends NegativePhase<E, X> {
  states(): X[];
  restore(states: readonly X[]): void;
}

/**
 * Returns persistent contrastive divergence: chains continue from the last update (Younes 1999; Tieleman 2008), so they
 * follow the model if it changes slowly. Every draw returns all chains.
 *
 * @example
 * ```ts
 * import { heatBath } from "@basin/samplers";
 * import { persistentChains } from "@basin/samplers/learn";
 *
 * console.log(persistentChains(heatBath(), { chains: 100 }).name); // PCD-1
 * ```
 */
export function persistentChains<X extends Copyable<X>>(
  kernel: MoveKernel,
  options?: PersistentOptions<X>,
): PersistentPhase<MoveEnergy<X>, X>;
export function persistentChains<E, X extends Copyable<X>>(
  kernel: AnyKernel<E, X>,
  options?: PersistentOptions<X>,
): PersistentPhase<E, X>;
export function persistentChains<E, X extends Copyable<X>>(
  kernel: AnyKernel<E, X>,
  options: PersistentOptions<X> = {},
): PersistentPhase<E, X> {
  checkOptions("persistentChains", options, "chains initial inverseTemperature temperature steps");
  const run = chainRunner(kernel, options);
  const { initial } = options;
  const count = options.chains;
  if (count !== undefined) checkNumber("chains", count, { min: 1, integer: true });
  let chains: X[] = [];
  const copies = () => chains.map((state) => state.slice());
  const start = (positives: readonly X[], rng: Rng) =>
    Array.from({ length: count ?? positives.length }, (_, k) =>
      initial === undefined ? positives[k % positives.length].slice() : initial(rng, k),
    );
  return {
    name: `PCD-${run.steps}`,
    draw(energy, positives, rng) {
      if (chains.length === 0) chains = start(positives, rng);
      return after(run.advance(energy, chains, rng), (ends) => {
        chains = ends;
        return copies();
      });
    },
    states: copies,
    restore: (states) => {
      chains = states.map((state) => state.slice());
    },
  };
}

/** Options of {@link replayBuffer}. */
export interface ReplayOptions<X> extends NegativeOptions {
  /** Returns a fresh start, usually noise. */
  fresh: (rng: Rng) => X;
  /** Number of states in the buffer. Default 10 000 (Du & Mordatch 2019; Grathwohl et al. 2020). */
  capacity?: number;
  /** Probability that a chain restarts instead of continuing from the buffer, in [0, 1]. Default 0.05. */
  restartProbability?: number;
}

/**
 * Returns a replay buffer: each negative starts at a random state of the buffer, or restarts with some probability,
 * runs `steps` kernel steps and returns to its place (Du & Mordatch 2019). The first draw fills the buffer with new
 * states.
 *
 * @example
 * ```ts
 * import { ula } from "@basin/samplers";
 * import { replayBuffer } from "@basin/samplers/learn";
 *
 * const negatives = replayBuffer(ula({ stepSize: 0.1 }), { fresh: (rng) => Float64Array.of(rng.normal()), capacity: 500, steps: 20 });
 * console.log(negatives.name); // replay buffer of 500, 20 steps
 * ```
 */
export function replayBuffer<X extends StateArray & Copyable<X>>(
  kernel: MoveKernel,
  options: ReplayOptions<X>,
): PersistentPhase<MoveEnergy<X>, X>;
export function replayBuffer<E, X extends StateArray & Copyable<X>>(
  kernel: AnyKernel<E, X>,
  options: ReplayOptions<X>,
): PersistentPhase<E, X>;
export function replayBuffer<E, X extends StateArray & Copyable<X>>(
  kernel: AnyKernel<E, X>,
  options: ReplayOptions<X>,
): PersistentPhase<E, X> {
  checkOptions(
    "replayBuffer",
    options,
    "fresh capacity restartProbability inverseTemperature temperature steps",
  );
  const run = chainRunner(kernel, options);
  const { fresh, restartProbability } = options;
  const capacity = checkNumber("capacity", options.capacity ?? 10_000, { min: 1, integer: true });
  let buffer: ReplayBuffer<X> | undefined;
  const open = (like: X, rng: Rng) =>
    new ReplayBuffer(
      join([like], capacity),
      like.length,
      (own, out) => out.set(fresh(own)),
      rng,
      restartProbability,
    );
  return {
    name: `replay buffer of ${capacity}, ${run.steps} steps`,
    draw(energy, positives, rng) {
      buffer ??= open(positives[0], rng);
      const opened = buffer;
      const starts = join(positives);
      const places = opened.draw(rng, starts);
      return after(run.advance(energy, apart(starts, opened.size), rng), (ends) => {
        opened.put(places, join(ends));
        return ends;
      });
    },
    states: () => (buffer === undefined ? [] : apart(buffer.states, buffer.size)),
    restore: (states) => {
      buffer = states.length === 0 ? undefined : open(states[0], createRng(0));
      buffer?.states.set(join(states));
    },
  };
}

/** Returns states one after the other in an array like theirs, with room for `count` of them. */
function join<X extends StateArray>(states: readonly X[], count = states.length): X {
  const [first] = states;
  const { length } = first;
  const all = new (first.constructor as new (length: number) => X)(count * length);
  for (const [k, state] of states.entries()) all.set(state, k * length);
  return all;
}

function apart<X extends StateArray & Copyable<X>>(all: X, size: number): X[] {
  return Array.from({ length: all.length / size }, (_, k) => all.slice(k * size, (k + 1) * size) as X);
}

interface ChainRunner<E, X> {
  readonly steps: number;
  advance(energy: E, starts: readonly X[], rng: Rng): X[] | Promise<X[]>;
}

function chainRunner<E, X extends Copyable<X>>(
  kernel: AnyKernel<E, X>,
  options: NegativeOptions,
): ChainRunner<E, X> {
  const steps = checkNumber("steps", options.steps ?? 1, { min: 1, integer: true });
  const inverseTemperature = resolveInverseTemperature(options);
  // Bound anew at every draw: whatever a kernel caches of the parameters is out of date after an update.
  if ("walkers" in kernel) {
    const advance = async (energy: E, starts: readonly X[], rng: Rng) => {
      const walkers = await walkersAt(kernel, energy, starts, rng);
      walkers.step(steps, inverseTemperature);
      const ends = starts.map((_, w) => walkers.read(w));
      walkers.dispose();
      return ends;
    };
    return { steps, advance };
  }
  return {
    steps,
    advance(energy, starts, rng) {
      const bound = kernel.bind(energy);
      return starts.map((start) => {
        const state = bound.init(start);
        for (let k = 0; k < steps; k++) bound.step(rng, state, inverseTemperature);
        return state.position.slice();
      });
    },
  };
}

/** Returns walkers at given states, made up to whole groups, with streams of their own. */
export async function walkersAt<E, X>(
  kernel: WalkerKernel<E, X>,
  energy: E,
  starts: readonly X[],
  rng: Rng,
): Promise<Walkers<X>> {
  const root = createRng((rng.uint32() >>> 11) * 2 ** 32 + rng.uint32());
  return kernel.walkers(energy, {
    groups: Math.ceil(starts.length / kernel.group),
    streams: (group) => root.split(group),
    initial: (_, w) => starts[w % starts.length],
  });
}

/** Goes on with what is there, or with what will be. */
function after<A, B>(value: A | Promise<A>, next: (value: A) => B): B | Promise<B> {
  return isLater(value) ? value.then(next) : next(value);
}

function isLater<A>(value: A | Promise<A>): value is Promise<A> {
  return typeof value === "object" && value !== null && "then" in value;
}
