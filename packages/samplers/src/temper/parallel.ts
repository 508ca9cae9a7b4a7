import { ArgumentError, checkNumber, type Energy } from "@basin/energy-core";
import { createRng, exp, type Rng } from "@basin/energy-core/random";
import { type AbortSignalLike, throwIfAborted, yieldToEvents } from "@basin/energy-core/run";
import type { BoundKernel, Kernel, KernelState, StepInfo } from "../kernel.ts";
import type { ChainDraws, Draws, StateArray } from "../run/draws.ts";
import { type Initial, initialState } from "../run/initial.ts";

/** Options of {@link parallelTempering}. */
export interface ParallelTemperingOptions<X extends StateArray> {
  /** Seed of all randomness. */
  seed: number;
  /** β of the levels, ascending; the draws are those of the last. Give the extremes alone with `levels` to have the rest placed. */
  inverseTemperatures: readonly number[];
  /** Number of levels, when `inverseTemperatures` holds the two extremes only: geometric at first (linear from β = 0). */
  levels?: number;
  /** Independent ensembles, each a chain of the result. Default 2. */
  chains?: number;
  /** Rounds before the first draw. Default 1000. */
  warmup?: number;
  /** Draws a chain. Default 1000. */
  draws?: number;
  /** Rounds from one draw to the next. Default 1. */
  thin?: number;
  /** Whether warm-up moves the inner levels until all swaps are refused equally often. Default true. */
  adapt?: boolean;
  /** Where every level starts. */
  initial?: Initial<X>;
  /** Stops the run: the promise rejects with the signal's reason. */
  signal?: AbortSignalLike;
}

/** Draws at the last level, and how the levels exchanged. */
export interface TemperedDraws<X extends StateArray> extends Draws<X> {
  /** β of the levels as they were used after warm-up, for each chain. */
  readonly ladders: readonly (readonly number[])[];
  /** Share of swaps refused between neighboring levels, for each chain. */
  readonly rejections: readonly (readonly number[])[];
  /** Journeys of a state from the first level to the last and back, for each chain. None in a long run: add levels. */
  readonly roundTrips: readonly number[];
}

/** One temperature with its own kernel and the state that stands there now. */
export interface Level<X, S extends KernelState<X>> {
  inverseTemperature: number;
  readonly bound: BoundKernel<X, S>;
  state: S;
  /** Which of the traveling states it is. */
  traveler: number;
}

/**
 * Makes one round: a kernel step at every level, then swaps of the pairs (parity, parity + 1), (parity + 2, parity + 3) …, each with
 * probability min(1, exp((β_i − β_j)(E_i − E_j))). Alternating parities make the swaps non-reversible, which carries states
 * through the ladder faster (Okabe et al. 2001; Syed et al. 2022). Writes 1 − probability of each pair into `refused`.
 */
export function temperingRound<X, S extends KernelState<X>>(
  levels: readonly Level<X, S>[],
  parity: 0 | 1,
  rng: Rng,
  refused: Float64Array,
): StepInfo {
  let info: StepInfo = { acceptanceProbability: 1, diverged: false };
  for (const level of levels) info = level.bound.step(rng, level.state, level.inverseTemperature);
  for (let i: number = parity; i + 1 < levels.length; i += 2) {
    const [low, high] = [levels[i], levels[i + 1]];
    const gain = (low.inverseTemperature - high.inverseTemperature) * (low.state.energy - high.state.energy);
    const probability = gain >= 0 ? 1 : exp(gain);
    refused[i] = 1 - probability;
    if (!rng.bernoulli(probability)) continue;
    [low.state, high.state] = [high.state, low.state];
    [low.traveler, high.traveler] = [high.traveler, low.traveler];
  }
  return info;
}

/**
 * Returns draws from exp(−βE) at the last, coldest level of a ladder of temperatures whose states change places
 * (Geyer 1991; Hukushima & Nemoto 1996): the hot levels cross barriers, the cold one takes what they find.
 * Written once for every kernel and energy over vectors.
 *
 * @throws {ArgumentError} for a ladder that does not rise, and options out of range.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { heatBath } from "@basin/samplers";
 * import { parallelTempering } from "@basin/samplers/temper";
 *
 * const pair = denseQuadratic([[0, 4], [4, 0]]);
 * const options = { seed: 1, inverseTemperatures: [0, 1], levels: 4 };
 * console.log((await parallelTempering(pair, heatBath(), options)).roundTrips);
 * ```
 */
