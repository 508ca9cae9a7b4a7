import { ArgumentError, checkNumber, type Energy } from "@basin/energy-core";
import { checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { pacer, type RunOptions } from "@basin/energy-core/run";
import type { KernelState, StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import type { Walkers } from "../walkers/walkers.ts";
import { logMeanOf, pathKernel } from "./path.ts";
import { type AnyKernel, exactStart, rejectingFor } from "./start.ts";
import { acceptanceWarnings, countDistinct, distinctWarnings, lastAcceptance, tuneAt } from "./tuning.ts";

/** Options of {@link sequentialMonteCarlo}. */
export interface SequentialMonteCarloOptions<X extends StateArray> extends RunOptions {
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /** Particles, made up to whole groups of the kernel's. Default 1000. */
  particles?: number;
  /** Kernel steps that move each particle after every resampling. Default 5. */
  steps?: number;
  /**
   * Effective share of the particles, (Σw)²/Σw², at which λ stops for the next step; in (0, 1). Default 0.5. A higher
   * share gives more and smaller steps.
   */
  threshold?: number;
  /** β of the law wanted, where there is no `base`. Default 1. */
  inverseTemperature?: number;
  /** An energy with exact draws, as for `annealedImportance`. Needs `initial`. */
  base?: Energy<X>;
  /** An exact draw of the base, or at β = 0. Default for discrete states: uniform. */
  initial?: (rng: Rng, particle: number) => X;
  /**
   * Log Z of the law at the start. Default for discrete states at β = 0: ln of their number; else 0, so that
   * `logPartition` is a ratio.
   */
  logPartitionAtStart?: number;
}

/** A population at the end of its way. */
export interface Particles<X extends StateArray> {
  /** States of equal weight, approximately from the target law. Some may be copies of each other. */
  readonly states: readonly X[];
  /** Estimate of log Z; its exponential is unbiased except for the choice of the steps. */
  readonly logPartition: number;
  /**
   * A rough standard error of `logPartition`, from the spread of the weights at each step. Runs with other seeds are
   * more reliable.
   */
  readonly standardError: number;
  /** λ as it went, from 0. */
  readonly inverseTemperatures: readonly number[];
  /** Share of the particles that had descendants at each resampling. */
  readonly distinct: readonly number[];
  /** How many of the states differ from each other. */
  readonly distinctStates: number;
  /**
   * Mean acceptance probability of the particles' last move at each λ after the first; empty where the kernel does not
   * say.
   */
  readonly acceptances: readonly number[];
  /**
   * Where the energy threw, and on reals where the kernel accepts less than 0.1, or fewer than a tenth of the particles
   * differ.
   */
  readonly warnings: readonly string[];
  /** The seed used. */
  readonly seed: number;
}

/**
 * Resolves to a population moved from a law with exact draws to exp(−βE) (sequential Monte Carlo; Del Moral, Doucet &
 * Jasra 2006). In each step λ advances until the given share of the particles is effective, the particles are resampled
 * by their weights (systematically), and the kernel moves each. It finds separate modes with their weights, and log Z.
 * An adaptive kernel adapts at each λ, in 200 steps from copies of the particles, and is frozen before it moves them
 * (Buchholz, Chopin & Jacob 2021).
 *
 * @throws {ArgumentError} for options out of range, without exact draws to start from, and where all weights vanish.
 *
 * @example
 * ```ts
 * import { denseQuadratic, enumerate } from "@basin/energy-core";
 * import { heatBath } from "@basin/samplers";
 * import { sequentialMonteCarlo } from "@basin/samplers/temper";
 *
 * const pair = denseQuadratic([[0, 2], [2, 0]]);
 * const { logPartition, inverseTemperatures } = await sequentialMonteCarlo(pair, heatBath(), { seed: 1 });
 * console.log(logPartition, enumerate(pair).logPartition, inverseTemperatures.length);
 * ```
 */
export async function sequentialMonteCarlo<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  C extends object,
>(
  energy: Energy<X, C>,
  kernel: AnyKernel<NoInfer<X>, NoInfer<C>, S, I>,
  options: SequentialMonteCarloOptions<NoInfer<X>> = {},
): Promise<Particles<X>> {
  checkOptions(
    "sequentialMonteCarlo",
    options,
    "seed particles steps threshold inverseTemperature base initial logPartitionAtStart signal",
    "onProgress",
  );
  const [moving, rejecting] = rejectingFor(energy, kernel);
  const count = checkNumber("particles", options.particles ?? 1000, { min: 2, integer: true });
  const steps = checkNumber("steps", options.steps ?? 5, { min: 1, integer: true });
  const threshold = checkNumber("threshold", options.threshold ?? 0.5, { above: 0, max: 0.999 });
  const end =
    options.base === undefined
      ? checkNumber("inverseTemperature", options.inverseTemperature ?? 1, { above: 0 })
      : 1;
  const logZ = exactStart(energy, options, 0, "sequentialMonteCarlo");
  const seed = seedOf(options);
  const root = createRng(seed);
  const pace = pacer(options);
  const moves = pathKernel(energy, kernel, options.base, rejecting);
  const groups = Math.ceil(count / moves.group);
  const { initial } = options;
  const walkers = await moves.walkers(moving, { groups, streams: (group) => root.split(group + 1), initial });
  const weigh = weigher(walkers);
  const inverseTemperatures = [0];
  const distinct: number[] = [];
  const acceptances: number[] = [];
  let logPartition = options.logPartitionAtStart ?? logZ;
  let variance = 0;
  for (let lambda = 0; lambda < end; ) {
    const weights = weigh(lambda);
    const next = nextLambda(weights, lambda, end, threshold);
    const logWeights = weights(next);
    const { logMean, relativeError } = logMeanOf(logWeights);
    logPartition += logMean;
    variance += relativeError ** 2;
    const rng = root.split(0).split(inverseTemperatures.length);
    distinct.push(descend(walkers, rng, logWeights));
    tuneAt(walkers, next, rng.split(0));
    walkers.step(steps, next);
    acceptances.push(...lastAcceptance(walkers));
    lambda = next;
    inverseTemperatures.push(lambda);
    if (pace.due) await pace.breathe(() => ({ done: Math.round(100 * (lambda / end)), total: 100 }));
  }
  const standardError = Math.sqrt(variance);
  const way = { seed, logPartition, standardError, inverseTemperatures, distinct, acceptances };
  return arrived(walkers, way, energy.space.logCount, rejecting.warnings);
}

/** Resamples walkers by their weights. Returns the share that had descendants. */
function descend<X>(walkers: Walkers<X>, rng: Rng, logWeights: Float64Array): number {
  const parents = resample(rng, logWeights);
  const states = Array.from(parents, (parent) => walkers.read(parent));
  for (const [w, state] of states.entries()) walkers.write(w, state);
  return new Set(parents).size / parents.length;
}

/** Returns the population where it has arrived, with what speaks against it, and disposes of the walkers. */
function arrived<X extends StateArray>(
  walkers: Walkers<X>,
  way: Omit<Particles<X>, "states" | "distinctStates" | "warnings">,
  logCount: number,
  rejections: readonly string[],
): Particles<X> {
  const states = Array.from({ length: walkers.count }, (_, w) => walkers.read(w));
  walkers.dispose();
  const distinctStates = countDistinct(states);
  const warnings = [
    ...rejections,
    ...acceptanceWarnings(way.acceptances, way.inverseTemperatures.slice(1), logCount),
    ...distinctWarnings(distinctStates, states.length, logCount),
  ];
  return { states, ...way, distinctStates, warnings };
}

/** Log weights of walkers that stand at one λ and go on to `next`. */
type Weights = (next: number) => Float64Array;

/** Returns what weighs walkers as they stand: by the ratios of their laws, or by their energies. */
function weigher<X>(walkers: Walkers<X>): (lambda: number) => Weights {
  const { count } = walkers;
  const add = walkers.can.addLogRatios;
  if (add === undefined) {
    const slopes = new Float64Array(count);
    return (lambda) => {
      walkers.energies(slopes);
      return (next) => slopes.map((slope) => weightOf(slope, next - lambda));
    };
  }
  return (lambda) => (next) => {
    const weights = new Float64Array(count);
    add(weights, lambda, next);
    return weights;
  };
}

/** −step · slope, with 0 · ∞ as 0 and a state outside the support without weight. */
function weightOf(slope: number, step: number): number {
  if (Number.isNaN(slope)) return -Infinity;
  return step === 0 ? 0 : -step * slope;
}

/**
 * Returns the farthest λ at which the given share of the particles still counts, by bisection; `end` where it can be
 * reached at once.
 */
function nextLambda(weights: Weights, lambda: number, end: number, threshold: number): number {
  const share = (next: number) => {
    const logWeights = weights(next);
    return logMeanOf(logWeights).effective / logWeights.length;
  };
  if (share(end) >= threshold) return end;
  let [low, high] = [lambda, end];
  for (let k = 0; k < 60 && high - low > 1e-12 * end; k++) {
    const middle = 0.5 * (low + high);
    if (share(middle) >= threshold) low = middle;
    else high = middle;
  }
  if (share(high) === 0) {
    throw new ArgumentError(
      `no particle has weight beyond λ = ${lambda}: none of them lies in the support of the energy`,
    );
  }
  // Where part of the particles lie outside the support no small step keeps the share; the smallest is taken.
  return low > lambda ? low : high;
}

/** Systematic resampling: one uniform number, and evenly spaced marks on the cumulated weights. */
function resample(rng: Rng, logWeights: Float64Array): Int32Array {
  const n = logWeights.length;
  const top = logWeights.reduce((most, weight) => Math.max(most, weight), -Infinity);
  const weights = logWeights.map((weight) => Math.exp(weight - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parents = new Int32Array(n);
  let at = 0;
  let below = weights[0];
  const offset = rng.uniform();
  for (let k = 0; k < n; k++) {
    const mark = ((k + offset) / n) * total;
    while (below < mark && at < n - 1) below += weights[++at];
    parents[k] = at;
  }
  return parents;
}
