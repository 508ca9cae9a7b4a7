import type { Rng } from "@basin/energy-core/random";
import { exp, log } from "@basin/energy-core/random";
import type { Adaptation, StepInfo, TunedParameters } from "../kernel.ts";
import {
  copyGradientState,
  energyError,
  type GradientState,
  phasePoint,
  refreshMomentum,
} from "../kernels/hamiltonian.ts";
import type { Leapfrog } from "../kernels/leapfrog.ts";
import { DualAveraging } from "./dual-averaging.ts";
import { type Metric, metricLearner } from "./metric-learner.ts";

/** The tunable part of a Hamiltonian kernel. */
export interface Tunable {
  readonly leapfrog: Leapfrog;
  readonly metric: Metric;
  stepSize: number;
}

/** Everything the warm-up of a Hamiltonian kernel starts from. */
export interface WarmupStart {
  readonly steps: number;
  readonly state: GradientState;
  readonly rng: Rng;
  readonly inverseTemperature: number;
  readonly targetAcceptance: number;
}

/** Returns the warm-up of a Hamiltonian kernel: dual averaging of ε, while a metric is learnt. */
export function hamiltonianWarmup(kernel: Tunable, start: WarmupStart): Adaptation<GradientState, StepInfo> {
  const { steps, rng, inverseTemperature } = start;
  const dimension = start.state.position.length;
  const learner = metricLearner(kernel.metric, steps, dimension, inverseTemperature);
  kernel.stepSize = reasonableStepSize(kernel, start.state, rng, inverseTemperature);
  const averaging = new DualAveraging(kernel.stepSize, start.targetAcceptance);
  let step = 0;
  return {
    update(state, info) {
      averaging.update(info.diverged ? 0 : info.acceptanceProbability);
      kernel.stepSize = averaging.stepSize;
      const learnt = learner.learn(step, state);
      if (learnt !== undefined) {
        kernel.leapfrog.setScale(learnt.scale);
        if (learnt.afresh) {
          kernel.stepSize = reasonableStepSize(kernel, state, rng, inverseTemperature);
          averaging.restart(kernel.stepSize);
        }
      }
      step++;
      if (step === learner.end) averaging.forget();
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