export async function parallelTempering<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  C extends object,
>(
  energy: Energy<X, C>,
  kernel: Kernel<NoInfer<Energy<X, C>>, NoInfer<X>, S, I>,
  options: ParallelTemperingOptions<NoInfer<X>>,
): Promise<TemperedDraws<X>> {
  const { space } = energy;
  const ladder = planLadder(options);
  const plan = {
    chains: checkNumber("chains", options.chains ?? 2, { min: 1, integer: true }),
    warmup: checkNumber("warmup", options.warmup ?? 1000, { min: 0, integer: true }),
    draws: checkNumber("draws", options.draws ?? 1000, { min: 1, integer: true }),
    thin: checkNumber("thin", options.thin ?? 1, { min: 1, integer: true }),
  };
  const root = createRng(options.seed);
  const ensembles: Ensemble<X, S>[] = [];
  for (let c = 0; c < plan.chains; c++) {
    const ensemble = new Ensemble<X, S>(
      energy,
      () => kernel.bind(energy),
      ladder,
      options.initial,
      root.split(c),
      c,
    );
    await ensemble.run(plan, options.adapt ?? true, options.signal);
    ensembles.push(ensemble);
  }
  return {
    kernel: `parallel tempering of ${kernel.name}`,
    seed: options.seed,
    inverseTemperature: ladder[ladder.length - 1],
    dimension: space.dimension,
    draws: plan.draws,
    thin: plan.thin,
    names: Array.from({ length: space.dimension }, (_, i) => `x[${i}]`),
    chains: ensembles.map((ensemble) => ensemble.result()),
    ladders: ensembles.map((ensemble) => ensemble.ladder),
    rejections: ensembles.map((ensemble) => ensemble.rejections),
    roundTrips: ensembles.map((ensemble) => ensemble.roundTrips),
  };
}

function planLadder({
  inverseTemperatures,
  levels,
}: {
  inverseTemperatures: readonly number[];
  levels?: number;
}): number[] {
  for (const [i, beta] of inverseTemperatures.entries()) {
    checkNumber(`inverseTemperatures[${i}]`, beta, { min: 0 });
    if (i > 0 && beta <= inverseTemperatures[i - 1]) {
      throw new ArgumentError(
        `inverseTemperatures must rise, but ${beta} follows ${inverseTemperatures[i - 1]}`,
      );
    }
  }
  if (inverseTemperatures.length < 2)
    throw new ArgumentError("inverseTemperatures needs at least two values");
  if (levels === undefined) return [...inverseTemperatures];
  if (inverseTemperatures.length !== 2)
    throw new ArgumentError("levels goes with the two extreme inverseTemperatures alone");
  checkNumber("levels", levels, { min: 2, integer: true });
  const [low, high] = inverseTemperatures;
  return Array.from({ length: levels }, (_, i) => {
    const t = i / (levels - 1);
    return low === 0 ? t * high : i === levels - 1 ? high : low * (high / low) ** t;
  });
}

class Ensemble<X extends StateArray, S extends KernelState<X>> {
  readonly #levels: Level<X, S>[];
  readonly #rng: Rng;
  readonly #refused: Float64Array;
  readonly #refusals: Float64Array;
  readonly #direction: Int8Array;
  #rounds = 0;
  #counted = 0;
  #positions!: X;
  #stats: Record<string, Float64Array> = {};
  roundTrips = 0;

