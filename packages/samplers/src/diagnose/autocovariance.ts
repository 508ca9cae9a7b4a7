import type { VectorLike } from "@basin/energy-core";
import { toVector } from "@basin/energy-core/internal";

/**
 * Returns the autocovariances c_t = (1/n) Σ_s (x_s − x̄)(x_{s+t} − x̄), t = 0, …, n − 1, by a zero-padded fast Fourier
 * transform in O(n log n).
 */
export function autocovariance(given: VectorLike): Float64Array {
  const series = toVector(given, "series");
  const n = series.length;
  let size = 2;
  while (size < 2 * n) size *= 2;
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const center = mean(series);
  for (let i = 0; i < n; i++) real[i] = series[i] - center;
  transform(real, imaginary);
  for (let i = 0; i < size; i++) {
    real[i] = real[i] * real[i] + imaginary[i] * imaginary[i];
    imaginary[i] = 0;
  }
  // The power spectrum is real and even, so the forward transform is the inverse one up to the factor 1/size.
  transform(real, imaginary);
  const out = new Float64Array(n);
  for (let t = 0; t < n; t++) out[t] = real[t] / (size * n);
  return out;
}

/** Lags that are summed one by one: about as many as cost less than the transform, which gives all. */
const FEW = 64;

/**
 * Returns the mean of the autocovariances of chains at a lag, each found when it is asked for: most series forget
 * within a few lags.
 */
export function averageAutocovariance(chains: readonly ArrayLike<number>[]): (lag: number) => number {
  const centered = chains.map((chain) => {
    const center = mean(chain);
    return Float64Array.from(chain, (value) => value - center);
  });
  const known: number[] = [];
  let all: readonly Float64Array[] | undefined;
  const averageOf = (of: (chain: number) => number) =>
    centered.reduce((sum, _, chain) => sum + of(chain), 0) / centered.length;
  return (lag) => {
    if (lag < FEW) {
      known[lag] ??= averageOf((chain) => laggedProduct(centered[chain], lag));
      return known[lag];
    }
    all ??= centered.map(autocovariance);
    const covariances = all;
    return averageOf((chain) => covariances[chain][lag]);
  };
}

/** Returns (1/n) Σ_s x_s x_{s+lag}, in four sums, which round less than one and do not wait for each other. */
function laggedProduct(x: Float64Array, lag: number): number {
  const n = x.length;
  const end = n - lag;
  const whole = end - (end % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let s = 0; s < whole; s += 4) {
    a += x[s] * x[s + lag];
    b += x[s + 1] * x[s + 1 + lag];
    c += x[s + 2] * x[s + 2 + lag];
    d += x[s + 3] * x[s + 3 + lag];
  }
  for (let s = whole; s < end; s++) a += x[s] * x[s + lag];
  return (a + b + (c + d)) / n;
}

/** Returns the arithmetic mean. */
export function mean(series: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < series.length; i++) sum += series[i];
  const first = sum / series.length;
  if (!Number.isFinite(first)) return first;
  // A second pass takes out most of the rounding of the first.
  let rest = 0;
  for (let i = 0; i < series.length; i++) rest += series[i] - first;
  return first + rest / series.length;
}

/** Returns the variance around the mean with divisor n − 1. */
export function variance(series: ArrayLike<number>): number {
  const center = mean(series);
  let sum = 0;
  for (let i = 0; i < series.length; i++) sum += (series[i] - center) ** 2;
  return sum / (series.length - 1);
}

/**
 * Replaces a complex signal, whose length is a power of two, by its discrete Fourier transform (Cooley & Tukey 1965).
 */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  reverseBits(real);
  reverseBits(imaginary);
  const cosines = new Float64Array(n / 2);
  const sines = new Float64Array(n / 2);
  for (let k = 0; k < n / 2; k++) {
    cosines[k] = Math.cos((2 * Math.PI * k) / n);
    sines[k] = -Math.sin((2 * Math.PI * k) / n);
  }
  for (let half = 1; half < n; half *= 2) {
    const stride = n / (2 * half);
    for (let start = 0; start < n; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const top = start + k;
        const bottom = top + half;
        const wr = cosines[k * stride];
        const wi = sines[k * stride];
        const br = real[bottom] * wr - imaginary[bottom] * wi;
        const bi = real[bottom] * wi + imaginary[bottom] * wr;
        real[bottom] = real[top] - br;
        imaginary[bottom] = imaginary[top] - bi;
        real[top] += br;
        imaginary[top] += bi;
      }
    }
  }
}

function reverseBits(values: Float64Array): void {
  const n = values.length;
  let j = 0;
  for (let i = 1; i < n; i++) {
    let bit = n >> 1;
    while (j & bit) {
      j ^= bit;
      bit >>= 1;
    }
    j |= bit;
    if (i < j) {
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}
