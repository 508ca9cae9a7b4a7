import type { SpinEnergy } from "@basin/energy-core";
import { exp } from "@basin/energy-core/random";
import { checkSpins } from "./spaces.ts";
import { planVisits, type SingleSiteOptions, type SpinKernel, scaledDelta, spinState } from "./spin-state.ts";

/**
 * Returns single-spin Metropolis dynamics: a visited spin flips with probability min(1, exp(−β ΔE)) (Metropolis et al. 1953).
 * A step is one sweep; sites are picked at random unless `order` says otherwise.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { metropolis, sample, summary } from "@basin/samplers";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * console.table(summary(await sample(pair, metropolis(), { seed: 1 })));
 * ```
 */
export function metropolis(options: SingleSiteOptions = {}): SpinKernel {
  return singleSite("metropolis", options, (x) => (x <= 0 ? 1 : exp(-x)));
}

/**
 * Returns single-spin heat-bath (Glauber) dynamics: a visited spin is drawn from its conditional distribution, that is, it flips
 * with probability 1/(1 + exp(β ΔE)). A step is one sweep; sites are picked at random unless `order` says otherwise.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { heatBath, sample, summary } from "@basin/samplers";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * console.table(summary(await sample(pair, heatBath({ order: "sequential" }), { seed: 1 })));
 * ```
 */
export function heatBath(options: SingleSiteOptions = {}): SpinKernel {
  return singleSite("heat-bath", options, flipProbability);
}

/** Returns 1/(1 + e^x). */
export function flipProbability(x: number): number {
  return 1 / (1 + exp(x));
}

function singleSite(
  name: string,
  options: SingleSiteOptions,
  probability: (x: number) => number,
): SpinKernel {
  return {
    name,
    bind(energy: SpinEnergy) {
      checkSpins(energy, name);
      const visits = planVisits(energy.space.dimension, options);
      const info = { acceptanceProbability: 0, diverged: false };
      return {
        init: (position) => spinState(energy, position),
        step(rng, { cursor }, inverseTemperature) {
          let sum = 0;
          for (let k = 0; k < visits.count; k++) {
            const site = visits.site(rng, k);
            const p = probability(scaledDelta(cursor, site, inverseTemperature));
            sum += p;
            if (rng.bernoulli(p)) cursor.flip(site);
          }
          info.acceptanceProbability = sum / visits.count;
          return info;
        },
      };
    },
  };
}