  constructor(
    energy: Energy<X>,
    bind: () => BoundKernel<X, S>,
    ladder: readonly number[],
    initial: Initial<X> | undefined,
    rng: Rng,
    chain: number,
  ) {
    this.#rng = rng;
    this.#levels = ladder.map((inverseTemperature, traveler) => {
      const bound = bind();
      return {
        inverseTemperature,
        bound,
        traveler,
        state: initialState(energy, bound, initial, rng.split(traveler), chain),
      };
    });
    this.#refused = new Float64Array(ladder.length - 1);
    this.#refusals = new Float64Array(ladder.length - 1);
    // 0: not yet at an end; −1: last at the hot end; 1: at the cold end after the hot one.
    this.#direction = new Int8Array(ladder.length);
  }

  get ladder(): number[] {
    return this.#levels.map(({ inverseTemperature }) => inverseTemperature);
  }

  get rejections(): number[] {
    return Array.from(this.#refusals, (sum) => (2 * sum) / Math.max(1, this.#counted));
  }

  async run(
    plan: { warmup: number; draws: number; thin: number },
    adapt: boolean,
    signal: AbortSignalLike | undefined,
  ): Promise<void> {
    await this.#warmUp(plan.warmup, adapt, signal);
    const cold = this.#levels[this.#levels.length - 1];
    const { length } = cold.state.position;
    this.#positions = new (cold.state.position.constructor as new (n: number) => X)(plan.draws * length);
    const names = ["energy", "acceptanceProbability", "diverged"];
    this.#stats = Object.fromEntries(names.map((name) => [name, new Float64Array(plan.draws)]));
    await this.#rest(plan.draws * plan.thin, signal, (round, info) => {
      this.#track();
      if ((round + 1) % plan.thin !== 0) return;
      const draw = (round + 1) / plan.thin - 1;
      this.#positions.set(cold.state.position, draw * length);
      this.#stats.energy[draw] = cold.state.energy;
      this.#stats.acceptanceProbability[draw] = info.acceptanceProbability;
      this.#stats.diverged[draw] = Number(info.diverged);
    });
  }

  /** Warms up in stretches that double; after each the inner levels move to where refusals are equal. */
  async #warmUp(rounds: number, adapt: boolean, signal: AbortSignalLike | undefined): Promise<void> {
    for (let done = 0, stretch = 64; done < rounds; stretch *= 2) {
      const take = Math.min(stretch, rounds - done);
      await this.#rest(take, signal, () => {});
      done += take;
      if (adapt && take >= 32) this.#place();
      this.#refusals.fill(0);
      this.#counted = 0;
    }
  }

  async #rest(
    rounds: number,
    signal: AbortSignalLike | undefined,
    visit: (round: number, info: StepInfo) => void,
  ) {
    let resumed = Date.now();
    for (let round = 0; round < rounds; round++) {
      const parity = (this.#rounds++ & 1) as 0 | 1;
      const info = temperingRound(this.#levels, parity, this.#rng, this.#refused);
      for (let i: number = parity; i < this.#refused.length; i += 2) this.#refusals[i] += this.#refused[i];
      this.#counted++;
      visit(round, info);
      if (Date.now() - resumed > 30) {
        await yieldToEvents();
        throwIfAborted(signal);
        resumed = Date.now();
      }
    }
  }

  /** Spaces the levels evenly in the communication barrier Λ(β) = Σ refusals, interpolated linearly (Syed et al. 2022). */
  #place(): void {
    const old = this.ladder;
    const barrier = [0];
    // A floor keeps levels apart where nothing was refused.
    for (const refused of this.rejections)
      barrier.push(barrier[barrier.length - 1] + Math.max(refused, 1e-3));
    const total = barrier[barrier.length - 1];
    for (let k = 1; k < old.length - 1; k++) {
      const target = (total * k) / (old.length - 1);
      let i = 0;
      while (barrier[i + 1] < target) i++;
      const share = (target - barrier[i]) / (barrier[i + 1] - barrier[i]);
      this.#levels[k].inverseTemperature = old[i] + share * (old[i + 1] - old[i]);
    }
  }

  #track(): void {
    const hot = this.#levels[0].traveler;
    const cold = this.#levels[this.#levels.length - 1].traveler;
    if (this.#direction[hot] === 1) this.roundTrips++;
    this.#direction[hot] = -1;
    if (this.#direction[cold] === -1) this.#direction[cold] = 1;
  }

  result(): ChainDraws<X> {
    return {
      positions: this.#positions,
      stats: this.#stats,
      tuned: { inverseTemperatures: this.ladder },
      warmup: { divergences: 0, gradients: 0 },
      observed: {},
    };
  }
}
