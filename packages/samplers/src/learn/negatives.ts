import {
  type Can,
  checkNumber,
  checkOptions,
  type Energy,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import type { Kernel, MoveKernel } from "../kernel.ts";

/** Where the samples of the model come from while it is trained: the negative phase of the gradient. */
export interface NegativePhase<E, X> {
  /** The name it is reported under. */
  readonly name: string;
  /** Returns fresh copies of model samples, as many as there are `positives`, for the parameters as they stand. */
  draw(energy: E, positives: readonly X[], rng: Rng): X[];
}

/** States that can be copied: typed arrays. */
export interface Copyable<X> {
  slice(): X;
}

/** An energy over discrete states `X`: what a kernel of moves is bound to. */
type MoveEnergy<X> = Energy<X, Can<X, "moves">>;

/** Options of every negative phase. */
export interface NegativeOptions extends TemperatureOptions {
  /** Kernel steps from where a chain starts to the sample. Default 1. */
  steps?: number;
}

/**
 * Returns CD-k: chains start at the positives themselves and run `steps` kernel steps (Hinton 2002). Cheap and of low variance, but
 * biased: regions that no k-step chain from the data reaches are never raised.
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
  kernel: Kernel<E, X>,
  options?: NegativeOptions,
): NegativePhase<E, X>;
export function contrastiveDivergence<E, X extends Copyable<X>>(
  kernel: Kernel<E, X>,
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
  /** Where the chains stand: copies, for checkpoints and for looking at. */
  states(): X[];
  /** Puts the chains at copies of `states`. */
  restore(states: readonly X[]): void;
}

/**
 * Returns persistent contrastive divergence: chains go on from where the last update left them (Younes 1999; Tieleman 2008), so
 * that they follow the model when it changes slowly. Every draw returns all chains.
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
  kernel: Kernel<E, X>,
  options?: PersistentOptions<X>,
): PersistentPhase<E, X>;
export function persistentChains<E, X extends Copyable<X>>(
  kernel: Kernel<E, X>,
  options: PersistentOptions<X> = {},
): PersistentPhase<E, X> {
  checkOptions("persistentChains", options, "chains initial inverseTemperature temperature steps");
  const run = chainRunner(kernel, options);
  const { initial } = options;
  const count = options.chains;
  if (count !== undefined) checkNumber("chains", count, { min: 1, integer: true });
  let chains: X[] = [];
  const start = (positives: readonly X[], rng: Rng) =>
    Array.from({ length: count ?? positives.length }, (_, k) =>
      initial === undefined ? positives[k % positives.length].slice() : initial(rng, k),
    );
  return {
    name: `PCD-${run.steps}`,
    draw(energy, positives, rng) {
      if (chains.length === 0) chains = start(positives, rng);
      chains = run.advance(energy, chains, rng);
      return chains.map((state) => state.slice());
    },
    states: () => chains.map((state) => state.slice()),
    restore: (states) => {
      chains = states.map((state) => state.slice());
    },
  };
}

/** Options of {@link replayBuffer}. */
export interface ReplayOptions<X> extends NegativeOptions {
  /** Returns a fresh start, usually noise. */
  fresh: (rng: Rng) => X;
  /** States kept. Default 10 000. */
  size?: number;
  /** Probability that a chain starts fresh instead of from the buffer, in [0, 1]. Default 0.05. */
  restart?: number;
}

/**
 * Returns a replay buffer: each negative starts at a random state of the buffer, or with probability `restart` fresh, runs `steps`
 * kernel steps and is put back in its place (Du & Mordatch 2019). The buffer begins empty of history: all fresh.
 *
 * @example
 * ```ts
 * import { ula } from "@basin/samplers";
 * import { replayBuffer } from "@basin/samplers/learn";
 *
 * const negatives = replayBuffer(ula({ stepSize: 0.1 }), { fresh: (rng) => Float64Array.of(rng.normal()), size: 500, steps: 20 });
 * console.log(negatives.name); // replay buffer of 500, 20 steps
 * ```
 */
export function replayBuffer<X extends Copyable<X>>(
  kernel: MoveKernel,
  options: ReplayOptions<X>,
): PersistentPhase<MoveEnergy<X>, X>;
export function replayBuffer<E, X extends Copyable<X>>(
  kernel: Kernel<E, X>,
  options: ReplayOptions<X>,
): PersistentPhase<E, X>;
export function replayBuffer<E, X extends Copyable<X>>(
  kernel: Kernel<E, X>,
  options: ReplayOptions<X>,
): PersistentPhase<E, X> {
  checkOptions("replayBuffer", options, "fresh size restart inverseTemperature temperature steps");
  const run = chainRunner(kernel, options);
  const size = checkNumber("size", options.size ?? 10_000, { min: 1, integer: true });
  const restart = checkNumber("restart", options.restart ?? 0.05, { min: 0, max: 1 });
  let buffer: (X | undefined)[] = new Array(size);
  return {
    name: `replay buffer of ${size}, ${run.steps} steps`,
    draw(energy, positives, rng) {
      const slots = positives.map(() => rng.index(size));
      const starts = slots.map((slot) => {
        const kept = buffer[slot];
        return kept === undefined || rng.bernoulli(restart) ? options.fresh(rng) : kept;
      });
      const samples = run.advance(energy, starts, rng);
      for (const [k, slot] of slots.entries()) buffer[slot] = samples[k].slice();
      return samples;
    },
    states: () => buffer.flatMap((state) => (state === undefined ? [] : [state.slice()])),
    restore: (states) => {
      const kept = states.slice(0, size).map((state) => state.slice());
      buffer = Array.from({ length: size }, (_, k) => kept[k]);
    },
  };
}

interface ChainRunner<E, X> {
  readonly steps: number;
  advance(energy: E, starts: readonly X[], rng: Rng): X[];
}

function chainRunner<E, X extends Copyable<X>>(
  kernel: Kernel<E, X>,
  options: NegativeOptions,
): ChainRunner<E, X> {
  const steps = checkNumber("steps", options.steps ?? 1, { min: 1, integer: true });
  const inverseTemperature = resolveInverseTemperature(options);
  return {
    steps,
    advance(energy, starts, rng) {
      // Bound anew: whatever a kernel caches of the parameters is out of date after an update.
      const bound = kernel.bind(energy);
      return starts.map((start) => {
        const state = bound.init(start);
        for (let k = 0; k < steps; k++) bound.step(rng, state, inverseTemperature);
        return state.position.slice();
      });
    },
  };
}
