import { ArgumentError, type Can, checkNumber, type Energy } from "@basin/energy-core";
import { checkOptions, checksum, seedOf } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { type CheckpointOptions, keepRun, type RunKeeper, type RunOptions } from "@basin/energy-core/run";
import type { Estimate } from "../diagnose/estimate.ts";
import type { KernelState, StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { AnnealedRuns, type AnnealedState } from "./annealed-runs.ts";
import { logMeanOf, pathKernel } from "./path.ts";
import { checkSchedule } from "./schedule.ts";
import { type AnyKernel, exactStart, rejectingFor } from "./start.ts";
import { acceptanceWarnings } from "./tuning.ts";

/**
 * Options of {@link annealedImportance}; `onProgress` counts kernel steps of all chains. A checkpoint identifies
 * energies by their space and parameters only. It gives the same bits for compiled kernels. Plain kernels recompute
 * their energies, so last digits may differ.
 */
export interface AnnealedImportanceOptions<X> extends RunOptions, CheckpointOptions {
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /**
   * β from the known law to the target, such as 0 … 1. Many small steps make the estimate precise. With a `base`, λ
   * from 0 to 1.
   */
  inverseTemperatures: ArrayLike<number>;
  /** Log Z of the law at the start: n ln 2 for n spins at β = 0. */
  logPartitionAtStart: number;
  /**
   * An energy with exact draws and known log Z, such as a Gaussian around the mode or independent spins. The path then
   * starts from it: exp(−(1−λ) E_base − λE). Reals need a base, because exp(−0·E) cannot be normalized there. Needs
   * `initial`.
   */
  base?: Energy<X>;
  /** An exact draw at the start. Default for discrete states at β = 0: uniform. */
  initial?: (rng: Rng, chain: number) => X;
  /**
   * Draws at the end, for the reverse chains; without them there are none. With exact draws the upper end is exact in
   * expectation; with draws of a long chain it is as good as that chain.
   */
  final?: (rng: Rng, chain: number) => X;
  /**
   * Instead of `final`: each reverse chain starts from the end of a forward chain after this many more kernel steps
   * there.
   */
  settle?: number;
  /** Number of chains in each direction, rounded up to whole groups of the kernel. Default 100. */
  chains?: number;
}

/**
 * Log of a mean weight, its standard error by the delta method, which is too small if few chains are effective, and the
 * effective number of chains, (Σw)² / Σw².
 */
type WeightedEstimate = Omit<Estimate, "autocorrelationTime">;

/** A bracket of log Z at the end. */
export interface PartitionEstimate {
  /** Log of the mean weight of the forward chains: too low in expectation, exact in the limit of many chains. */
  readonly forward: WeightedEstimate;
  /** From the reverse chains: too high in expectation. NaN without them. */
  readonly reverse: WeightedEstimate;
  /** [forward − 3 standard errors, reverse + 3 standard errors]; the upper end is +∞ without reverse chains. */
  readonly bracket: readonly [low: number, high: number];
}

/** What {@link annealedImportance} found. */
export interface AnnealedImportance extends PartitionEstimate {
  /**
   * Mean acceptance probability of the forward chains' step at each λ after the first; empty if the kernel does not
   * report it.
   */
  readonly acceptances: readonly number[];
  /** Where the energy threw, and on reals where the kernel accepts less than 0.1. */
  readonly warnings: readonly string[];
  /** The seed used. */
  readonly seed: number;
}

/**
 * Resolves to estimates of log Z = log Σ exp(−βE) from both sides, by annealed importance sampling (Neal 2001) and its
 * reverse (Grosse, Ghahramani & Adams 2015): log w = −Σ_k (λ_{k+1} − λ_k) ∂E_λ/∂λ (x_k) along a chain that the kernel
 * moves at each λ_{k+1}. Group k of the chains has a separate stream. An adaptive kernel adapts beforehand, at up to 20
 * values of λ along pilot chains with other streams; the measured chains use the nearest one.
 *
 * @throws {ArgumentError} for inverse temperatures that fall or are fewer than two, and without exact draws to start
 * from.
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
 * const { forward } = await annealedImportance(quartic, hmc({ stepSize: 0.4, steps: 3 }), {
 *   seed: 1,
 *   inverseTemperatures: Float64Array.from({ length: 51 }, (_, k) => k / 50),
 *   base: gaussian({ dimension: 1 }),
 *   initial: (rng) => Float64Array.of(rng.normal()),
 *   logPartitionAtStart: 0.5 * Math.log(2 * Math.PI),
 * });
 * console.log(Math.exp(forward.mean), "±", forward.standardError);
 * ```
 */
export async function annealedImportance<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  C extends object,
>(
  energy: Energy<X, C>,
  kernel: AnyKernel<NoInfer<X>, NoInfer<C>, S, I>,
  options: AnnealedImportanceOptions<NoInfer<X>>,
): Promise<AnnealedImportance> {
  checkOptions(
    "annealedImportance",
    options,
    "seed inverseTemperatures logPartitionAtStart base initial final settle chains checkpoint",
    "checkpointEvery signal onProgress",
  );
  const [moving, rejecting] = rejectingFor(energy, kernel);
  const { inverseTemperatures, base, final, settle, logPartitionAtStart } = options;
  const seed = seedOf(options);
  const chains = checkNumber("chains", options.chains ?? 100, { min: 2, integer: true });
  checkSchedule(inverseTemperatures);
  if (base !== undefined) checkWay(inverseTemperatures);
  if (settle !== undefined) checkNumber("settle", settle, { min: 0, integer: true });
  if (final !== undefined && settle !== undefined)
    throw new ArgumentError("final and settle were both given; give one");
  exactStart(energy, options, inverseTemperatures[0], "annealed importance sampling");
  const moves = pathKernel(energy, kernel, base, rejecting);
  const parameters = (energy.can as Partial<Can<X, "parameters">>).parameters?.values;
  const identity = {
    format: "annealedImportance",
    version: 1,
    fingerprint: () => ({
      ...{ kernel: kernel.name, space: energy.space.name, seed, chains, logPartitionAtStart },
      parameters: parameters === undefined ? "none" : checksum(Float64Array.from(parameters)),
      inverseTemperatures: checksum(Float64Array.from(inverseTemperatures)),
      settle: settle ?? "none",
    }),
  };
  const annealed = new AnnealedRuns(moving, moves, { ...options, seed, chains });
  await keepRun(options, identity, (keeper: RunKeeper<AnnealedState>) => annealed.run(options, keeper));
  const acceptances = annealed.acceptance.means;
  return {
    ...partitionEstimate(logPartitionAtStart, annealed.forward, annealed.reverse),
    acceptances,
    warnings: [
      ...rejecting.warnings,
      ...acceptanceWarnings(acceptances, Array.from(inverseTemperatures).slice(1), energy.space.logCount),
    ],
    seed,
  };
}

/** Throws unless a way from a base goes all the way. */
function checkWay(betas: ArrayLike<number>): void {
  const [first, last] = [betas[0], betas[betas.length - 1]];
  if (first === 0 && last === 1) return;
  throw new ArgumentError(
    `with a base inverseTemperatures go from 0 to 1, but they go from ${first} to ${last}`,
  );
}

/**
 * Returns the estimates of log Z from log weights of annealed chains, for samplers with a separate way to anneal.
 *
 * @param logPartitionAtStart log Z where forward chains begin.
 * @param reverse log weights from the other end; empty without reverse chains.
 */
function partitionEstimate(
  logPartitionAtStart: number,
  forward: Float64Array,
  reverse: Float64Array,
): PartitionEstimate {
  const up = along(logPartitionAtStart, 1, forward);
  const low = up.mean - 3 * up.standardError;
  const down = along(logPartitionAtStart, -1, reverse);
  const high = reverse.length === 0 ? Infinity : down.mean + 3 * down.standardError;
  return { forward: up, reverse: down, bracket: [low, high] };
}

function along(start: number, sign: 1 | -1, logWeights: Float64Array): WeightedEstimate {
  if (logWeights.length === 0) return { mean: NaN, standardError: NaN, effectiveSampleSize: 0 };
  const { logMean, relativeError, effective } = logMeanOf(logWeights);
  return { mean: start + sign * logMean, standardError: relativeError, effectiveSampleSize: effective };
}
