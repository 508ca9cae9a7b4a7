import { ArgumentError, checkNumber, type DifferentiableEnergy } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { exp } from "@basin/energy-core/random";
import { hamiltonianWarmup, restoreHamiltonian } from "../adapt/hamiltonian-warmup.ts";
import { checkMetric, type Metric, warmupOf } from "../adapt/metric-learner.ts";
import type { BoundKernel, Kernel } from "../kernel.ts";
import {
  copyGradientState,
  DIVERGENCE,
  energyError,
  type GradientState,
  gradientState,
  type HamiltonianInfo,
  isUndefined,
  phasePoint,
  refreshMomentum,
} from "./hamiltonian.ts";
import { leapfrogOf } from "./leapfrog.ts";
import { checkDifferentiable } from "./spaces.ts";

/** Options of {@link hmc}. */
export interface HmcOptions {
  /** Leapfrog step size ε, above 0. Default 1; warm-up replaces it. */
  stepSize?: number;
  /** Leapfrog steps a trajectory. Default: as many as `pathLength` takes, at most `maxSteps`. */
  steps?: number;
  /** Length of a trajectory, ε · steps, in units of the metric. Default π/2. Never together with `steps`. */
  pathLength?: number;
  /** Most leapfrog steps that `pathLength` may ask for. Default 1024. */
  maxSteps?: number;
  /**
   * The step size of each trajectory is drawn from ε · [1 − jitter, 1 + jitter], to avoid periodic orbits. In [0, 1).
   * Default 0.2.
   */
  jitter?: number;
  /** Mean acceptance probability that warm-up tunes ε to, in (0, 1). Default 0.651 (Beskos et al. 2013). */
  targetAcceptance?: number;
  /** Mass matrix that warm-up learns. Default "low-rank". */
  metric?: Metric;
}

/** A kernel over differentiable energies with Hamiltonian diagnostics. */
export type HmcKernel = Kernel<DifferentiableEnergy, Float64Array, GradientState, HamiltonianInfo>;

/**
 * Returns Hamiltonian Monte Carlo with trajectories of fixed length (Duane et al. 1987; Neal 2011): a standard normal
 * momentum, leapfrog steps, and a Metropolis test on H = βE + ½|p|². Leaves exp(−βE) invariant.
 *
 * @throws {ArgumentError} for options out of range.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { hmc, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), hmc(), { seed: 1 });
 * console.table(summary(draws));
 * ```
 */
export function hmc(options: HmcOptions = {}): HmcKernel {
  checkOptions("hmc", options, "stepSize steps pathLength maxSteps jitter targetAcceptance metric");
  const { steps, pathLength } = options;
  const metric = checkMetric(options.metric);
  if (steps !== undefined && pathLength !== undefined) {
    throw new ArgumentError(`steps (${steps}) and pathLength (${pathLength}) were both given; give one`);
  }
  if (steps !== undefined) checkNumber("steps", steps, { min: 1, integer: true });
  const length = checkNumber("pathLength", pathLength ?? Math.PI / 2, { above: 0 });
  const maxSteps = checkNumber("maxSteps", options.maxSteps ?? 1024, { min: 1, integer: true });
  const jitter = checkNumber("jitter", options.jitter ?? 0.2, { min: 0, max: 0.999 });
  const stepSize = checkNumber("stepSize", options.stepSize ?? 1, { above: 0 });
  const targetAcceptance = checkNumber("targetAcceptance", options.targetAcceptance ?? 0.651, {
    above: 0,
    max: 0.999,
  });
  const stepsAt = (size: number) => steps ?? Math.min(maxSteps, Math.max(1, Math.round(length / size)));
  return {
    name: "hmc",
    warmup: warmupOf(metric),
    bind(energy) {
      checkDifferentiable(energy, "hmc");
      return bindHmc(energy, { stepSize, stepsAt, jitter, targetAcceptance, metric });
    },
  };
}

interface Settings {
  readonly stepSize: number;
  stepsAt(stepSize: number): number;
  readonly jitter: number;
  readonly targetAcceptance: number;
  readonly metric: Metric;
}

function bindHmc(
  energy: DifferentiableEnergy,
  settings: Settings,
): BoundKernel<Float64Array, GradientState, HamiltonianInfo> {
  const { metric, jitter, targetAcceptance } = settings;
  const leapfrog = leapfrogOf(metric, energy);
  const tunable = { leapfrog, metric, stepSize: settings.stepSize };
  const point = phasePoint(energy.space.dimension);
  const info = {
    acceptanceProbability: 0,
    diverged: false,
    undefinedEnergy: false,
    hamiltonian: 0,
    gradients: 0,
    stepSize: 0,
  };
  return {
    init: (position) => gradientState(energy, position),
    warmup: (steps, state, rng, inverseTemperature) =>
      hamiltonianWarmup(tunable, { steps, state, rng, inverseTemperature, targetAcceptance }),
    restore: (tuned) => restoreHamiltonian(tunable, tuned),
    step(rng, state, inverseTemperature) {
      copyGradientState(state, point);
      refreshMomentum(rng, point);
      const start = inverseTemperature * state.energy + point.kinetic;
      const spread = jitter === 0 ? 1 : 1 + jitter * (2 * rng.uniform() - 1);
      const count = settings.stepsAt(tunable.stepSize);
      info.stepSize = tunable.stepSize * spread;
      info.diverged = false;
      let error = 0;
      let taken = 0;
      while (taken < count && !info.diverged) {
        leapfrog.step(point, info.stepSize, inverseTemperature);
        taken++;
        error = energyError(point, inverseTemperature, start);
        info.diverged = error > DIVERGENCE;
      }
      info.undefinedEnergy = info.diverged && isUndefined(point);
      const accepted = info.diverged ? 0 : error <= 0 ? 1 : exp(-error);
      info.acceptanceProbability = accepted;
      info.gradients = taken;
      info.hamiltonian = start;
      if (rng.bernoulli(accepted)) {
        copyGradientState(point, state);
        info.hamiltonian = start + error;
      }
      return info;
    },
  };
}
