import type { Energy, VectorLike } from "@basin/energy-core";
import { checkLength, checkOptions, oneEach, realDimension } from "@basin/energy-core/internal";
import { exponential, type Rng } from "@basin/energy-core/random";
import type { BoundKernel, StepInfo } from "../kernel.ts";
import { checkStart } from "./hamiltonian.ts";
import type { RealKernel, RealState } from "./random-walk.ts";
import { turn } from "./turn.ts";

/** Options of {@link ellipticalSlice}: the Gaussian of its ellipses. */
export interface EllipticalSliceOptions {
  /** Its mean m, one number a coordinate. Default 0. */
  mean?: VectorLike;
  /** Its standard deviations σ, one for each coordinate or one for all, above 0. Default 1. */
  standardDeviations?: number | VectorLike;
}

/**
 * Returns elliptical slice sampling (Murray, Adams & MacKay 2010): a Gaussian draw ν ~ N(0, σ²) and the state x span
 * the ellipse m + (x − m) cos θ + ν sin θ. The new state is drawn from the part of the ellipse where βE − ½ Σ ((x_i −
 * m_i)/σ_i)² is below its value at x plus an exponential draw, by a bracket of angles that shrinks towards θ = 0.
 * exp(−βE) is invariant for any m and σ. Steps are long if the Gaussian is the prior of a Gaussian model, or has the
 * shape of the law and is wider. It needs no gradient and no step size. A step moves all coordinates.
 *
 * @throws {ArgumentError} for a mean that is not finite and deviations that are not above 0; {DimensionError} at
 * binding, if their number is not that of the coordinates.
 *
 * @example
 * ```ts
 * import { differentiable } from "@basin/energy-core";
 * import { ellipticalSlice, sample, summary } from "@basin/samplers";
 *
 * // A standard normal prior, and one measurement of the sum: 3 ± 0.5.
 * const posterior = differentiable(2, (x, gradient) => {
 *   const miss = (x[0] + x[1] - 3) / 0.5;
 *   for (const i of [0, 1]) gradient[i] = x[i] + miss / 0.5;
 *   return 0.5 * (x[0] ** 2 + x[1] ** 2 + miss ** 2);
 * });
 * console.table(summary(await sample(posterior, ellipticalSlice(), { seed: 1 })));
 * ```
 */
export function ellipticalSlice(options: EllipticalSliceOptions = {}): RealKernel {
  checkOptions("ellipticalSlice", options, "mean standardDeviations");
  return {
    name: "elliptical-slice",
    bind(energy): BoundKernel<Float64Array, RealState, StepInfo> {
      const dimension = realDimension(energy, "elliptical-slice");
      const prior = {
        mean: oneEach("mean", options.mean ?? 0, dimension),
        deviations: oneEach("standardDeviations", options.standardDeviations ?? 1, dimension, { above: 0 }),
      };
      const ellipse = { from: new Float64Array(dimension), to: new Float64Array(dimension) };
      const info = { acceptanceProbability: 1, diverged: false, undefinedEnergy: false };
      return {
        init(position) {
          checkLength("position", position.length, dimension);
          const value = energy.energy(position);
          checkStart(value, position, energy);
          return { position: position.slice(), energy: value };
        },
        step(rng, state, inverseTemperature) {
          info.diverged = moveOnEllipse(energy, state, { rng, inverseTemperature, prior, ellipse });
          info.undefinedEnergy = info.diverged;
          return info;
        },
      };
    },
  };
}

interface Prior {
  readonly mean: Float64Array;
  readonly deviations: Float64Array;
}

interface EllipseStep {
  readonly rng: Rng;
  readonly inverseTemperature: number;
  readonly prior: Prior;
  /** Room for x − m and ν. */
  readonly ellipse: { readonly from: Float64Array; readonly to: Float64Array };
}

const at = { cosine: 1, sine: 0 };

/** Moves to an angle in the slice. Returns whether an energy was NaN, which counts as outside. */
function moveOnEllipse(energy: Energy<Float64Array>, state: RealState, step: EllipseStep): boolean {
  const { rng, inverseTemperature, prior, ellipse } = step;
  const { mean, deviations } = prior;
  const { from, to } = ellipse;
  const { position } = state;
  for (let i = 0; i < position.length; i++) {
    from[i] = position[i] - mean[i];
    to[i] = deviations[i] * rng.normal();
  }
  const level = inverseTemperature * state.energy - priorEnergy(position, prior) + exponential(rng);
  let diverged = false;
  // Angles in turns.
  let angle = rng.uniform();
  let [low, high] = [angle - 1, angle];
  // A bracket narrower than the last digit of a turn contains only the state itself.
  while (high - low > 1e-16) {
    turn(angle, at);
    for (let i = 0; i < position.length; i++) position[i] = mean[i] + from[i] * at.cosine + to[i] * at.sine;
    const value = energy.energy(position);
    if (Number.isNaN(value)) diverged = true;
    if (inverseTemperature * value - priorEnergy(position, prior) < level) {
      state.energy = value;
      return diverged;
    }
    if (angle < 0) low = angle;
    else high = angle;
    angle = low + rng.uniform() * (high - low);
  }
  for (let i = 0; i < position.length; i++) position[i] = mean[i] + from[i];
  return diverged;
}

/** ½ Σ ((x_i − m_i)/σ_i)². */
function priorEnergy(x: Float64Array, { mean, deviations }: Prior): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += ((x[i] - mean[i]) / deviations[i]) ** 2;
  return 0.5 * sum;
}
