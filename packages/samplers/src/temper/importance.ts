import { ArgumentError, checkNumber, type Energy } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import type { Kernel, KernelState, StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { logMeanOf, type Path, pathOf } from "./path.ts";
import { checkSchedule } from "./schedule.ts";

/** Options of {@link annealedImportance}. */
export interface AnnealedImportanceOptions<X extends StateArray> {
  seed: number;
  /**
   * β from the known end to the wanted one, such as 0 … 1; many small steps make the estimate sharp. With a `base`, λ from 0 to 1.
   */
  schedule: ArrayLike<number>;
  /** Log Z of the law at the start: n ln 2 for n spins at β = 0. */
  logPartitionAtStart: number;
  /**
   * An energy whose law can be drawn from and whose log Z is known, such as a Gaussian around the mode or independent spins: the way then
   * goes from it, through exp(−(1−λ) E_base − λE). Reals need one, as exp(−0·E) cannot be normalized there. Needs `initial`.
   */
  base?: Energy<X>;
  /** An exact draw at the start. Default for discrete states at β = 0: uniform. */
  initial?: (rng: Rng, run: number) => X;
  /**
   * Draws at the end for the reverse runs; without them there are none. Exact ones make the upper end exact in expectation; those of a
   * long chain leave it as good as the chain.
   */
  final?: (rng: Rng, run: number) => X;
  /** Runs in each direction. Default 100. */
  runs?: number;
}

/** A bracket of log Z at the end. */
export interface PartitionEstimate {
  /** Log of the mean weight of the forward runs: too low in expectation, in the limit of many runs exact. */
  readonly forward: number;
  /** From the reverse runs: too high in expectation. NaN without them. */
  readonly reverse: number;
  /** Standard errors of `forward` and `reverse`, by the delta method. Too small where few runs count. */
  readonly standardError: number;
  readonly reverseStandardError: number;
  /** (Σw)² / Σw²: how many of the forward and of the reverse runs count. */
  readonly effectiveRuns: number;
  readonly reverseEffectiveRuns: number;
  /** [forward − 3 standard errors, reverse + 3 standard errors]; the upper end is +∞ without reverse runs. */
  readonly bracket: readonly [low: number, high: number];
}

/**
 * Returns estimates of log Z = log Σ exp(−βE) from both sides, by annealed importance sampling (Neal 2001) and its reverse
 * (Grosse, Ghahramani & Adams 2015): log w = −Σ_k (λ_{k+1} − λ_k) ∂E_λ/∂λ (x_k) along a chain that the kernel moves at each λ_{k+1}. Run k
 * draws from stream k of the seed alone.
 *
 * @throws {ArgumentError} for a schedule that falls or has fewer than two values, and without exact draws to start from.
 *
 * @example
 * ```ts
 * import { differentiable } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 * import { hmc } from "@basin/samplers";
 * import { annealedImportance } from "@basin/samplers/temper";
 *
 * // ∫ exp(−x⁴) dx = 2 Γ(5/4) = 1.8128…, from a standard normal.
 * const quartic = differentiable(1, ([x], gradient) => {
 *   gradient[0] = 4 * x ** 3;
 *   return x ** 4;
 * });
 * const { forward, standardError } = annealedImportance(quartic, hmc({ stepSize: 0.4, steps: 3 }), {
 *   seed: 1,
 *   schedule: Float64Array.from({ length: 51 }, (_, k) => k / 50),
 *   base: gaussian({ dimension: 1 }),
 *   initial: (rng) => Float64Array.of(rng.normal()),
 *   logPartitionAtStart: 0.5 * Math.log(2 * Math.PI),
 * });
 * console.log(Math.exp(forward), "±", standardError);
 * ```
 */
export function annealedImportance<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  C extends object,
>(
  energy: Energy<X, C>,
  kernel: Kernel<NoInfer<Energy<X, C>>, NoInfer<X>, S, I>,
  options: AnnealedImportanceOptions<NoInfer<X>>,
): PartitionEstimate {
  const { schedule, final, logPartitionAtStart } = options;
  const runs = checkNumber("runs", options.runs ?? 100, { min: 2, integer: true });
  checkSchedule(schedule);
  if (options.base !== undefined && (schedule[0] !== 0 || schedule[schedule.length - 1] !== 1)) {
    throw new ArgumentError(
      `with a base the schedule goes from 0 to 1, but it goes from ${schedule[0]} to ${schedule[schedule.length - 1]}`,
    );
  }
  const initial = options.initial ?? uniformStates(energy, options.base, schedule[0]);
  const root = createRng(options.seed);
  const path = pathOf(energy, kernel, options.base);
  const forward = Float64Array.from({ length: runs }, (_, run) => {
    const rng = root.split(2 * run);
    return forwardWeight(path, schedule, rng, initial(rng, run));
  });
  const reverse = Float64Array.from({ length: final === undefined ? 0 : runs }, (_, run) => {
    const rng = root.split(2 * run + 1);
    return reverseWeight(path, schedule, rng, (final as (rng: Rng, run: number) => X)(rng, run));
  });
  return partitionEstimate(logPartitionAtStart, forward, reverse);
}

function uniformStates<X extends StateArray>(
  energy: Energy<X, object>,
  base: Energy<X> | undefined,
  first: number,
): (rng: Rng) => X {
  const { space } = energy;
  if (first !== 0 || space.logCount === Infinity || base !== undefined) {
    throw new ArgumentError(
      "annealed importance sampling starts from exact draws: give `initial`, or discrete states at β = 0",
    );
  }
  return (rng) => space.random(rng);
}

function forwardWeight<X extends StateArray, S extends KernelState<X>>(
  path: Path<X, S>,
  schedule: ArrayLike<number>,
  rng: Rng,
  start: X,
): number {
  let state = path.start(start, schedule[0]);
  let weight = 0;
  for (let k = 1; k < schedule.length; k++) {
    const step = schedule[k] - schedule[k - 1];
    if (step > 0) weight -= step * path.slope(state);
    // A run that starts outside the support counts for nothing.
    if (weight === -Infinity) break;
    state = path.move(rng, state, schedule[k]);
  }
  return weight;
}

function reverseWeight<X extends StateArray, S extends KernelState<X>>(
  path: Path<X, S>,
  schedule: ArrayLike<number>,
  rng: Rng,
  start: X,
): number {
  let state = path.start(start, schedule[schedule.length - 1]);
  let weight = 0;
  for (let k = schedule.length - 1; k > 0; k--) {
    state = path.move(rng, state, schedule[k]);
    weight += (schedule[k] - schedule[k - 1]) * path.slope(state);
  }
  return weight;
}

/**
 * Returns the estimates of log Z that log weights of annealed runs give, for samplers that anneal in a way of their own.
 *
 * @param logPartitionAtStart log Z where forward runs begin.
 * @param reverse log weights from the other end; empty without reverse runs.
 *
 * @example
 * ```ts
 * import { partitionEstimate } from "@basin/samplers/temper";
 *
 * const { forward, bracket } = partitionEstimate(0, Float64Array.of(0, Math.log(3)), new Float64Array(0));
 * console.log(Math.exp(forward), bracket[1]); // 2, Infinity
 * ```
 */
export function partitionEstimate(
  logPartitionAtStart: number,
  forward: Float64Array,
  reverse: Float64Array,
): PartitionEstimate {
  const up = logMeanOf(forward);
  const none = Number.NaN;
  const down =
    reverse.length === 0 ? { logMean: none, relativeError: none, effective: 0 } : logMeanOf(reverse);
  const [low, high] = [logPartitionAtStart + up.logMean, logPartitionAtStart - down.logMean];
  return {
    forward: low,
    reverse: high,
    standardError: up.relativeError,
    reverseStandardError: down.relativeError,
    effectiveRuns: up.effective,
    reverseEffectiveRuns: down.effective,
    bracket: [low - 3 * up.relativeError, reverse.length === 0 ? Infinity : high + 3 * down.relativeError],
  };
}
