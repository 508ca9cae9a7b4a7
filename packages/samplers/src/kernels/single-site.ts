import type { Cursor } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import type { MoveKernel } from "../kernel.ts";
import { settleMove } from "../run/rejections.ts";
import { planVisits, type SingleSiteOptions, scaledDelta, startsOf } from "./move-state.ts";
import { sitesOf } from "./spaces.ts";

/**
 * Returns single-site Metropolis dynamics: a visit proposes another value of a site, chosen uniformly, and accepts it
 * with probability min(1, exp(−β ΔE)) (Metropolis et al. 1953). If states are not values at sites, a visit proposes any
 * of their moves. A step is one sweep; sites are picked at random unless `order` says otherwise.
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
export function metropolis(options: SingleSiteOptions = {}): MoveKernel {
  checkOptions("metropolis", options, "order clamped visits");
  return {
    name: "metropolis",
    bind(energy) {
      const visits = planVisits(energy, options, "metropolis");
      const info = { acceptanceProbability: 0, diverged: false };
      return {
        init: startsOf(energy, "metropolis"),
        step(rng, { cursor }, inverseTemperature) {
          let sum = 0;
          for (let k = 0; k < visits.count; k++) {
            const site = visits.site(rng, k);
            const ways = visits.starts[site + 1] - visits.starts[site];
            const move = visits.starts[site] + (ways === 1 ? 0 : rng.index(ways));
            const cost = scaledDelta(cursor, move, inverseTemperature);
            const p = cost <= 0 ? 1 : exp(-cost);
            sum += p;
            if (rng.bernoulli(p)) settleMove(cursor, move);
          }
          info.acceptanceProbability = sum / visits.count;
          return info;
        },
      };
    },
  };
}

/**
 * Returns single-site heat-bath (Glauber) dynamics: a visit draws a site from its conditional distribution; a spin
 * flips with probability 1/(1 + exp(β ΔE)). A step is one sweep; sites are picked at random unless `order` says
 * otherwise.
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
export function heatBath(options: SingleSiteOptions = {}): MoveKernel {
  checkOptions("heatBath", options, "order clamped visits");
  return {
    name: "heat-bath",
    bind(energy) {
      const { values } = sitesOf(energy, "heat-bath");
      const visits = planVisits(energy, options, "heat-bath");
      const weights = new Float64Array(values.length);
      const info = { acceptanceProbability: 0, diverged: false };
      return {
        init: startsOf(energy, "heat-bath"),
        step(rng, { cursor }, inverseTemperature) {
          let sum = 0;
          for (let k = 0; k < visits.count; k++) {
            const first = visits.starts[visits.site(rng, k)];
            sum += drawSite(rng, cursor, first, inverseTemperature, weights);
          }
          info.acceptanceProbability = sum / visits.count;
          return info;
        },
      };
    },
  };
}

/**
 * Draws one site from its conditional law. It stays, or makes one of the moves from number `first` on. `weights` has
 * one entry for staying and one for each move. Returns the probability of a move.
 */
export function drawSite<X>(
  rng: Rng,
  cursor: Cursor<X>,
  first: number,
  inverseTemperature: number,
  weights: Float64Array,
): number {
  // Separate from the general draw, so that the compiler inlines the common case in the loop of the caller.
  if (weights.length > 2) return drawValue(rng, cursor, first, inverseTemperature, weights);
  const p = flipProbability(scaledDelta(cursor, first, inverseTemperature));
  if (rng.bernoulli(p)) settleMove(cursor, first);
  return p;
}

function drawValue<X>(
  rng: Rng,
  cursor: Cursor<X>,
  first: number,
  inverseTemperature: number,
  weights: Float64Array,
): number {
  const ways = weights.length - 1;
  let lowest = 0;
  weights[ways] = 0;
  for (let k = 0; k < ways; k++) {
    weights[k] = scaledDelta(cursor, first + k, inverseTemperature);
    lowest = Math.min(lowest, weights[k]);
  }
  let rest = 0;
  for (let k = 0; k <= ways; k++) {
    weights[k] = exp(lowest - weights[k]);
    rest += weights[k];
  }
  const p = 1 - weights[ways] / rest;
  let k = 0;
  while (k < ways && !rng.bernoulli(Math.min(1, weights[k] / rest))) rest -= weights[k++];
  if (k < ways) settleMove(cursor, first + k);
  return p;
}

/** Returns 1/(1 + e^x). */
export function flipProbability(x: number): number {
  return 1 / (1 + exp(x));
}
