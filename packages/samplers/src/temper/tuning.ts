import type { Rng } from "@basin/energy-core/random";
import type { StateArray } from "../run/draws.ts";
import type { Walkers } from "../walkers/walkers.ts";

/**
 * Kernel steps that tune a kernel at one λ: long enough for a window of variances between the two fast phases of a
 * warm-up.
 */
const TUNING_STEPS = 200;

/** Below this mean acceptance a kernel on reals hardly moves; tuned ones accept from 0.23 on. */
const LEAST_ACCEPTANCE = 0.1;
/** Below this share of different particles the population is copies of a few. */
const LEAST_DISTINCT = 0.1;

/** Mean acceptance of the last step of walkers, by place: of all that share a level, or a λ. */
export class Acceptance {
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  constructor(places: number) {
    this.#sums = new Float64Array(places);
    this.#counts = new Float64Array(places);
  }

  save(): readonly [sums: Float64Array, counts: Float64Array] {
    return [this.#sums.slice(), this.#counts.slice()];
  }

  restore([sums, counts]: readonly [sums: Float64Array, counts: Float64Array]): void {
    this.#sums.set(sums);
    this.#counts.set(counts);
  }

  /** Adds the last step of the walkers from `from` to before `to`, where they say what they accepted. */
  add<X>({ can }: Walkers<X>, place: number, from: number, to: number): void {
    if (can.info === undefined) return;
    for (let w = from; w < to; w++) this.#sums[place] += can.info(w).acceptanceProbability;
    this.#counts[place] += to - from;
  }

  /** The means; empty where the walkers do not say. */
  get means(): number[] {
    if (this.#counts.every((count) => count === 0)) return [];
    return Array.from(this.#sums, (sum, place) => sum / this.#counts[place]);
  }
}

/** Returns a warning where a kernel hardly moved; discrete states, which rightly freeze in the cold, get none. */
export function acceptanceWarnings(
  acceptances: readonly number[],
  inverseTemperatures: ArrayLike<number>,
  logCount: number,
): string[] {
  if (logCount !== Infinity) return [];
  const low = acceptances.flatMap((mean, k) => (mean < LEAST_ACCEPTANCE ? [k] : []));
  if (low.length === 0) return [];
  const worst = low.reduce((a, b) => (acceptances[b] < acceptances[a] ? b : a));
  return [
    `the kernel accepted less than ${LEAST_ACCEPTANCE} of its moves at ${low.length} of ${acceptances.length} levels, ${acceptances[worst].toPrecision(2)} at ${inverseTemperatures[worst].toPrecision(3)}: what it should equilibrate hardly moves there. Use a kernel that tunes itself, a smaller step, or more levels.`,
  ];
}

/** Returns how many states differ from all before them. */
export function countDistinct<X extends StateArray>(states: readonly X[]): number {
  return new Set(states.map((state) => state.join())).size;
}

/** Returns a warning where a population on reals is copies of a few. */
export function distinctWarnings(distinct: number, particles: number, logCount: number): string[] {
  if (logCount !== Infinity || distinct >= LEAST_DISTINCT * particles) return [];
  return [
    `only ${distinct} of ${particles} particles differ at the end: the others are copies that never moved. Take more steps, or a kernel that fits the energy.`,
  ];
}

/** Returns the mean acceptance of the last step of all walkers; none where they do not say. */
export function lastAcceptance<X>(walkers: Walkers<X>): number[] {
  const acceptance = new Acceptance(1);
  acceptance.add(walkers, 0, 0, walkers.count);
  return acceptance.means;
}

/** Tunes walkers at one λ on copies of their states, where their kernel tunes itself. */
export function tuneAt<X>(walkers: Walkers<X>, lambda: number, rng: Rng) {
  return lambda === 0 ? undefined : walkers.can.tune?.(TUNING_STEPS, lambda, rng);
}
