import { CapabilityError, type Energy } from "@basin/energy-core";
import { checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { pacer } from "@basin/energy-core/run";
import type { KernelState, StepInfo } from "../kernel.ts";
import type { ChainDraws, Draws, StateArray } from "../run/draws.ts";
import type { Walkers } from "../walkers/walkers.ts";
import { Ladder } from "./ladder.ts";
import { type Plan, planLadder, planOf, type TemperOptions } from "./plan.ts";
import { type AnyKernel, rejectingFor, walkerKernel } from "./start.ts";
import { Acceptance, acceptanceWarnings } from "./tuning.ts";

/** Draws at the last level, and how the levels exchanged. */
export interface TemperedDraws<X extends StateArray> extends Draws<X> {
  /** β of the levels as they were used after warm-up, for each chain. */
  readonly ladders: readonly (readonly number[])[];
  /** Share of exchanges refused between neighboring levels, for each chain (mean over those of one ensemble). */
  readonly rejections: readonly (readonly number[])[];
  /**
   * Mean acceptance probability of the last step of each round, by level, for each chain; empty where the kernel does
   * not say.
   */
  readonly acceptances: readonly (readonly number[])[];
  /**
   * Round trips of a state between the first level and the last, for each chain. If there are none in a long run, add
   * levels.
   */
  readonly roundTrips: readonly number[];
}

/**
 * Resolves to draws from exp(−βE) at the coldest level of a ladder of temperatures with exchanges of states (Geyer
 * 1991; Hukushima & Nemoto 1996). The hot levels cross barriers, and the states move to the cold ones. It takes every
 * kernel and energy over vectors. A kernel with groups of walkers runs that many ladders in parallel. Level k has a
 * separate stream. An adaptive kernel adapts at each level: the first half of the warm-up places the levels, the second
 * adapts the kernel at fixed levels.
 *
 * @throws {ArgumentError} for a ladder that does not rise, and options out of range.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { heatBath } from "@basin/samplers";
 * import { temper } from "@basin/samplers/temper";
 *
 * const pair = denseQuadratic([[0, 4], [4, 0]]);
 * console.log((await temper(pair, heatBath(), { seed: 1, temperatures: [1, 2, 4, 8] })).roundTrips);
 * ```
 */
export async function temper<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  C extends object,
>(
  energy: Energy<X, C>,
  kernel: AnyKernel<NoInfer<X>, NoInfer<C>, S, I>,
  options: TemperOptions<NoInfer<X>>,
): Promise<TemperedDraws<X>> {
  checkOptions(
    "temper",
    options,
    "seed temperatures inverseTemperatures levels chains warmup draws thin steps clustersEvery",
    "adapt initial checkGradient signal onProgress",
  );
  const betas = planLadder(options);
  const plan = planOf(options);
  const moves = walkerKernel(kernel);
  const [moving, rejecting] = rejectingFor(energy, kernel);
  const seed = seedOf(options);
  const root = createRng(seed);
  const each = plan.warmup + plan.draws * plan.thin;
  const pace = pacer(options);
  const ensembles: Ensemble<X>[] = [];
  for (let c = 0; c < plan.chains; c++) {
    const rng = root.split(c);
    const streams = (level: number) => rng.split(level);
    rejecting.on = false;
    const walkers = await moves.walkers(moving, { groups: betas.length, streams, initial: options.initial });
    if (c === 0 && (options.checkGradient ?? true)) walkers.can.checkGradient?.();
    rejecting.on = true;
    await walkers.can.fetch?.("all");
    const ensemble = new Ensemble(walkers, betas, rng, options);
    await ensemble.run(plan, async (round) => {
      if (pace.due) await pace.breathe(() => ({ done: c * each + round, total: plan.chains * each }));
    });
    walkers.dispose();
    ensembles.push(ensemble);
  }
  const dimension = ensembles[0].state.length;
  return {
    kernel: `parallel tempering of ${kernel.name}`,
    seed,
    inverseTemperature: betas[betas.length - 1],
    ...{ dimension, draws: plan.draws, thin: plan.thin },
    names: Array.from({ length: dimension }, (_, i) => `x[${i}]`),
    chains: ensembles.flatMap((ensemble) => ensemble.chains),
    acceptances: ensembles.flatMap(({ chains: all, acceptances }) => all.map(() => acceptances)),
    warnings: [
      ...rejecting.warnings,
      ...ensembles
        .flatMap(({ acceptances, betas: own }) => acceptanceWarnings(acceptances, own, energy.space.logCount))
        .slice(0, 1),
    ],
    ladders: ensembles.flatMap(({ chains: all, betas: own }) => all.map(() => own)),
    rejections: ensembles.flatMap(({ chains: all, rejections }) => all.map(() => rejections)),
    roundTrips: ensembles.flatMap((ensemble) => ensemble.roundTrips),
  };
}

/** One run of all levels: a chain for each walker of the coldest. */
class Ensemble<X extends StateArray> {
  readonly state: X;
  readonly chains: ChainDraws<X>[];
  readonly #ladder: Ladder<X>;
  readonly #walkers: Walkers<X>;
  /** The first walker of the coldest level. */
  readonly #cold: number;
  readonly #acceptance: Acceptance;

  constructor(
    walkers: Walkers<X>,
    betas: Float64Array,
    rng: Rng,
    { steps, clustersEvery }: TemperOptions<X>,
  ) {
    this.#walkers = walkers;
    this.#ladder = new Ladder(walkers, { inverseTemperatures: betas, rng, steps, clustersEvery });
    this.#cold = walkers.count - walkers.group;
    this.state = walkers.read(this.#cold);
    if (!ArrayBuffer.isView(this.state)) throw new CapabilityError("tempering keeps draws of vectors alone");
    this.chains = [];
    this.#acceptance = new Acceptance(betas.length);
  }

  get acceptances(): number[] {
    return this.#acceptance.means;
  }

  get betas(): number[] {
    return [...this.#ladder.inverseTemperatures];
  }

  get rejections(): number[] {
    return this.#ladder.rejections;
  }

  get roundTrips(): number[] {
    return [...this.#ladder.roundTrips];
  }

  async run(plan: Plan, pause: (round: number) => Promise<void>): Promise<void> {
    const ladder = this.#ladder;
    await this.#warmup(plan, pause);
    ladder.forget();
    const { length } = this.state;
    for (let r = 0; r < this.#walkers.group; r++) this.chains.push(this.#emptyChain(plan.draws, length));
    for (let draw = 0; draw < plan.draws; draw++) {
      for (let k = 0; k < plan.thin; k++) {
        await ladder.round();
        this.#countAcceptance();
        await pause(plan.warmup + draw * plan.thin + k);
      }
      await this.#walkers.can.fetch?.(this.#cold);
      this.#keep(draw, length);
    }
  }

  /** Goes in stretches that double; after each the inner levels move to where refusals are equal. */
  async #warmup({ warmup, adapt, steps }: Plan, pause: (round: number) => Promise<void>): Promise<void> {
    const ladder = this.#ladder;
    const { can } = this.#walkers;
    // What is tuned at a level that then moves fits it no more: the last stretch is as long as all others and moves
    // none.
    const placed = can.warmup === undefined ? warmup : warmup >> 1;
    for (let done = 0, stretch = 64; done < warmup; stretch *= 2) {
      const end = done < placed ? Math.min(done + stretch, placed) : warmup;
      const adapts = adapt && end <= placed && end - done >= 32;
      can.warmup?.((end - done) * steps, ladder.inverseTemperatures);
      for (; done < end; done++) {
        await ladder.round();
        await pause(done);
      }
      if (can.warmup !== undefined) can.settle?.();
      if (adapts) ladder.space();
    }
  }

  #countAcceptance(): void {
    const { group, count } = this.#walkers;
    for (let w = 0; w < count; w += group) this.#acceptance.add(this.#walkers, w / group, w, w + group);
  }

  #emptyChain(draws: number, length: number): ChainDraws<X> {
    const names = [
      "energy",
      ...(this.#walkers.can.info === undefined ? [] : ["acceptanceProbability", "diverged"]),
    ];
    return {
      positions: new (this.state.constructor as new (n: number) => X)(draws * length),
      stats: Object.fromEntries(names.map((name) => [name, new Float64Array(draws)])),
      tuned: { inverseTemperatures: this.betas },
      warmup: { divergences: 0, gradients: 0 },
      observed: {},
    };
  }

  #keep(draw: number, length: number): void {
    for (const [r, { positions, stats }] of this.chains.entries()) {
      const walker = this.#cold + r;
      this.#walkers.read(walker, positions.subarray(draw * length, (draw + 1) * length) as X);
      stats.energy[draw] = this.#ladder.energies[walker];
      const info = this.#walkers.can.info?.(walker);
      if (info === undefined) continue;
      stats.acceptanceProbability[draw] = info.acceptanceProbability;
      stats.diverged[draw] = Number(info.diverged);
    }
  }
}
