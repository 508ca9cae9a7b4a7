import { ArgumentError, checkNumber, type Energy } from "@basin/energy-core";
import {
  checkIsEnergy,
  checkLength,
  checkOptions,
  type Pacer,
  type Quantities,
  resolveInverseTemperature,
  seedOf,
  type TemperatureOptions,
} from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import {
  type CheckpointOptions,
  type Progress,
  pacer,
  type RunKeeper,
  type RunOptions,
} from "@basin/energy-core/run";
import { LEAST_DRAWS } from "../diagnose/chains.ts";
import type { Kernel, KernelState, StepInfo } from "../kernel.ts";
import { Chain, roomFor } from "./chain.ts";
import type { ChainPlan, ChainProgress } from "./chain-plan.ts";
import { checkKernel } from "./check-kernel.ts";
import { checkDistinct, type Draws, inQuantities, type PartDraws, type StateArray } from "./draws.ts";
import { type ChainStart, checkChainStart } from "./initial.ts";
import { type KeptChains, keepChains } from "./kept-chains.ts";
import type { Observer } from "./observer.ts";
import { checkUntil, drawUntil, FIRST_LOOK, type SampleUntil } from "./until.ts";

/** The progress of a run: kernel steps of all chains, and of each chain. */
export interface SampleProgress extends Progress {
  readonly chains: readonly ChainProgress[];
}

/** Options of {@link sample}. A checkpoint and observers exclude each other. */
export interface SampleOptions<X extends StateArray = Float64Array>
  extends TemperatureOptions,
    RunOptions<SampleProgress>,
    CheckpointOptions {
  /**
   * Seed of all randomness, an integer in [0, 2⁵³). The same seed gives the same bits. Default: drawn, and reported in
   * the result.
   */
  seed?: number;
  /** Independent chains. Default 4. */
  chains?: number;
  /** Kernel steps before the first draw, during which the kernel adapts. Default: 400 or 1000, as the kernel asks. */
  warmup?: number;
  /** Draws a chain, default 1000; with `until` those at the first look, default 100. */
  draws?: number;
  /**
   * When the run is good enough. The first look is after `draws` draws per chain; each later look has 1.1 to 1.5 times
   * the draws of the previous one, depending on how much is missing. So the same seed stops at the same draw. `stopped`
   * in the result says why the run stopped. Default: the run has `draws` draws. Needs kept draws.
   */
  until?: SampleUntil;
  /** Kernel steps from one draw to the next. Default 1. */
  thin?: number;
  /**
   * Where chains start. Default: reals uniform on (−2, 2), discrete states uniform. `"pathfinder"` draws each start
   * from a normal law near a path of L-BFGS (Zhang et al. 2022), namely the one with the greatest evidence lower bound.
   * Each chain has eight paths from random states of its own. If they end in different modes, chains take turns with
   * the two that are farthest apart.
   */
  initial?: ChainStart<X>;
  /**
   * Names of the coordinates. Default: the quantities that the space names, as for a formula; otherwise `x[0]`, `x[1]`
   * …
   */
  names?: readonly string[];
  /** Whether to compare the gradient with differences of the energy at the start of the first chain. Default true. */
  checkGradient?: boolean;
  /** Whether to keep draws. Default true. Observers see every draw in either case. */
  keep?: boolean;
  /** Observers by name, one made for each chain. */
  observers?: Readonly<Record<string, () => Observer<X, unknown>>>;
}

/**
 * Returns draws from p(x) ∝ exp(−βE(x)): `chains` chains of `draws` draws each, after `warmup` steps of tuning.
 *
 * Chain k uses only stream k of the seed, so adding chains does not change the others. It runs in slices and handles
 * events between them, which does not change the result. Draws of a formula are also available by its parts, such as
 * `draws.mu`.
 *
 * @throws {ArgumentError} for options out of range, and if a chain cannot start.
 * @throws {CapabilityError} if the energy lacks a capability that the kernel needs.
 * @throws {SamplingError} if the energy breaks its contract or has a programming error (a TypeError, a wrong length).
 * The error names the chain and the step. Any other exception, such as that of `cholesky`, is a rejection: it counts as
 * +∞, and {@link warnings} reports it.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1 });
 * console.table(summary(draws));
 * ```
 */
export async function sample<
  X extends StateArray,
  C extends object,
  S extends KernelState<X>,
  I extends StepInfo,
  N extends string = string,
