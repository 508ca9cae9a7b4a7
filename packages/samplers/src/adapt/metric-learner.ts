import { checkName } from "@basin/energy-core/internal";
import type { GradientState } from "../kernels/hamiltonian.ts";
import { RunningCovariance, RunningVariance } from "./covariance.ts";
import { FisherWindow } from "./fisher.ts";
import { warmupWindows } from "./windows.ts";

/** Learns S of M⁻¹ = S Sᵀ from the states of warm-up. */
export interface MetricLearner {
  /**
   * Takes the state after step `step`, from 0, and returns S where it changes; `afresh` where the step size is to be
   * found anew.
   */
  learn(step: number, state: GradientState): { scale: Float64Array; afresh: boolean } | undefined;
  /** The step from which the metric stays. */
  readonly end: number;
}

const learners = {
  unit: (): MetricLearner => ({ learn: () => undefined, end: 0 }),
  diagonal: (steps: number, dimension: number) => {
    const moments = new RunningVariance(dimension);
    const add = (x: Float64Array) => moments.add(x);
    return inWindows(steps, add, () => moments.takeScales());
  },
  dense: (steps: number, dimension: number) => {
    const moments = new RunningCovariance(dimension);
    const add = (x: Float64Array) => moments.add(x);
    return inWindows(steps, add, () => moments.takeFactor());
  },
  fisher: (steps: number, _: number, beta: number) => allAlong(steps, (window) => window.diagonal(beta)),
  "low-rank": (steps: number, _: number, beta: number) => allAlong(steps, (window) => window.lowRank(beta)),
};

/**
 * Shape of the mass matrix: `"unit"` is never tuned; `"diagonal"` learns variances and `"dense"` the covariance, in
 * Stan's windows; `"fisher"` learns a diagonal and `"low-rank"` a diagonal and the directions that it misses, from
 * states and gradients, as nutpie does.
 */
export type Metric = keyof typeof learners;

/** Returns the metric, `"low-rank"` by default. @throws {ArgumentError} for an unknown name. */
export function checkMetric(metric: Metric = "low-rank"): Metric {
  return checkName("metric", metric, Object.keys(learners) as Metric[]);
}

/** Steps of warm-up that a metric takes where none are given. */
export function warmupOf(metric: Metric): number | undefined {
  return metric === "fisher" || metric === "low-rank" ? 400 : undefined;
}

/** Returns what learns a metric at β during `steps` steps of warm-up. */
export function metricLearner(metric: Metric, steps: number, dimension: number, inverseTemperature: number) {
  return learners[metric](steps, dimension, inverseTemperature);
}

/** Stan's schedule: each window is learnt from alone, and the step size starts again after it. */
function inWindows(steps: number, add: (x: Float64Array) => void, take: () => Float64Array): MetricLearner {
  const { start, ends } = warmupWindows(steps);
  const end = (ends.at(-1) ?? -1) + 1;
  return {
    end,
    learn(step, { position }) {
      if (step < start || step >= end) return undefined;
      add(position);
      return ends.includes(step) ? { scale: take(), afresh: true } : undefined;
    },
  };
}

// nutpie's figures.
const EARLY_SHARE = 0.3;
const LAST_SHARE = 0.15;
const EARLY_WINDOW = 10;
const WINDOW = 80;

/**
 * nutpie's schedule: S is renewed all along, each time that its states have grown by a quarter. Windows of 10 steps in
 * the first 30 % and of 80 later forget the states before the last one; for the last 15 % the metric stays.
 */
function allAlong(steps: number, scaleOf: (window: FisherWindow) => Float64Array): MetricLearner {
  const end = Math.floor((1 - LAST_SHARE) * steps);
  let [current, next] = [new FisherWindow(), new FisherWindow()];
  let seen = 0;
  let first = true;
  return {
    end,
    learn(step, { position, gradient }) {
      if (step >= end) return undefined;
      const [x, g] = [position.slice(), gradient.slice()];
      current.add(x, g);
      next.add(x, g);
      const size = step < EARLY_SHARE * steps ? EARLY_WINDOW : WINDOW;
      const turns = next.count >= size && step + size <= end;
      if (turns) [current, next] = [next, new FisherWindow()];
      if (current.count < EARLY_WINDOW || (!turns && current.count < 1.25 * seen)) return undefined;
      seen = current.count;
      const afresh = first;
      first = false;
      return { scale: scaleOf(current), afresh };
    },
  };
}
