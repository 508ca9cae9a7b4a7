import { checkNumber, type DifferentiableEnergy } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import { hamiltonianWarmup, restoreHamiltonian } from "../adapt/hamiltonian-warmup.ts";
import { checkMetric, type Metric, warmupOf } from "../adapt/metric-learner.ts";
import type { BoundKernel, Kernel } from "../kernel.ts";
import {
  copyGradientState,
  copyVector,
  DIVERGENCE,
  energyError,
  type GradientState,
  gradientState,
  type HamiltonianInfo,
  isUndefined,
  type PhasePoint,
  phasePoint,
  refreshMomentum,
} from "./hamiltonian.ts";
import { leapfrogOf } from "./leapfrog.ts";
import { MacroStep, type MacroStepSettings } from "./macro-step.ts";
import { joinPoints, joinTrees, MomentumTree, type Subtree } from "./momentum-tree.ts";
import { checkDifferentiable } from "./spaces.ts";

/** Options of {@link nuts}. */
export interface NutsOptions {
  /** Leapfrog step size ε, above 0. Default 1; warm-up replaces it. */
  stepSize?: number;
  /** Mean acceptance probability that warm-up tunes ε to, in (0, 1). Default 0.8. */
  targetAcceptance?: number;
  /** Most doublings of a trajectory: at most 2^maxTreeDepth − 1 gradients a step. Default 10. */
  maxTreeDepth?: number;
  /** Mass matrix that warm-up learns. Default "low-rank". */
  metric?: Metric;
}

/** Diagnostics of a NUTS step. */
export interface NutsInfo extends HamiltonianInfo {
  /** Doublings made. */
  readonly treeDepth: number;
  /** Whether it stopped at `maxTreeDepth` before the trajectory turned. */
  readonly saturated: boolean;
}

/** A kernel over differentiable energies with Hamiltonian diagnostics. */
export type NutsKernel = Kernel<DifferentiableEnergy, Float64Array, GradientState, NutsInfo>;

/**
 * Returns the no-U-turn sampler: Hamiltonian trajectories that double until they turn back, with multinomial sampling
 * along them and a bias toward the newer half (Hoffman & Gelman 2014; Betancourt 2017), the generalized U-turn
 * criterion and its two extra checks across the joint of two subtrees (as current Stan).
 *
 * Leaves exp(−βE) invariant. Needs a {@link DifferentiableEnergy}.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts({ targetAcceptance: 0.9 }), { seed: 1 });
 * console.table(summary(draws));
 * ```
 */
export function nuts(options: NutsOptions = {}): NutsKernel {
  checkOptions("nuts", options, "stepSize targetAcceptance maxTreeDepth metric");
  const settings = nutsSettings(options);
  return {
    name: "nuts",
    warmup: warmupOf(settings.metric),
    bind(energy) {
      checkDifferentiable(energy, "nuts");
      return new BoundNuts(energy, settings);
    },
  };
}

/** Returns options with their defaults. @throws {ArgumentError} for options out of range. */
export function nutsSettings(options: NutsOptions): NutsSettings {
  const { stepSize = 1, targetAcceptance = 0.8, maxTreeDepth = 10 } = options;
  return {
    stepSize: checkNumber("stepSize", stepSize, { above: 0 }),
    targetAcceptance: checkNumber("targetAcceptance", targetAcceptance, { above: 0, max: 0.999 }),
    maxTreeDepth: checkNumber("maxTreeDepth", maxTreeDepth, { min: 1, max: 24, integer: true }),
    metric: checkMetric(options.metric),
  };
}

interface NutsSettings {
  readonly stepSize: number;
  readonly targetAcceptance: number;
  readonly maxTreeDepth: number;
  readonly metric: Metric;
  /** How steps are divided; absent where each is one leapfrog step. */
  readonly macroStep?: MacroStepSettings;
}

// Indices of the running figures of a trajectory. Weights are exp(H₀ − H − offset).
const START_ENERGY = 0;
const BETA = 1;
const OFFSET = 2;
const TREE_WEIGHT = 3;
const SUBTREE_WEIGHT = 4;
const ACCEPTANCE_SUM = 5;
const PROPOSAL_KINETIC = 6;
const KINETIC = 7;

