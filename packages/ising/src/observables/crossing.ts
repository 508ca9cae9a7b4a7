import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkLength, checkOptions, cholesky, inverseFromCholesky } from "@basin/energy-core/internal";

/** One measured curve: values at temperatures, with standard errors. */
export interface Curve {
  readonly temperatures: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly standardError: ArrayLike<number>;
}

/** Where two curves meet. */
export interface Crossing {
  readonly temperature: number;
  readonly standardError: number;
  /** Degree of the polynomial that was fitted to the curves' difference. */
  readonly degree: number;
  /**
   * Σ of the fit's squared residuals over their variances, and the points less the coefficients that it should be
   * about.
   */
  readonly chiSquared: number;
  readonly degreesOfFreedom: number;
}

/** Options of {@link crossing}. */
export interface CrossingOptions {
  /** Degree of the fit, 1 to 3. Default: that of the least χ² + 2 · coefficients, Akaike's criterion (1974). */
  degree?: number;
}

const HIGHEST = 3;

/**
 * Returns the temperature at which two curves cross, by a weighted least-squares polynomial through their difference,
 * with its standard error √(Var p(T)) / |p′(T)|; `undefined` when the polynomial does not change its sign among the
 * temperatures. Of several roots it is the one that is known best. The Binder cumulants of two sizes cross near T_c,
 * closer the larger they are (Binder 1981). A chosen degree bends with the curves, at the price of a larger error.
 *
 * Each temperature weighs 1/(ε₁² + ε₂²), ε its two standard errors, and is left out where that is not finite.
 *
 * @example
 * ```ts
 * import { crossing } from "@basin/ising";
 *
 * const temperatures = [2.2, 2.3, 2.4];
 * const standardError = [0.01, 0.01, 0.01];
 * const small = { temperatures, standardError, values: [0.6, 0.5, 0.4] };
 * const large = { temperatures, standardError, values: [0.7, 0.5, 0.3] };
 * console.log(crossing(small, large)?.temperature); // 2.3, but for rounding
 * ```
 *
 * @throws {ArgumentError} when the curves do not share their temperatures, have fewer different usable ones than the
 * fit has coefficients, or hold a value that is not finite where its error is.
 * @throws {DimensionError} when one has more temperatures than the other.
 */
