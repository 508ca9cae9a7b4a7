import { ArgumentError, checkLength } from "@basin/energy-core";

/** One measured curve: values at temperatures, with standard errors. */
export interface Curve {
  readonly temperatures: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly standardErrors: ArrayLike<number>;
}

/** Where two curves meet. */
export interface Crossing {
  readonly temperature: number;
  readonly standardError: number;
}

/**
 * Returns the temperature at which two curves cross, by a weighted straight line through their difference, and its standard
 * error; `undefined` when the line has no root among the temperatures. The Binder cumulants of two sizes cross near T_c,
 * closer the larger they are (Binder 1981). A straight line wants a window that is narrow around the crossing.
 *
 * Temperatures ascend or descend. Each weighs 1/(ε₁² + ε₂²), ε its two standard errors, and is left out where that is not finite.
 *
 * @example
 * ```ts
 * import { crossing } from "@basin/ising";
 *
 * const [temperatures, standardErrors] = [[2.2, 2.3, 2.4], [0.01, 0.01, 0.01]];
 * const small = { temperatures, values: [0.62, 0.58, 0.54], standardErrors };
 * const large = { temperatures, values: [0.64, 0.58, 0.52], standardErrors };
 * console.log(crossing(small, large)); // at 2.3, give or take 0.04
 * ```
 *
 * @throws {ArgumentError} when the curves do not share their temperatures, or have fewer than two.
 * @throws {DimensionError} when one has more temperatures than the other.
 */
export function crossing(first: Curve, second: Curve): Crossing | undefined {
  const n = first.temperatures.length;
  checkLength("the second curve's temperatures", second.temperatures.length, n);
  if (n < 2) throw new ArgumentError(`a crossing needs at least 2 temperatures, got ${n}`);
  let [w0, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  // Temperatures from the first one on: their squares would swallow the spread.
  const origin = first.temperatures[0];
  for (let k = 0; k < n; k++) {
    if (first.temperatures[k] !== second.temperatures[k]) {
      throw new ArgumentError(
        `temperature ${k} is ${first.temperatures[k]} on one curve and ${second.temperatures[k]} on the other`,
      );
    }
    const x = first.temperatures[k] - origin;
    const y = first.values[k] - second.values[k];
    const weight = 1 / (first.standardErrors[k] ** 2 + second.standardErrors[k] ** 2);
    if (!Number.isFinite(weight)) continue;
    w0 += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const determinant = w0 * wxx - wx * wx;
  const slope = (w0 * wxy - wx * wy) / determinant;
  const intercept = (wxx * wy - wx * wxy) / determinant;
  const root = -intercept / slope;
  const span = first.temperatures[n - 1] - origin;
  if (!(root >= Math.min(0, span) && root <= Math.max(0, span))) return undefined;
  // Var(a + b x) at the root, over b².
  const variance = (wxx - 2 * root * wx + root * root * w0) / determinant;
  return { temperature: origin + root, standardError: Math.sqrt(variance) / Math.abs(slope) };
}