/** NUTS bound to an energy, whose steps may be divided. */
export class BoundNuts implements BoundKernel<Float64Array, GradientState, NutsInfo> {
  readonly #energy: DifferentiableEnergy;
  readonly #settings: NutsSettings;
  readonly #tunable;
  /** The two ends of the trajectory, [backward, forward], integrated in place. */
  readonly #ends: readonly [PhasePoint, PhasePoint];
  readonly #proposal: GradientState;
  readonly #tree: MomentumTree;
  readonly #info: { -readonly [K in keyof NutsInfo]: NutsInfo[K] };
  // In an array, because a number with a fraction that is stored in a field is allocated anew at every store.
  readonly #figures = new Float64Array(8);
  readonly #macroStep: MacroStep | undefined;
  /** By end, the sum of the logarithms that macro steps add to weights. */
  readonly #corrections = new Float64Array(2);
  #leaves = 0;
  #gradients = 0;
  #diverged = false;
  #undefined = false;

  constructor(energy: DifferentiableEnergy, settings: NutsSettings) {
    const d = energy.space.dimension;
    this.#energy = energy;
    this.#settings = settings;
    const leapfrog = leapfrogOf(settings.metric, energy);
    this.#tunable = { leapfrog, metric: settings.metric, stepSize: settings.stepSize };
    if (settings.macroStep !== undefined) this.#macroStep = new MacroStep(leapfrog, d, settings.macroStep);
    this.#ends = [phasePoint(d), phasePoint(d)];
    this.#proposal = phasePoint(d);
    this.#tree = new MomentumTree(d, settings.maxTreeDepth);
    this.#info = {
      acceptanceProbability: 0,
      diverged: false,
      undefinedEnergy: false,
      saturated: false,
      hamiltonian: 0,
      gradients: 0,
      stepSize: settings.stepSize,
      treeDepth: 0,
    };
  }

  init(position: Float64Array): GradientState {
    return gradientState(this.#energy, position);
  }

  warmup(steps: number, state: GradientState, rng: Rng, inverseTemperature: number) {
    const { targetAcceptance } = this.#settings;
    return hamiltonianWarmup(this.#tunable, { steps, state, rng, inverseTemperature, targetAcceptance });
  }

  restore(tuned: Parameters<typeof restoreHamiltonian>[1]): void {
    restoreHamiltonian(this.#tunable, tuned);
  }

  step(rng: Rng, state: GradientState, inverseTemperature: number): NutsInfo {
    this.#begin(rng, state, inverseTemperature);
    const { maxTreeDepth } = this.#settings;
    const tree = this.#tree;
    let depth = 0;
    let straight = true;
    while (straight && depth < maxTreeDepth) {
      const direction = rng.bernoulli(0.5) ? 1 : 0;
      this.#figures[SUBTREE_WEIGHT] = 0;
      const whole = this.#build(rng, depth, tree.fresh, direction);
      if (!whole) {
        straight = false;
        break;
      }
      depth++;
      if (rng.bernoulli(this.#figures[SUBTREE_WEIGHT] / this.#figures[TREE_WEIGHT])) {
        copyGradientState(this.#proposal, state);
        this.#figures[KINETIC] = this.#figures[PROPOSAL_KINETIC];
      }
      this.#figures[TREE_WEIGHT] += this.#figures[SUBTREE_WEIGHT];
      straight = tree.extend(direction);
    }
    const info = this.#info;
    info.acceptanceProbability = this.#leaves > 0 ? this.#figures[ACCEPTANCE_SUM] / this.#leaves : 0;
    info.diverged = this.#diverged;
    info.undefinedEnergy = this.#undefined;
    info.saturated = straight;
    info.hamiltonian = inverseTemperature * state.energy + this.#figures[KINETIC];
    info.gradients = this.#gradients;
    info.stepSize = this.#tunable.stepSize;
    info.treeDepth = depth;
    return info;
  }

  #begin(rng: Rng, state: GradientState, inverseTemperature: number): void {
    const [backward, forward] = this.#ends;
    copyGradientState(state, backward);
    copyGradientState(state, forward);
    refreshMomentum(rng, forward);
    copyVector(forward.momentum, backward.momentum);
    backward.kinetic = forward.kinetic;
    this.#tree.start(forward.momentum);
    this.#figures[KINETIC] = forward.kinetic;
    this.#figures[BETA] = inverseTemperature;
    this.#figures[START_ENERGY] = inverseTemperature * state.energy + forward.kinetic;
    this.#figures[OFFSET] = 0;
    this.#figures[TREE_WEIGHT] = 1;
    this.#figures[ACCEPTANCE_SUM] = 0;
    this.#corrections.fill(0);
    this.#leaves = 0;
    this.#gradients = 0;
    this.#diverged = false;
    this.#undefined = false;
  }

  /** Builds a subtree of 2^depth points beyond one end into `out`. Returns false when it diverged or turned inside. */
  #build(rng: Rng, depth: number, out: Subtree, direction: 0 | 1): boolean {
    const { momentum } = this.#ends[direction];
    if (depth === 0) {
      if (!this.#leaf(rng, direction)) return false;
      copyVector(momentum, out.near);
      copyVector(momentum, out.far);
      copyVector(momentum, out.sum);
      return true;
    }
    const [first, second] = this.#tree.children[depth - 1];
    if (depth === 1) {
      if (!this.#leaf(rng, direction)) return false;
      copyVector(momentum, first.near);
      return this.#leaf(rng, direction) && joinPoints(first.near, momentum, out);
    }
    if (!this.#build(rng, depth - 1, first, direction)) return false;
    if (!this.#build(rng, depth - 1, second, direction)) return false;
    return joinTrees(first, second, out);
  }

  /** Takes one leapfrog step and lets the new point compete for the proposal. Returns false at a divergence. */
  #leaf(rng: Rng, direction: 0 | 1): boolean {
    const point = this.#ends[direction];
    this.#advance(rng, point, direction);
    this.#leaves++;
    const error = energyError(point, this.#figures[BETA], this.#figures[START_ENERGY]);
    if (error > DIVERGENCE) {
      this.#diverged = true;
      this.#undefined = isUndefined(point);
      return false;
    }
    const logWeight = this.#corrections[direction] - error;
    if (this.#macroStep === undefined) this.#figures[ACCEPTANCE_SUM] += error <= 0 ? 1 : exp(-error);
    else this.#figures[ACCEPTANCE_SUM] += this.#macroStep.acceptance;
    // There is no way back from there, nor from any point beyond.
    if (logWeight === -Infinity) return false;
    // A fall of the energy beyond e^300 would overflow the weights: they are measured from the new level instead.
    if (logWeight - this.#figures[OFFSET] > 300) this.#rescale(logWeight);
    const weight = exp(logWeight - this.#figures[OFFSET]);
    this.#figures[SUBTREE_WEIGHT] += weight;
    // Each point of a subtree is kept with probability proportional to its weight: a reservoir of size one.
    if (weight === this.#figures[SUBTREE_WEIGHT] || rng.bernoulli(weight / this.#figures[SUBTREE_WEIGHT])) {
      copyGradientState(point, this.#proposal);
      this.#figures[PROPOSAL_KINETIC] = point.kinetic;
    }
    return true;
  }

  /** Moves one end by a step. */
  #advance(rng: Rng, point: PhasePoint, direction: 0 | 1): void {
    const { leapfrog, stepSize } = this.#tunable;
    const step = direction === 1 ? stepSize : -stepSize;
    if (this.#macroStep === undefined) {
      leapfrog.step(point, step, this.#figures[BETA]);
      this.#gradients++;
      return;
    }
    this.#corrections[direction] += this.#macroStep.move(rng, point, step, this.#figures[BETA]);
    this.#gradients += this.#macroStep.gradients;
  }

  #rescale(offset: number): void {
    const factor = exp(this.#figures[OFFSET] - offset);
    this.#figures[TREE_WEIGHT] *= factor;
    this.#figures[SUBTREE_WEIGHT] *= factor;
    this.#figures[OFFSET] = offset;
  }
}
