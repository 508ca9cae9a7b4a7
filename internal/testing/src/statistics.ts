/** Assertions about random code. Everything here is structural: nothing is imported from the packages under test. */

/**
 * Returns the bound z on |estimate − truth| / SE that a correct program crosses with probability `falseAlarm` in all of
 * `comparisons` two-sided normal comparisons together (Bonferroni): 4.89 for one, 5.41 for 16, 5.89 for 256 at 10⁻⁶.
 */
export function zThreshold(comparisons = 1, falseAlarm = 1e-6): number {
  if (!(comparisons >= 1)) throw new Error(`comparisons is ${comparisons}, expected at least 1`);
  const tail = falseAlarm / comparisons / 2;
  let low = 0;
  let high = 40;
  for (let i = 0; i < 80; i++) {
    const middle = 0.5 * (low + high);
    if (0.5 * upperGamma(0.5, 0.5 * middle * middle) > tail) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

/** A mean with its error bar, as `estimateMean` of the samplers gives it. */
export interface EstimateLike {
  readonly mean: number;
  readonly standardError: number;
  readonly effectiveSampleSize?: number;
}

/** Options of {@link assertMean}. */
export interface AssertMeanOptions {
  /** How many comparisons of this kind the test makes in all. Default 1. */
  comparisons?: number;
  /** Fewest effective draws for the error bar to mean anything: fewer is a failure of its own. Default 100. */
  minEffectiveSampleSize?: number;
  /** What is compared, for the message. Default "the estimate". */
  what?: string;
}

/** Throws unless `estimate` agrees with `truth` within z standard errors, and rests on enough effective draws. */
export function assertMean(estimate: EstimateLike, truth: number, options: AssertMeanOptions = {}): void {
  const { comparisons = 1, minEffectiveSampleSize = 100, what = "the estimate" } = options;
  const { mean, standardError, effectiveSampleSize } = estimate;
  if (effectiveSampleSize !== undefined && !(effectiveSampleSize >= minEffectiveSampleSize)) {
    throw new Error(
      `${what} rests on ${effectiveSampleSize} effective draws, expected at least ${minEffectiveSampleSize}`,
    );
  }
  const z = (mean - truth) / standardError;
  const limit = zThreshold(comparisons);
  if (!(Math.abs(z) < limit)) {
    throw new Error(
      `${what} is ${mean} ± ${standardError}, but the truth is ${truth}: z = ${z.toFixed(2)}, limit ${limit.toFixed(2)}`,
    );
  }
}

/** The outcome of {@link gTest}. */
export interface GTest {
  /** G = 2 Σ O ln(O / E). */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** Probability of a G at least this large when the counts are independent draws of `probabilities`. */
  readonly pValue: number;
}

/**
 * Returns the G-test of counts against cell probabilities (which are normalized first). Cells that expect fewer than
 * `leastExpected` are pooled, smallest first. A count in a cell of probability 0 gives p = 0. The draws behind the
 * counts must be independent: thin a chain first.
 */
export function gTest(counts: ArrayLike<number>, probabilities: ArrayLike<number>, leastExpected = 5): GTest {
  if (counts.length !== probabilities.length) {
    throw new Error(`${counts.length} counts do not match ${probabilities.length} probabilities`);
  }
  const total = sum(counts);
  const mass = sum(probabilities);
  const cells = Array.from(probabilities, (p, i) => ({ expected: (p / mass) * total, observed: counts[i] }));
  if (cells.some(({ expected, observed }) => expected === 0 && observed > 0)) {
    return { statistic: Infinity, degreesOfFreedom: cells.length - 1, pValue: 0 };
  }
  const pooled = pool(
    cells.filter(({ expected }) => expected > 0),
    leastExpected,
  );
  let statistic = 0;
  for (const { expected, observed } of pooled) {
    if (observed > 0) statistic += 2 * observed * Math.log(observed / expected);
  }
  // G is never negative; rounding can make it so when every count hits its expectation.
  statistic = Math.max(0, statistic);
  const degreesOfFreedom = pooled.length - 1;
  const pValue = degreesOfFreedom > 0 ? upperGamma(degreesOfFreedom / 2, statistic / 2) : 1;
  return { statistic, degreesOfFreedom, pValue };
}

interface Cell {
  expected: number;
  observed: number;
}

function pool(cells: Cell[], least: number): Cell[] {
  const sorted = [...cells].sort((a, b) => a.expected - b.expected);
  const pooled: Cell[] = [];
  let open: Cell = { expected: 0, observed: 0 };
  for (const cell of sorted) {
    open = { expected: open.expected + cell.expected, observed: open.observed + cell.observed };
    if (open.expected >= least) {
      pooled.push(open);
      open = { expected: 0, observed: 0 };
    }
  }
  if (open.expected > 0) {
    const last = pooled.pop() ?? { expected: 0, observed: 0 };
    pooled.push({ expected: last.expected + open.expected, observed: last.observed + open.observed });
  }
  return pooled;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/**
 * Returns the Kolmogorov–Smirnov distance between independent draws and a continuous distribution function, with its
 * asymptotic p-value (Stephens's small-sample factor).
 */
export function kolmogorovSmirnov(
  draws: ArrayLike<number>,
  distribution: (x: number) => number,
): { distance: number; pValue: number } {
  const sorted = Float64Array.from(draws).sort();
  const n = sorted.length;
  let distance = 0;
  for (const [i, x] of sorted.entries()) {
    const p = distribution(x);
    distance = Math.max(distance, p - i / n, (i + 1) / n - p);
  }
  const scaled = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
  let pValue = 0;
  for (let k = 1; k <= 100; k++) pValue += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * scaled * scaled);
  return { distance, pValue: scaled < 0.2 ? 1 : Math.min(1, Math.max(0, pValue)) };
}

/** Returns the regularized upper incomplete gamma function Q(a, x), for a > 0 a multiple of ½ and x ≥ 0. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGammaOfHalves(a));
  if (x < a + 1) {
    let term = 1 / a;
    let series = term;
    for (let n = 1; n < 10_000 && term > series * 1e-17; n++) {
      term *= x / (a + n);
      series += term;
    }
    return 1 - front * series;
  }
  // Lentz's algorithm on the continued fraction DLMF 8.9.2.
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 10_000; n++) {
    const coefficient = n * (a - n);
    b += 2;
    d = 1 / (b + coefficient * d);
    c = b + coefficient / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * value;
}

/** Returns ln Γ(a) for a = ½, 1, 3/2, … by the recurrence from Γ(½) = √π and Γ(1) = 1. */
function logGammaOfHalves(a: number): number {
  let value = Number.isInteger(a) ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = Number.isInteger(a) ? 1 : 0.5; k < a; k++) value += Math.log(k);
  return value;
}
