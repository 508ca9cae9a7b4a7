import { ArgumentError, checkNumber, type Energy } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { pacer, type RunOptions } from "@basin/energy-core/run";
import type { KernelState, StepInfo, TunedParameters } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import type { Initial } from "../run/initial.ts";
import { inBatches } from "../walkers/batches.ts";
import type { WalkerMoves, Walkers } from "../walkers/walkers.ts";
import { logMeanOf, pathKernel } from "./path.ts";
import { checkSchedule } from "./schedule.ts";
import { type AnyKernel, exactStart } from "./start.ts";
import { Acceptance, acceptanceWarnings, tuneAt } from "./tuning.ts";

/** Options of {@link annealedImportance}. */
export interface AnnealedImportanceOptions<X> extends RunOptions {
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
  /** Runs in each direction, made up to whole groups of the kernel's. Default 100. */
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

/** What {@link annealedImportance} found. */
export interface AnnealedImportance extends PartitionEstimate {
  /** Mean acceptance probability of the forward runs' step at each λ after the first; empty where the kernel does not say. */
  readonly acceptances: readonly number[];
  /** On reals: where the kernel accepts less than 0.1. */
  readonly warnings: readonly string[];
}

/**
 * Resolves to estimates of log Z = log Σ exp(−βE) from both sides, by annealed importance sampling (Neal 2001) and its reverse
 * (Grosse, Ghahramani & Adams 2015): log w = −Σ_k (λ_{k+1} − λ_k) ∂E_λ/∂λ (x_k) along a chain that the kernel moves at each λ_{k+1}. Group k of
 * the runs draws from a stream of its own. A kernel that tunes itself does so beforehand, at up to 20 λ along pilot runs of other streams; the
 * measured runs use what was found at the nearest step.
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
 * const { forward, standardError } = await annealedImportance(quartic, hmc({ stepSize: 0.4, steps: 3 }), {
 *   seed: 1,
 *   schedule: Float64Array.from({ length: 51 }, (_, k) => k / 50),
 *   base: gaussian({ dimension: 1 }),
 *   initial: (rng) => Float64Array.of(rng.normal()),
 *   logPartitionAtStart: 0.5 * Math.log(2 * Math.PI),
 * });
 * console.log(Math.exp(forward), "±", standardError);
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
  const { schedule, base, initial, final, logPartitionAtStart } = options;
  const runs = checkNumber("runs", options.runs ?? 100, { min: 2, integer: true });
  checkSchedule(schedule);
  if (base !== undefined) checkWay(schedule);
  exactStart(energy, options, schedule[0], "annealed importance sampling");
  const root = createRng(options.seed);
  const moves = pathKernel(energy, kernel, base);
  const pace = pacer(options);
  const steps = schedule.length - 1;
  const total = (final === undefined ? 1 : 2) * steps * runs;
  const count = moves.group * Math.ceil(runs / moves.group);
  const acceptance = new Acceptance(steps);
  let tuned: Tuned | undefined;
  const pilot = async () => {
    const [rng, groups] = [root.split(PILOT), Math.min(runs, PILOTS)];
    const streams = (group: number) => rng.split(group + 1);
    return tuneAlong(await moves.walkers(energy, { groups, streams, initial }), schedule, rng.split(0));
  };
  const run = async (way: "up" | "down", start: Initial<X> | undefined) => {
    const label = way === "up" ? 0 : 1;
    const streams = (group: number) => root.split(2 * group + label);
    const all = new Float64Array(count);
    const watched = way === "up" ? acceptance : undefined;
    await inBatches(energy, moves, { count, streams, initial: start }, async (walkers, first) => {
      if (walkers.can.tune !== undefined) tuned ??= await pilot();
      const progress = (done: number) => ({
        done: (label * runs + first) * steps + walkers.count * done,
        total,
      });
      const watch = async (done: number, k: number) => {
        watched?.add(walkers, k - 1, 0, walkers.count);
        if (pace.due) await pace.breathe(() => progress(done));
      };
      const weights = await weigh(walkers, schedule, way, watch, tuned);
      all.set(weights.subarray(0, count - first), first);
    });
    return all;
  };
  const forward = await run("up", initial);
  const reverse = final === undefined ? new Float64Array(0) : await run("down", final);
  const acceptances = acceptance.means;
  return {
    ...partitionEstimate(logPartitionAtStart, forward, reverse),
    acceptances,
    warnings: acceptanceWarnings(acceptances, Array.from(schedule).slice(1), energy.space.logCount),
  };
}

/** Throws unless a schedule from a base goes all the way. */
function checkWay(schedule: ArrayLike<number>): void {
  const [first, last] = [schedule[0], schedule[schedule.length - 1]];
  if (first === 0 && last === 1) return;
  throw new ArgumentError(`with a base the schedule goes from 0 to 1, but it goes from ${first} to ${last}`);
}

/** Label of the stream of the pilot runs, beyond those of the measured ones. */
const PILOT = 2 ** 32;
/** Pilot runs: enough to show the spread of the law at each λ. */
const PILOTS = 32;
/** At how many λ they tune, at most. */
const TUNED_AT = 20;

/** What the kernel is tuned to, by step of the schedule. */
type Tuned = readonly (TunedParameters | undefined)[];

/** Takes pilot runs up a schedule and returns what the kernel is tuned to at each of its steps: that of the nearest tuned one. */
async function tuneAlong<X>(pilots: Walkers<X>, schedule: ArrayLike<number>, rng: Rng): Promise<Tuned> {
  const last = schedule.length - 1;
  const stops = Math.min(last, TUNED_AT);
  const places = Array.from({ length: stops }, (_, i) =>
    stops === 1 ? last : 1 + Math.round((i * (last - 1)) / (stops - 1)),
  );
  const found = new Map<number, TunedParameters | undefined>();
  await weigh(pilots, schedule, "up", (_, k) => {
    if (places.includes(k)) found.set(k, tuneAt(pilots, schedule[k], rng.split(k)));
  });
  pilots.dispose();
  const nearest = (k: number) => places.reduce((a, b) => (Math.abs(b - k) < Math.abs(a - k) ? b : a));
  return Array.from(schedule, (_, k) => found.get(nearest(k)));
}

/** Adds up the log weights of walkers along a schedule, up it or down. */
async function weigh<X>(
  walkers: Walkers<X>,
  schedule: ArrayLike<number>,
  way: "up" | "down",
  pause: (done: number, k: number) => Promise<void> | void,
  tuned?: Tuned,
): Promise<Float64Array> {
  const weights = new Float64Array(walkers.count);
  const add = walkers.can.addLogRatios ?? fromEnergies(walkers);
  let at: TunedParameters | undefined;
  for (let n = 1; n < schedule.length; n++) {
    const k = way === "up" ? n : schedule.length - n;
    if (way === "up") {
      add(weights, schedule[k - 1], schedule[k]);
      if (!revive(walkers, weights)) break;
    }
    const next = tuned?.[k];
    if (next !== undefined && next !== at) walkers.can.adopt?.(next);
    at = next ?? at;
    walkers.step(1, schedule[k]);
    if (way === "down") add(weights, schedule[k], schedule[k - 1]);
    await pause(n, k);
  }
  return weights;
}

/** Log ratios of the laws exp(−λE). */
function fromEnergies<X>(walkers: Walkers<X>): WalkerMoves["addLogRatios"] {
  const energies = new Float64Array(walkers.count);
  return (out, from, to) => {
    // Where nothing changes an infinite energy counts for nothing.
    if (from === to) return;
    walkers.energies(energies);
    for (let w = 0; w < out.length; w++) out[w] -= (to - from) * energies[w];
  };
}

/**
 * Lets walkers outside the support, which count for nothing, go on as copies of one inside: kernels have no move from where the energy is
 * infinite. Returns whether any is inside.
 */
function revive<X>(walkers: Walkers<X>, weights: Float64Array): boolean {
  const inside = weights.findIndex((weight) => weight > -Infinity);
  if (inside < 0) return false;
  for (let w = 0; w < weights.length; w++)
    if (weights[w] === -Infinity) walkers.write(w, walkers.read(inside));
  return true;
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
