import { checkNumber, type Energy } from "@basin/energy-core";
import { checkLength, checkOptions, realDimension } from "@basin/energy-core/internal";
import { exponential, type Rng } from "@basin/energy-core/random";
import type { BoundKernel, StepInfo } from "../kernel.ts";
import { checkStart } from "./hamiltonian.ts";
import type { RealKernel, RealState } from "./random-walk.ts";

/** Options of {@link slice}. */
export interface SliceOptions {
  /** Width of the first interval, above 0: about the standard deviation of a coordinate. Default 1. */
  width?: number;
  /** Maximum number of widths by which the interval grows, on both sides together. Default 32. */
  maxSteps?: number;
}

/**
 * Returns slice sampling coordinate by coordinate (Neal 2003). The level is βE plus an exponential draw. An interval
 * around x_i is extended until both ends are above the level. Uniform draws from it shrink it until one is below the
 * level. exp(−βE) is invariant. It needs no gradient, and warm-up adapts only the width. A step updates every
 * coordinate once.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { slice, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), slice({ width: 2 }), { seed: 1 });
 * console.table(summary(draws));
 * ```
 */
export function slice(options: SliceOptions = {}): RealKernel {
  checkOptions("slice", options, "width maxSteps");
  const width = checkNumber("width", options.width ?? 1, { above: 0 });
  const maxSteps = checkNumber("maxSteps", options.maxSteps ?? 32, { min: 1, integer: true });
  return {
    name: "slice",
    bind(energy): BoundKernel<Float64Array, RealState, StepInfo> {
      const dimension = realDimension(energy, "slice");
      const info = { acceptanceProbability: 1, diverged: false, undefinedEnergy: false };
      return {
        init(position) {
          checkLength("position", position.length, dimension);
          const value = energy.energy(position);
          checkStart(value, position, energy);
          return { position: position.slice(), energy: value };
        },
        step(rng, state, inverseTemperature) {
          info.diverged = false;
          for (let i = 0; i < dimension; i++) {
            if (updateCoordinate(energy, state, i, { rng, inverseTemperature, width, maxSteps }))
              info.diverged = true;
          }
          info.undefinedEnergy = info.diverged;
          return info;
        },
      };
    },
  };
}

interface SliceStep {
  readonly rng: Rng;
  readonly inverseTemperature: number;
  readonly width: number;
  readonly maxSteps: number;
}

/** Draws coordinate i from its slice. Returns whether an energy was NaN, which counts as outside. */
function updateCoordinate(
  energy: Energy<Float64Array>,
  state: RealState,
  i: number,
  step: SliceStep,
): boolean {
  const { rng, inverseTemperature, width, maxSteps } = step;
  const { position } = state;
  const start = position[i];
  const level = inverseTemperature * state.energy + exponential(rng);
  let diverged = false;
  let value = state.energy;
  const inside = (x: number): boolean => {
    position[i] = x;
    value = energy.energy(position);
    if (Number.isNaN(value)) diverged = true;
    return inverseTemperature * value < level;
  };
  let low = start - width * rng.uniform();
  let high = low + width;
  // The steps are divided between the sides at random, which keeps the step reversible if they run out.
  let left = rng.index(maxSteps);
  let right = maxSteps - 1 - left;
  while (left-- > 0 && inside(low)) low -= width;
  while (right-- > 0 && inside(high)) high += width;
  for (;;) {
    const x = low + rng.uniform() * (high - low);
    // The interval has shrunk to the start.
    if (x === start || high - low < 1e-15 * Math.max(1, Math.abs(start))) {
      position[i] = start;
      return diverged;
    }
    if (inside(x)) {
      state.energy = value;
      return diverged;
    }
    if (x < start) low = x;
    else high = x;
  }
}
