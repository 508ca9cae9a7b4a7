import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkKind, checkLength, checkNumbers } from "@basin/energy-core/internal";

/** The error of a mean as it looks when draws are averaged in blocks of one length. */
export interface BlockingLevel {
  /** Draws in a block. */
  readonly blockSize: number;
  readonly blocks: number;
  /** Standard error of the mean from the spread of the blocks. */
  readonly standardError: number;
  /** Its own uncertainty, σ / √(2 (blocks − 1)). */
  readonly uncertainty: number;
}

/** What {@link blocking} found. */
export interface Blocking {
  readonly mean: number;
  /** The error at the plateau; NaN where the series is too short for one. */
  readonly standardError: number;
  /** Blocks of this size are independent as far as can be seen; NaN where none are. */
  readonly blockSize: number;
  readonly levels: readonly BlockingLevel[];
}

/**
 * Returns the standard error of the mean of a correlated series by blocking (Flyvbjerg & Petersen 1989): pairs are
 * averaged again and again, and the error grows until blocks are longer than the correlation. The plateau is the first
 * level whose block size B satisfies B³ > 2 n (σ_B/σ_1)⁴ (Lee et al. 2011), the bias of shorter blocks being then below
 * the noise of longer ones.
 *
 * @param series at least 4 draws.
 *
 * @example
 * ```ts
 * import { blocking, createModel, simulate } from "@basin/ising";
 *
 * const { series } = await simulate(createModel("square", 16), { temperature: 2.5, sweeps: 4096, seed: 1 });
 * const { standardError, levels } = blocking(series.energy);
 * console.log(standardError, levels.map((level) => level.standardError));
 * ```
 *
 * @throws {ArgumentError} for fewer draws.
 */
export function blocking(series: ArrayLike<number>): Blocking {
  checkNumbers("series", series);
  const n = series.length;
  if (n < 4) throw new ArgumentError(`the series has ${n} draws, expected at least 4`);
  let values = Float64Array.from(series);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const levels: BlockingLevel[] = [];
  for (let blockSize = 1; values.length >= 2; blockSize *= 2) {
    const blocks = values.length;
    const center = values.reduce((a, b) => a + b, 0) / blocks;
    const variance = values.reduce((sum, x) => sum + (x - center) ** 2, 0) / (blocks - 1);
    const standardError = Math.sqrt(variance / blocks);
    levels.push({
      blockSize,
      blocks,
      standardError,
      uncertainty: standardError / Math.sqrt(2 * (blocks - 1)),
    });
    const half = new Float64Array(blocks >> 1);
    for (let i = 0; i < half.length; i++) half[i] = 0.5 * (values[2 * i] + values[2 * i + 1]);
    values = half;
  }
  const plateau = levels.find(
    ({ blockSize, blocks, standardError }) =>
      blocks >= 8 && blockSize ** 3 > 2 * n * (standardError / levels[0].standardError) ** 4,
  );
  return {
    mean,
    standardError: plateau?.standardError ?? Number.NaN,
    blockSize: plateau?.blockSize ?? Number.NaN,
    levels,
  };
}

/**
 * Returns a function of the means of several series with its error by the block jackknife (Quenouille 1956; Miller
 * 1974): the function is taken anew without each block of draws. Blocks must be longer than the autocorrelation time.
 *
 * @param series one or more series of equal length. @param of the function of their means, in the same order.
 * @param blocks how many blocks; the draws left over at the front are dropped. Default 32.
 *
 * @example
 * ```ts
 * import { createModel, jackknife, simulate } from "@basin/ising";
 *
 * const { series } = await simulate(createModel("square", 16), { temperature: 2.5, sweeps: 4000, seed: 1 });
 * const squares = series.magnetization.map((M) => M ** 2);
 * const fourths = series.magnetization.map((M) => M ** 4);
 * console.log(jackknife([squares, fourths], ([m2, m4]) => 1 - m4 / (3 * m2 ** 2)));
 * ```
 *
 * @throws {ArgumentError} for series shorter than the number of blocks. @throws {DimensionError} when their lengths
 * differ.
 */
export function jackknife(
  series: readonly ArrayLike<number>[],
  of: (means: readonly number[]) => number,
  blocks = 32,
): {
  /** The function of the means, its bias of order 1/blocks taken off. */
  readonly value: number;
  readonly standardError: number;
  /** What was taken off. */
  readonly bias: number;
} {
  checkKind("series", series, Array.isArray(series), "a list of series");
  for (const [k, values] of series.entries()) checkNumbers(`series[${k}]`, values);
  const n = series[0]?.length ?? 0;
  checkNumber("blocks", blocks, { min: 2, integer: true });
  if (n < blocks) throw new ArgumentError(`series of ${n} draws cannot make ${blocks} blocks`);
  for (const [k, values] of series.entries()) checkLength(`series[${k}]`, values.length, n);
  const size = Math.floor(n / blocks);
  const sums = series.map((values) => blockSums(values, blocks, size));
  const totals = sums.map((list) => list.reduce((a, b) => a + b, 0));
  const whole = of(totals.map((total) => total / (size * blocks)));
  const left = Array.from({ length: blocks }, (_, b) =>
    of(totals.map((total, k) => (total - sums[k][b]) / (size * (blocks - 1)))),
  );
  const center = left.reduce((a, b) => a + b, 0) / blocks;
  const bias = (blocks - 1) * (center - whole);
  const spread = left.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return { value: whole - bias, standardError: Math.sqrt(((blocks - 1) / blocks) * spread), bias };
}

function blockSums(values: ArrayLike<number>, blocks: number, size: number): Float64Array {
  const first = values.length - blocks * size;
  const sums = new Float64Array(blocks);
  for (let i = 0; i < blocks * size; i++) sums[Math.floor(i / size)] += values[first + i];
  return sums;
}
