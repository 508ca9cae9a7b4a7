import { ArgumentError, checkNumber } from "@basin/energy-core";
import type { RunOptions } from "@basin/energy-core/run";
import type { Initial } from "../run/initial.ts";
import { geometricSchedule, linearSchedule } from "./schedule.ts";

/** Options of `temper`. */
export interface TemperOptions<X> extends RunOptions {
  /** Seed of all randomness. Default: drawn, and reported in the result. */
  seed?: number;
  /** T of the levels, each above 0, all different, in any order. The draws are those of the coldest level. */
  temperatures?: readonly number[];
  /** β of the levels, ascending. Never together with `temperatures`. */
  inverseTemperatures?: readonly number[];
  /** Number of levels, if only the two extremes are given: initially geometric (linear from β = 0). */
  levels?: number;
  /**
   * Number of independent ensembles. Each gives one chain, or as many as a group of the kernel has walkers. Default 2.
   */
  chains?: number;
  /** Rounds before the first draw, which place the levels and adapt the kernel at each. Default 1000. */
  warmup?: number;
  /** Draws a chain. Default 1000. */
  draws?: number;
  /** Rounds from one draw to the next. Default 1. */
  thin?: number;
  /** Kernel steps a round. Default 1. */
  steps?: number;
  /**
   * Rounds between cluster moves, at the colder half of the levels, if the walkers have them. Default 4; 0 for none.
   */
  clustersEvery?: number;
  /** Whether warm-up moves the inner levels until all exchanges are refused equally often. Default true. */
  adapt?: boolean;
  /** Where every level starts. */
  initial?: Initial<X>;
  /** Whether the gradient is compared with the energy at the first start, where the kernel follows it. Default true. */
  checkGradient?: boolean;
}

/** How long a ladder runs, and what is kept of it. */
export interface Plan {
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  readonly thin: number;
  readonly adapt: boolean;
  readonly steps: number;
}

/** Returns the plan that options name. @throws {ArgumentError} for options out of range. */
export function planOf(options: TemperOptions<unknown>): Plan {
  return {
    chains: checkNumber("chains", options.chains ?? 2, { min: 1, integer: true }),
    warmup: checkNumber("warmup", options.warmup ?? 1000, { min: 0, integer: true }),
    draws: checkNumber("draws", options.draws ?? 1000, { min: 1, integer: true }),
    thin: checkNumber("thin", options.thin ?? 1, { min: 1, integer: true }),
    adapt: options.adapt ?? true,
    steps: checkNumber("steps", options.steps ?? 1, { min: 1, integer: true }),
  };
}

type Levels = Pick<TemperOptions<unknown>, "temperatures" | "inverseTemperatures" | "levels">;

/**
 * Returns the inverse temperatures that options name, from hot to cold. @throws {ArgumentError} for a ladder that does
 * not rise.
 */
export function planLadder(options: Levels): Float64Array {
  const { levels } = options;
  const betas = givenLadder(options);
  if (levels === undefined) return betas;
  if (betas.length !== 2) {
    throw new ArgumentError("levels goes with the two extreme inverseTemperatures or temperatures alone");
  }
  checkNumber("levels", levels, { min: 2, integer: true });
  return (betas[0] === 0 ? linearSchedule : geometricSchedule)(betas[0], betas[1], levels);
}

function givenLadder({ temperatures, inverseTemperatures }: Levels): Float64Array {
  if (temperatures !== undefined && inverseTemperatures !== undefined)
    throw new ArgumentError("temperatures and inverseTemperatures were both given; give one");
  const name = temperatures === undefined ? "inverseTemperatures" : "temperatures";
  for (const [k, T] of (temperatures ?? []).entries()) checkNumber(`temperatures[${k}]`, T, { above: 0 });
  const betas = inverseTemperatures ?? [...(temperatures ?? [])].sort((a, b) => b - a).map((T) => 1 / T);
  if (betas.length < 2) throw new ArgumentError(`${name} needs at least two values`);
  for (const [i, beta] of betas.entries()) {
    checkNumber(`inverseTemperatures[${i}]`, beta, { min: 0 });
    if (i === 0 || beta > betas[i - 1]) continue;
    throw new ArgumentError(
      temperatures === undefined
        ? `inverseTemperatures must rise, but ${beta} follows ${betas[i - 1]}`
        : `temperature ${1 / beta} is given twice`,
    );
  }
  return Float64Array.from(betas);
}
