import { checkName } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { exp, log } from "@basin/energy-core/random";
import type { Adaptation, StepInfo, TunedParameters } from "../kernel.ts";
import {
  copyGradientState,
  energyError,
  type GradientState,
  type Leapfrog,
  phasePoint,
  refreshMomentum,
} from "../kernels/hamiltonian.ts";
import { RunningCovariance, RunningVariance } from "./covariance.ts";
import { DualAveraging } from "./dual-averaging.ts";
import { warmupWindows } from "./windows.ts";

/** The tunable part of a Hamiltonian kernel. */
export interface Tunable {
  readonly leapfrog: Leapfrog;
  readonly metric: Metric;
  stepSize: number;
}

/** Shape of the mass matrix: `"unit"` is never tuned, `"diagonal"` learns variances, `"dense"` the full covariance. */
export type Metric = "unit" | "diagonal" | "dense";

/** Returns the metric, `"diagonal"` by default. @throws {ArgumentError} for an unknown name. */
export function checkMetric(metric: Metric = "diagonal"): Metric {
  return checkName("metric", metric, ["unit", "diagonal", "dense"]);
}

/** Everything the warm-up of a Hamiltonian kernel starts from. */
export interface WarmupStart {
  readonly steps: number;
  readonly state: GradientState;
  readonly rng: Rng;
  readonly inverseTemperature: number;
  readonly targetAcceptance: number;
}

/** Returns the warm-up of a Hamiltonian kernel: dual averaging of ε, and Stan's windows for the metric. */
export function hamiltonianWarmup(kernel: Tunable, start: WarmupStart): Adaptation<GradientState, StepInfo> {
  const { steps, rng, inverseTemperature } = start;
  const dimension = start.state.position.length;
  const windows = warmupWindows(steps);
  const moments =
    kernel.metric === "dense" ? new RunningCovariance(dimension) : new RunningVariance(dimension);
  kernel.stepSize = reasonableStepSize(kernel, start.state, rng, inverseTemperature);
  const averaging = new DualAveraging(kernel.stepSize, start.targetAcceptance);
  const lastEnd = windows.ends.at(-1) ?? -1;
  let step = 0;
  return {
    update(state, info) {
      averaging.update(info.diverged ? 0 : info.acceptanceProbability);
      kernel.stepSize = averaging.stepSize;
      if (kernel.metric !== "unit" && step >= windows.start && step <= lastEnd) {
        moments.add(state.position);
        if (windows.ends.includes(step)) {
          kernel.leapfrog.setScale("takeScales" in moments ? moments.takeScales() : moments.takeFactor());
          kernel.stepSize = reasonableStepSize(kernel, state, rng, inverseTemperature);
          averaging.restart(kernel.stepSize);
        }
      }
      step++;
    },
    finish(): TunedParameters {
      kernel.stepSize = averaging.settle();
      return { stepSize: kernel.stepSize, scale: [...kernel.leapfrog.scale] };
    },
  };
}

/** Sets what {@link hamiltonianWarmup} returned. */
export function restoreHamiltonian(kernel: Tunable, tuned: TunedParameters): void {
  kernel.stepSize = tuned.stepSize as number;
  kernel.leapfrog.setScale(Float64Array.from(tuned.scale as readonly number[]));
}

/**
 * Returns ε at which one leapfrog step is accepted with a probability near 0.8, by doubling or halving (as in Stan).
 */
function reasonableStepSize(
  kernel: Tunable,
  state: GradientState,
  rng: Rng,
  inverseTemperature: number,
): number {
  const point = phasePoint(state.position.length);
  const logTarget = log(0.8);
  const gain = (stepSize: number) => {
    copyGradientState(state, point);
    refreshMomentum(rng, point);
    const start = inverseTemperature * point.energy + point.kinetic;
    kernel.leapfrog.step(point, stepSize, inverseTemperature);
    return -energyError(point, inverseTemperature, start);
  };
  let stepSize = kernel.stepSize;
  const grows = gain(stepSize) > logTarget;
  const factor = grows ? 2 : 0.5;
  // 2^±100 of any sensible start covers every scale a double can tell apart.
  for (let i = 0; i < 100; i++) {
    stepSize *= factor;
    if (gain(stepSize) > logTarget !== grows) break;
  }
  return Math.min(Math.max(stepSize, exp(-60)), exp(60));
}
