import { checkOptions } from "@basin/energy-core/internal";

/**
 * A learning rate: a number, or a function of the finished share of the training, in [0, 1), of the updates made, and
 * of the total updates, +∞ if unknown.
 */
export type LearningRate = number | ((share: number, update: number, updates: number) => number);

/** Returns a learning rate where a training stands. */
export function rateAt(rate: LearningRate, share: number, update: number, updates: number): number {
  return typeof rate === "number" ? rate : rate(share, update, updates);
}

/** How {@link cosineRate} falls. */
export interface CosineRateOptions {
  /** Share of the rate that is left at the last update. Default 0. */
  final?: number;
  /** Updates over which the rate rises from 0. Default 0. */
  warmup?: number;
}

/**
 * Returns a learning rate that falls from `rate` to the share `final` of it by a half cosine (Loshchilov & Hutter
 * 2017). It is constant while the number of updates is unknown.
 *
 * @example
 * ```ts
 * import { cosineRate } from "@basin/samplers/learn";
 *
 * const rate = cosineRate(0.1, { final: 0.5 });
 * console.log([0, 50, 100].map((update) => rate(update / 101, update, 101))); // 0.1, 0.075, 0.05
 * ```
 */
export function cosineRate(
  rate: number,
  options: CosineRateOptions = {},
): (share: number, update: number, updates: number) => number {
  checkOptions("cosineRate", options, "final warmup");
  const { final = 0, warmup = 0 } = options;
  return (_, update, updates) => {
    const share = Math.min(1, update / Math.max(1, updates - 1));
    const fall = final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * share));
    return rate * fall * Math.min(1, (update + 1) / (warmup + 1));
  };
}
