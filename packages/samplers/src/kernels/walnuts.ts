import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { warmupOf } from "../adapt/metric-learner.ts";
import { BoundNuts, type NutsKernel, type NutsOptions, nutsSettings } from "./nuts.ts";
import { checkDifferentiable } from "./spaces.ts";

/** Options of {@link walnuts}. */
export interface WalnutsOptions extends NutsOptions {
  /** Most that H = βE + ½|p|² may vary within a step, above 0; a step that exceeds it is halved. Default 0.5. */
  maxEnergyError?: number;
  /** Most halvings of a step, 1 to 20. Default 12. */
  maxHalvings?: number;
}

/**
 * Returns the no-U-turn sampler with steps that adapt along the trajectory (WALNUTS; Bou-Rabee, Carpenter, Kleppe & Liu
 * 2025): each step of size ε consists of 2^ℓ leapfrog steps, with the smallest ℓ that keeps H within `maxEnergyError`.
 * Points are weighted by the probability that the step back has the same ℓ. Use it for laws whose scale changes from
 * place to place, such as funnels, where no single step size works. On other laws {@link nuts} needs fewer gradients.
 *
 * Leaves exp(−βE) invariant. Needs a {@link DifferentiableEnergy}. Warm-up tunes ε so that undivided steps keep H on
 * average.
 *
 * @throws {ArgumentError} for options out of range.
 *
 * @example
 * ```ts
 * import { funnel } from "@basin/energy-core/targets";
 * import { sample, summary, walnuts } from "@basin/samplers";
 *
 * const draws = await sample(funnel({ dimension: 3 }), walnuts(), { seed: 1, draws: 200 });
 * console.table(summary(draws)); // x[0] has mean 0 and sd 3
 * ```
 */
export function walnuts(options: WalnutsOptions = {}): NutsKernel {
  checkOptions(
    "walnuts",
    options,
    "stepSize targetAcceptance maxTreeDepth metric maxEnergyError maxHalvings",
  );
  const { maxEnergyError, maxHalvings, ...rest } = options;
  const settings = {
    ...nutsSettings(rest),
    macroStep: {
      maxEnergyError: checkNumber("maxEnergyError", maxEnergyError ?? 0.5, { above: 0 }),
      maxHalvings: checkNumber("maxHalvings", maxHalvings ?? 12, { min: 1, max: 20, integer: true }),
    },
  };
  return {
    name: "walnuts",
    warmup: warmupOf(settings.metric),
    bind(energy) {
      checkDifferentiable(energy, "walnuts");
      return new BoundNuts(energy, settings);
    },
  };
}