>(
  energy: Energy<X, C> & { readonly space: { readonly quantities?: Pick<Quantities<X, N>, "parts"> } },
  kernel: Kernel<NoInfer<Energy<X, C>>, NoInfer<X>, S, I>,
  options: SampleOptions<NoInfer<X>> = {},
): Promise<Draws<X> & PartDraws<N>> {
  checkOptions(
    "sample",
    options,
    "seed chains warmup draws until thin initial names checkGradient keep observers",
    "inverseTemperature temperature checkpoint checkpointEvery signal onProgress",
  );
  checkIsEnergy(energy, "sample");
  checkKernel(kernel, "sample");
  const plan = planChains(options, kernel);
  const count = checkNumber("chains", options.chains ?? 4, { min: 1, integer: true });
  const { space } = energy;
  const names = options.names ?? Array.from({ length: space.dimension }, (_, i) => `x[${i}]`);
  checkLength("names", names.length, space.dimension);
  checkDistinct("the name", names);
  const seed = seedOf(options);
  const root = createRng(seed);
  const bind = (rejecting: Energy<X>) => kernel.bind(rejecting as Energy<X, C>);
  const { name } = kernel;
  const facts = { kernel: name, seed, chains: count, dimension: space.dimension };
  const { inverseTemperature, thin } = plan;
  const whole = (chains: readonly Chain<X, S, I>[], draws: number) => {
    const own = chains.map((chain) => chain.result(draws));
    const all = { ...facts, inverseTemperature, draws, thin, names, chains: own };
    return options.names === undefined ? inQuantities(all, space) : all;
  };
  const draws = await keepChains(options, facts, plan, async (keeper: RunKeeper<KeptChains<X>>) => {
    const room = roomFor<X>(count);
    const made = Array.from(
      { length: count },
      (_, k) => new Chain<X, S, I>(energy, bind, plan, root.split(k), k, keeper.found?.[k], room),
    );
    if (options.checkGradient ?? true) made[0].checkGradient();
    const pace = pacer(options);
    const run = async (upTo: number) => {
      for (const chain of made) chain.extend(upTo);
      await runAll(made, pace, keeper, plan.until?.timeLimit);
      return whole(made, Math.min(upTo, ...made.map((chain) => chain.made)));
    };
    return plan.until === undefined ? run(plan.draws) : drawUntil(plan.until, plan.draws, run);
  });
  return draws as Draws<X> & PartDraws<N>;
}

/**
 * Returns options in the form that a chain needs.
 * @throws {ArgumentError} for options out of range.
 */
export function planChains<X extends StateArray>(
  options: SampleOptions<X>,
  { warmup = 1000 }: Pick<Kernel<never, X>, "warmup">,
): ChainPlan<X> {
  const inverseTemperature = resolveInverseTemperature(options);
  if (inverseTemperature === Infinity) {
    throw new ArgumentError(
      "temperature is 0, where nothing is random; use a minimizer or a temperature above 0",
    );
  }
  const { until } = options;
  if (until !== undefined && options.keep === false)
    throw new ArgumentError(
      "until looks at the draws, which `keep: false` does not keep; use one or the other",
    );
  return {
    warmup: checkNumber("warmup", options.warmup ?? warmup, { min: 0, integer: true }),
    draws: checkNumber("draws", options.draws ?? (until === undefined ? 1000 : FIRST_LOOK), {
      min: until === undefined ? 1 : LEAST_DRAWS,
      integer: true,
    }),
    until: until && checkUntil(until, options.chains ?? 4),
    thin: checkNumber("thin", options.thin ?? 1, { min: 1, integer: true }),
    inverseTemperature,
    keep: options.keep ?? true,
    initial: checkChainStart(options.initial),
    observers: options.observers ?? {},
  };
}

async function runAll<X extends StateArray>(
  chains: readonly Chain<X, KernelState<X>, StepInfo>[],
  pace: Pacer<SampleProgress>,
  keeper: RunKeeper<KeptChains<X>>,
  timeLimit = Infinity,
): Promise<void> {
  const save = async () => {
    if (keeper.isKept) await keeper.save(chains.map((chain) => chain.snapshot()));
  };
  const late = () => pace.elapsed >= timeLimit && chains.every((chain) => chain.made >= LEAST_DRAWS);
  try {
    // Chains take turns, so that progress shows all of them.
    while (chains.some((chain) => !chain.done) && !late()) {
      for (const chain of chains) {
        for (let steps = 1; !chain.done && !pace.due; steps = Math.min(2 * steps, 256)) chain.advance(steps);
        await pace.breathe(() => progressOf(chains));
      }
      if (keeper.due) await save();
    }
  } finally {
    await save();
  }
  pace.report(() => progressOf(chains));
}

function progressOf(chains: readonly { readonly progress: ChainProgress }[]): SampleProgress {
  return sampleProgress(chains.map(({ progress }) => progress));
}

/** Returns the progress of all chains together. */
export function sampleProgress(chains: readonly ChainProgress[]): SampleProgress {
  const sum = (name: "step" | "steps") => chains.reduce((total, chain) => total + chain[name], 0);
  return { done: sum("step"), total: sum("steps"), chains };
}
