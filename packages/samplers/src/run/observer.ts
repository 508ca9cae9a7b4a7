/** Folds a chain into a result without keeping its draws. */
export interface Observer<X, R> {
  /** Takes one draw; `position` is live and must be copied to be kept. */
  observe(position: X, energy: number): void;
  /** Returns the result so far. */
  result(): R;
}

/** Means and variances of every coordinate. */
export interface Moments {
  readonly count: number;
  readonly mean: Float64Array;
  /** With divisor n − 1. */
  readonly variance: Float64Array;
}

/**
 * Returns an observer of the moments of every coordinate (Welford 1962). It takes the memory of two states.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { momentObserver, nuts, sample } from "@basin/samplers";
 *
 * const options = { seed: 1, keep: false, observers: { moments: momentObserver } };
 * const { chains } = await sample(gaussian({ dimension: 2 }), nuts(), options);
 * console.log(chains[0].observed.moments);
 * ```
 */
export function momentObserver(): Observer<ArrayLike<number>, Moments> {
  let count = 0;
  let mean = new Float64Array(0);
  let sum = new Float64Array(0);
  return {
    observe(position) {
      if (count === 0) {
        mean = new Float64Array(position.length);
        sum = new Float64Array(position.length);
      }
      count++;
      for (let i = 0; i < position.length; i++) {
        const delta = position[i] - mean[i];
        mean[i] += delta / count;
        sum[i] += delta * (position[i] - mean[i]);
      }
    },
    result: () => ({ count, mean: mean.slice(), variance: sum.map((value) => value / (count - 1)) }),
  };
}
