import { checkNumber, type Energy, EnergyValueError } from "@basin/energy-core";
import { checkLength, checkName, checkOptions, realDimension } from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import { RunningCovariance, RunningVariance } from "../adapt/covariance.ts";
import { DualAveraging } from "../adapt/dual-averaging.ts";
import type { Metric } from "../adapt/metric-learner.ts";
import { warmupWindows } from "../adapt/windows.ts";
import type { Adaptation, BoundKernel, Kernel, KernelState, StepInfo } from "../kernel.ts";
import { checkStart } from "./hamiltonian.ts";

/** Options of {@link randomWalk}. */
export interface RandomWalkOptions {
  /** Standard deviation of the proposal, in each coordinate or one for all. Default 2.38/√d; warm-up tunes it. */
  scale?: number | readonly number[];
  /**
   * Acceptance probability that warm-up tunes to, in (0, 1). Default 0.234 + 0.206/d: 0.44 for d = 1, 0.234 for many
   * (Roberts, Gelman & Gilks 1997).
   */
  targetAcceptance?: number;
  /**
   * Shape of the proposal that warm-up learns: none for `"unit"`, variances for `"diagonal"` (the default), the full
   * covariance for `"dense"`.
   */
  metric?: ProposalShape;
}

/** Metrics that are learned from states alone. */
type ProposalShape = Exclude<Metric, "fisher" | "low-rank">;
const shapes: readonly ProposalShape[] = ["unit", "diagonal", "dense"];

/** The state of kernels over ℝⁿ that need energies only. */
export interface RealState extends KernelState<Float64Array> {
  energy: number;
}

/** A kernel over any energy on ℝⁿ, such as a random walk or a slice. */
export type RealKernel = Kernel<Energy<Float64Array>, Float64Array, RealState, StepInfo>;

/**
 * Returns random-walk Metropolis: x' = x + scale ∘ ξ with ξ standard normal, accepted with probability min(1, exp(−β
 * ΔE)) (Metropolis et al. 1953). Needs no gradient. Warm-up tunes the overall size by dual averaging and the relative
 * sizes of the coordinates from the variances of the draws. With `metric: "dense"` it is adaptive Metropolis (Haario,
 * Saksman & Tamminen 2001): the proposal has the covariance of the draws so far, times 2.38²/d at first. The tuning is
 * frozen after the warm-up, so that the draws come from an ordinary Markov chain.
 *
 * @throws {ArgumentError} for options out of range.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { randomWalk, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), randomWalk(), { seed: 1 });
 * console.table(summary(draws));
 * ```
 */
export function randomWalk(options: RandomWalkOptions = {}): RealKernel {
  checkOptions("randomWalk", options, "scale targetAcceptance metric");
  const { scale } = options;
  for (const value of typeof scale === "number" ? [scale] : (scale ?? [])) {
    checkNumber("scale", value, { above: 0 });
  }
  const { targetAcceptance } = options;
  if (targetAcceptance !== undefined)
    checkNumber("targetAcceptance", targetAcceptance, { above: 0, max: 0.999 });
  const metric = checkName("metric", options.metric ?? "diagonal", shapes);
  return {
    name: "random-walk",
    bind: (energy) => new BoundRandomWalk(energy, scale, targetAcceptance, metric),
  };
}

class BoundRandomWalk implements BoundKernel<Float64Array, RealState, StepInfo> {
  readonly #energy: Energy<Float64Array>;
  readonly #dimension: number;
  readonly #shape: Float64Array;
  #size: number;
  readonly #target: number;
  readonly #proposal: Float64Array;
  readonly #metric: ProposalShape;
  /** Lower factor of the proposal's covariance, once a dense metric is learnt; until then `shape` is its diagonal. */
  #factor: Float64Array | undefined;
  readonly #noise: Float64Array;
  readonly #info = { acceptanceProbability: 0, diverged: false, undefinedEnergy: false };

