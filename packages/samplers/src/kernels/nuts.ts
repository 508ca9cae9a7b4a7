import { checkNumber, type DifferentiableEnergy } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import {
  checkMetric,
  hamiltonianWarmup,
  type Metric,
  restoreHamiltonian,
} from "../adapt/hamiltonian-warmup.ts";
import type { BoundKernel, Kernel } from "../kernel.ts";
import {
  copyGradientState,
  copyVector,
  DIVERGENCE,
  denseLeapfrog,
  diagonalLeapfrog,
  energyError,
  type GradientState,
  gradientState,
  type HamiltonianInfo,
  isUndefined,
  type PhasePoint,
  phasePoint,
  refreshMomentum,
} from "./hamiltonian.ts";
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
  /** Mass matrix that warm-up learns. Default "diagonal". */
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
 * Returns the no-U-turn sampler: Hamiltonian trajectories that double until they turn back, with multinomial sampling along
 * them and a bias toward the newer half (Hoffman & Gelman 2014; Betancourt 2017), the generalized U-turn criterion and its
 * two extra checks across the joint of two subtrees (as current Stan).
 *
 * Leaves exp(−βE) invariant. Needs {@link DifferentiableEnergy}.
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
  const stepSize = checkNumber("stepSize", options.stepSize ?? 1, { above: 0 });
  const targetAcceptance = checkNumber("targetAcceptance", options.targetAcceptance ?? 0.8, {
    above: 0,
    max: 0.999,
  });
  const maxTreeDepth = checkNumber("maxTreeDepth", options.maxTreeDepth ?? 10, {
    min: 1,
    max: 24,
    integer: true,
  });
  const settings = { stepSize, targetAcceptance, maxTreeDepth, metric: checkMetric(options.metric) };
  return {
    name: "nuts",
    bind(energy) {
      checkDifferentiable(energy, "nuts");
      return new BoundNuts(energy, settings);
    },
  };
}

interface Settings {
  readonly stepSize: number;
  readonly targetAcceptance: number;
  readonly maxTreeDepth: number;
  readonly metric: Metric;
}

// Where the running figures of a trajectory stand. Weights are exp(H₀ − H − offset).
const START_ENERGY = 0;
const BETA = 1;
const OFFSET = 2;
const TREE_WEIGHT = 3;
const SUBTREE_WEIGHT = 4;
const ACCEPTANCE_SUM = 5;
const PROPOSAL_KINETIC = 6;
const KINETIC = 7;

class BoundNuts implements BoundKernel<Float64Array, GradientState, NutsInfo> {
  readonly #energy: DifferentiableEnergy;
  readonly #settings: Settings;
  readonly #tunable;
  /** The two ends of the trajectory, [backward, forward], integrated in place. */
  readonly #ends: readonly [PhasePoint, PhasePoint];
  readonly #proposal: GradientState;
  readonly #tree: MomentumTree;
  readonly #info: { -readonly [K in keyof NutsInfo]: NutsInfo[K] };
  // In an array, because a number with a fraction that is stored in a field is allocated anew at every store.
  readonly #figures = new Float64Array(8);
  #gradients = 0;
  #diverged = false;
  #undefined = false;

  constructor(energy: DifferentiableEnergy, settings: Settings) {
    const d = energy.space.dimension;
    this.#energy = energy;
    this.#settings = settings;
    const leapfrog = settings.metric === "dense" ? denseLeapfrog(energy) : diagonalLeapfrog(energy);
    this.#tunable = { leapfrog, metric: settings.metric, stepSize: settings.stepSize };
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
    info.acceptanceProbability = this.#gradients > 0 ? this.#figures[ACCEPTANCE_SUM] / this.#gradients : 0;
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
    const { leapfrog, stepSize } = this.#tunable;
    leapfrog.step(point, direction === 1 ? stepSize : -stepSize, this.#figures[BETA]);
    this.#gradients++;
    const error = energyError(point, this.#figures[BETA], this.#figures[START_ENERGY]);
    if (error > DIVERGENCE) {
      this.#diverged = true;
      this.#undefined = isUndefined(point);
      return false;
    }
    // A fall of the energy beyond e^300 would overflow the weights: they are measured from the new level instead.
    if (-error - this.#figures[OFFSET] > 300) this.#rescale(-error);
    const weight = exp(-error - this.#figures[OFFSET]);
    this.#figures[ACCEPTANCE_SUM] += error <= 0 ? 1 : this.#figures[OFFSET] === 0 ? weight : exp(-error);
    this.#figures[SUBTREE_WEIGHT] += weight;
    // Each point of a subtree is kept with probability proportional to its weight: a reservoir of size one.
    if (weight === this.#figures[SUBTREE_WEIGHT] || rng.bernoulli(weight / this.#figures[SUBTREE_WEIGHT])) {
      copyGradientState(point, this.#proposal);
      this.#figures[PROPOSAL_KINETIC] = point.kinetic;
    }
    return true;
  }

  #rescale(offset: number): void {
    const factor = exp(this.#figures[OFFSET] - offset);
    this.#figures[TREE_WEIGHT] *= factor;
    this.#figures[SUBTREE_WEIGHT] *= factor;
    this.#figures[OFFSET] = offset;
  }
}