export function crossing(first: Curve, second: Curve, options: CrossingOptions = {}): Crossing | undefined {
  checkOptions("crossing", options, "degree");
  const { degree } = options;
  const points = differences(first, second);
  const n = new Set(points.map(({ x }) => x)).size;
  if (n < 2) throw new ArgumentError(`a crossing needs at least 2 temperatures with errors, got ${n}`);
  if (degree !== undefined) {
    checkNumber("degree", degree, { min: 1, max: Math.min(HIGHEST, n - 1), integer: true });
    return rootOf(fitted(points, degree), points.length);
  }
  const criterion = ({ chiSquared, coefficients }: Fit): number => chiSquared + 2 * coefficients.length;
  const fits = Array.from({ length: Math.min(HIGHEST, n - 1) }, (_, k) => fitted(points, k + 1));
  return rootOf(
    fits.reduce((best, fit) => (criterion(fit) < criterion(best) ? fit : best)),
    points.length,
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

function differences(first: Curve, second: Curve): Point[] {
  const n = first.temperatures.length;
  checkLength("the second curve's temperatures", second.temperatures.length, n);
  const points: Point[] = [];
  for (let k = 0; k < n; k++) {
    const x = first.temperatures[k];
    if (x !== second.temperatures[k]) {
      throw new ArgumentError(
        `temperature ${k} is ${x} on one curve and ${second.temperatures[k]} on the other`,
      );
    }
    const weight = 1 / (first.standardError[k] ** 2 + second.standardError[k] ** 2);
    if (!Number.isFinite(weight)) continue;
    const [a, b] = [first, second].map(({ values }) =>
      checkNumber(`the value at temperature ${x}`, values[k]),
    );
    points.push({ x: checkNumber(`temperature ${k}`, x), y: a - b, weight });
  }
  return points;
}

/**
 * A polynomial Σ c_j u^j in u = (x − center)/scale, −1 to 1 over the points, with the covariances of its coefficients.
 */
interface Fit {
  readonly center: number;
  readonly scale: number;
  readonly coefficients: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly chiSquared: number;
}

/** Weighted least squares by the normal equations: at most four of them, and u lies in [−1, 1]. */
function fitted(points: readonly Point[], degree: number): Fit {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x } of points) [low, high] = [Math.min(low, x), Math.max(high, x)];
  const [center, scale] = [(low + high) / 2, (high - low) / 2];
  const terms = degree + 1;
  const normal = new Float64Array(terms * terms);
  const moments = new Array<number>(terms).fill(0);
  for (const { x, y, weight } of points) {
    const u = (x - center) / scale;
    for (let i = 0; i < terms; i++) {
      for (let j = 0; j < terms; j++) normal[i * terms + j] += weight * u ** (i + j);
      moments[i] += weight * y * u ** i;
    }
  }
  const inverse = inverseFromCholesky(cholesky(normal, terms, "the fit's normal matrix"), terms);
  const covariance = moments.map((_, i) => [...inverse.subarray(i * terms, (i + 1) * terms)]);
  const coefficients = covariance.map((row) => row.reduce((sum, entry, j) => sum + entry * moments[j], 0));
  const fit = { center, scale, coefficients, covariance, chiSquared: 0 };
  const chiSquared = points.reduce(
    (sum, { x, y, weight }) => sum + weight * (y - polynomial(fit, x)) ** 2,
    0,
  );
  return { ...fit, chiSquared };
}

function polynomial({ center, scale, coefficients }: Fit, x: number): number {
  const u = (x - center) / scale;
  return coefficients.reduceRight((sum, c) => sum * u + c, 0);
}

/** Intervals that are looked through for changes of sign. */
const INTERVALS = 1000;

function rootOf(fit: Fit, points: number): Crossing | undefined {
  const [low, high] = [fit.center - fit.scale, fit.center + fit.scale];
  let best: Crossing | undefined;
  for (let k = 0; k < INTERVALS; k++) {
    const [a, b] = [k, k + 1].map((i) => low + ((high - low) * i) / INTERVALS);
    const [fa, fb] = [polynomial(fit, a), polynomial(fit, b)];
    if (!(fa === 0 || Math.sign(fa) === -Math.sign(fb) || (fb === 0 && k === INTERVALS - 1))) continue;
    const found = describe(fit, bisected(fit, a, b), points);
    if (best === undefined || found.standardError < best.standardError) best = found;
  }
  return best;
}

function bisected(fit: Fit, from: number, to: number): number {
  let [a, b] = [from, to];
  if (polynomial(fit, a) === 0) return a;
  const sign = Math.sign(polynomial(fit, a));
  for (let k = 0; k < 60; k++) {
    const middle = (a + b) / 2;
    if (Math.sign(polynomial(fit, middle)) === sign) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

function describe(fit: Fit, temperature: number, points: number): Crossing {
  const { center, scale, coefficients, covariance, chiSquared } = fit;
  const u = (temperature - center) / scale;
  const powers = coefficients.map((_, j) => u ** j);
  const slope = coefficients.reduce((sum, c, j) => sum + (j === 0 ? 0 : (j * c * u ** (j - 1)) / scale), 0);
  let variance = 0;
  for (const [i, row] of covariance.entries())
    for (const [j, entry] of row.entries()) variance += entry * powers[i] * powers[j];
  return {
    temperature,
    standardError: Math.sqrt(variance) / Math.abs(slope),
    degree: coefficients.length - 1,
    chiSquared,
    degreesOfFreedom: points - coefficients.length,
  };
}