  constructor(
    energy: Energy<Float64Array>,
    scale: RandomWalkOptions["scale"],
    target: number | undefined,
    metric: ProposalShape,
  ) {
    this.#metric = metric;
    this.#energy = energy;
    this.#dimension = realDimension(energy, "random-walk");
    this.#shape = new Float64Array(this.#dimension).fill(1);
    this.#size = typeof scale === "number" ? scale : 1;
    if (scale === undefined) this.#size = 2.38 / Math.sqrt(this.#dimension);
    else if (typeof scale !== "number") {
      checkLength("scale", scale.length, this.#dimension);
      this.#shape.set(scale);
    }
    this.#target = target ?? 0.234 + 0.206 / this.#dimension;
    this.#proposal = new Float64Array(this.#dimension);
    this.#noise = new Float64Array(this.#dimension);
  }

  init(position: Float64Array): RealState {
    checkLength("position", position.length, this.#dimension);
    const energy = this.#energy.energy(position);
    checkStart(energy, position, this.#energy);
    return { position: position.slice(), energy };
  }

  step(rng: Rng, state: RealState, inverseTemperature: number): StepInfo {
    const proposal = this.#proposal;
    this.#propose(rng, state.position, proposal);
    const energy = this.#energy.energy(proposal);
    const info = this.#info;
    info.undefinedEnergy = Number.isNaN(energy);
    info.diverged = info.undefinedEnergy;
    if (energy === -Infinity)
      throw new EnergyValueError("the energy of a proposal is -Infinity: E must be bounded below");
    info.acceptanceProbability = info.diverged
      ? 0
      : metropolisProbability(inverseTemperature * (energy - state.energy));
    if (rng.bernoulli(info.acceptanceProbability)) {
      state.position.set(proposal);
      state.energy = energy;
    }
    return info;
  }

  #propose(rng: Rng, position: Float64Array, proposal: Float64Array): void {
    const d = this.#dimension;
    const noise = this.#noise;
    for (let i = 0; i < d; i++) noise[i] = this.#size * rng.normal();
    for (let i = 0; i < d; i++) {
      let move = 0;
      if (this.#factor === undefined) move = this.#shape[i] * noise[i];
      else for (let j = 0, at = i * d; j <= i; j++, at++) move += this.#factor[at] * noise[j];
      proposal[i] = position[i] + move;
    }
  }

  warmup(steps: number): Adaptation<RealState, StepInfo> {
    const averaging = new DualAveraging(this.#size, this.#target);
    const windows = warmupWindows(steps);
    const dense = this.#metric === "dense";
    const moments = dense ? new RunningCovariance(this.#dimension) : new RunningVariance(this.#dimension);
    const lastEnd = windows.ends.at(-1) ?? -1;
    let step = 0;
    return {
      update: (state, info) => {
        averaging.update(info.acceptanceProbability);
        this.#size = averaging.stepSize;
        if (this.#metric !== "unit" && step >= windows.start && step <= lastEnd) {
          moments.add(state.position);
          if (windows.ends.includes(step)) {
            if ("takeScales" in moments) this.#shape.set(moments.takeScales());
            else this.#factor = moments.takeFactor();
            averaging.restart(2.38 / Math.sqrt(this.#dimension));
            this.#size = averaging.stepSize;
          }
        }
        step++;
      },
      finish: () => {
        this.#size = averaging.settle(1.6);
        const tuned = { size: this.#size, shape: [...this.#shape] };
        return this.#factor === undefined ? tuned : { ...tuned, factor: [...this.#factor] };
      },
    };
  }

  restore(tuned: Readonly<Record<string, number | readonly number[]>>): void {
    this.#size = tuned.size as number;
    this.#shape.set(tuned.shape as readonly number[]);
    if (tuned.factor !== undefined) this.#factor = Float64Array.from(tuned.factor as readonly number[]);
  }
}

/** Returns min(1, e^−x). */
export function metropolisProbability(x: number): number {
  return x <= 0 ? 1 : exp(-x);
}
