import { CapabilityError, checkNumber } from "@basin/energy-core";
import { checkOptions, movesOf } from "@basin/energy-core/internal";
import { exp, log, type Rng } from "@basin/energy-core/random";
import type { MoveKernel, MoveState } from "../kernel.ts";
import { scaled, startsOf } from "./move-state.ts";
import { metropolisProbability } from "./random-walk.ts";
import { flipProbability } from "./single-site.ts";
import { sitesOf } from "./spaces.ts";

/**
 * Returns the locally balanced sampler: a move is chosen with probability proportional to exp(−β ΔE / 2) and accepted
 * with probability min(1, Z(x)/Z(x')), Z the sum of those weights (Zanella 2020). It is Gibbs-with-gradients (Grathwohl
 * et al. 2021) with exact differences instead of first-order estimates. A step is one proposal and reads all
 * differences once.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { gibbsWithGradients, sample, summary } from "@basin/samplers";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * console.table(summary(await sample(pair, gibbsWithGradients(), { seed: 1 })));
 * ```
 */
export function gibbsWithGradients(): MoveKernel {
  return {
    name: "gibbs-with-gradients",
    bind(energy) {
      const moves = movesOf(energy.space, "gibbs-with-gradients");
      const n = moves.count;
      const deltas = new Float64Array(n);
      const sums = new Float64Array(n + 1);
      const info = { acceptanceProbability: 0, diverged: false };
      /**
       * Fills `sums` with the running sums of exp(offset − β ΔE/2). Returns the logarithm of the total without the
       * offset.
       */
      const accumulate = ({ cursor }: MoveState<unknown>, beta: number): number => {
        cursor.deltas(deltas);
        const lowest = deltas.reduce((least, delta) => Math.min(least, delta), Infinity);
        const offset = Number.isFinite(lowest) ? 0.5 * beta * lowest : 0;
        for (let i = 0; i < n; i++) sums[i + 1] = sums[i] + exp(offset - scaled(deltas[i], 0.5 * beta));
        return log(sums[n]) - offset;
      };
      return {
        init: startsOf(energy, "gibbs-with-gradients"),
        step(rng, state, inverseTemperature) {
          const before = accumulate(state, inverseTemperature);
          if (!(sums[n] > 0)) {
            // Every move leads to infinite energy.
            info.acceptanceProbability = 0;
            return info;
          }
          const move = bisect(rng, sums);
          state.cursor.apply(move);
          const after = accumulate(state, inverseTemperature);
          info.acceptanceProbability = metropolisProbability(after - before);
          if (!rng.bernoulli(info.acceptanceProbability)) state.cursor.apply(moves.inverse(move));
          return info;
        },
      };
    },
  };
}

/** Draws an index with probability proportional to the increments of `sums`, by halving: O(log n) draws. */
function bisect(rng: Rng, sums: Float64Array): number {
  let low = 0;
  let high = sums.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rng.bernoulli((sums[middle] - sums[low]) / (sums[high] - sums[low]))) high = middle;
    else low = middle;
  }
  return low;
}

/** Options of {@link discreteLangevin}. */
export interface DiscreteLangevinOptions {
  /** Step size α, above 0: larger flips more spins at once. Default 1. */
  stepSize?: number;
}

/**
 * Returns the Metropolis-adjusted discrete Langevin sampler: every spin is proposed to flip independently with
 * probability 1/(1 + exp(β ΔE_i/2 + 2/α)), and the whole move is accepted or rejected (DMALA; Zhang, Liu & Liu 2022,
 * with exact differences).
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { discreteLangevin, sample, summary } from "@basin/samplers";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * console.table(summary(await sample(pair, discreteLangevin({ stepSize: 2 }), { seed: 1 })));
 * ```
 */
export function discreteLangevin(options: DiscreteLangevinOptions = {}): MoveKernel {
  checkOptions("discreteLangevin", options, "stepSize");
  const alpha = checkNumber("stepSize", options.stepSize ?? 1, { above: 0 });
  return {
    name: "discrete-langevin",
    bind(energy) {
      const { count: n, values } = sitesOf(energy, "discrete-langevin");
      if (values.length !== 2) {
        throw new CapabilityError(
          `discrete-langevin flips sites of two values; ${energy.space.name} have ${values.length}`,
        );
      }
      const deltas = new Float64Array(n);
      const flipped = new Uint8Array(n);
      const info = { acceptanceProbability: 0, diverged: false };
      /** Log probability of proposing exactly the flips in `flipped` from here. */
      const logProposal = ({ cursor }: MoveState<unknown>, beta: number): number => {
        cursor.deltas(deltas);
        let sum = 0;
        for (let i = 0; i < n; i++) {
          const p = flipProbability(scaled(deltas[i], 0.5 * beta) + 2 / alpha);
          sum += log(flipped[i] ? p : 1 - p);
        }
        return sum;
      };
      const apply = ({ cursor }: MoveState<unknown>) => {
        for (let i = 0; i < n; i++) if (flipped[i]) cursor.apply(i);
      };
      return {
        init: startsOf(energy, "discrete-langevin"),
        step(rng, state, inverseTemperature) {
          state.cursor.deltas(deltas);
          for (let i = 0; i < n; i++) {
            flipped[i] = Number(
              rng.bernoulli(flipProbability(scaled(deltas[i], 0.5 * inverseTemperature) + 2 / alpha)),
            );
          }
          const start = state.energy;
          const forward = logProposal(state, inverseTemperature);
          apply(state);
          const backward = logProposal(state, inverseTemperature);
          const cost = scaled(state.energy - start, inverseTemperature) + forward - backward;
          info.diverged = Number.isNaN(cost);
          info.acceptanceProbability = info.diverged ? 0 : metropolisProbability(cost);
          if (!rng.bernoulli(info.acceptanceProbability)) apply(state);
          return info;
        },
      };
    },
  };
}
