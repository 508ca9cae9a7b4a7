import { cholesky } from "@basin/energy-core/internal";
/**
 * Running mean and variances of the draws of a window, by Welford's algorithm (1962), with Stan's regularization toward
 * 10⁻³ of the unit matrix: Σ̂ ← n/(n+5) Σ̂ + 5/(n+5) · 10⁻³ I.
 */
export class RunningVariance {
  #count = 0;
  readonly #mean: Float64Array;
  readonly #sum: Float64Array;

  constructor(dimension: number) {
    this.#mean = new Float64Array(dimension);
    this.#sum = new Float64Array(dimension);
  }

  add(x: Float64Array): void {
    const weight = 1 / ++this.#count;
    for (let i = 0; i < x.length; i++) {
      const delta = x[i] - this.#mean[i];
      this.#mean[i] += delta * weight;
      this.#sum[i] += delta * (x[i] - this.#mean[i]);
    }
  }

  /** Returns √Σ̂ᵢᵢ, regularized, and starts afresh. */
  takeScales(): Float64Array {
    const n = this.#count;
    const scales = this.#sum.map((sum) =>
      Math.sqrt((n / (n + 5)) * (sum / Math.max(1, n - 1)) + 1e-3 * (5 / (n + 5))),
    );
    this.#count = 0;
    this.#mean.fill(0);
    this.#sum.fill(0);
    return scales;
  }
}

/** Running mean and covariance matrix, regularized as {@link RunningVariance}. */
export class RunningCovariance {
  #count = 0;
  readonly #mean: Float64Array;
  readonly #sum: Float64Array;
  readonly #before: Float64Array;

  constructor(dimension: number) {
    this.#mean = new Float64Array(dimension);
    this.#sum = new Float64Array(dimension * dimension);
    this.#before = new Float64Array(dimension);
  }

  add(x: Float64Array): void {
    const d = x.length;
    const weight = 1 / ++this.#count;
    for (let i = 0; i < d; i++) {
      this.#before[i] = x[i] - this.#mean[i];
      this.#mean[i] += this.#before[i] * weight;
    }
    for (let i = 0; i < d; i++) {
      const after = x[i] - this.#mean[i];
      for (let j = 0; j <= i; j++) this.#sum[i * d + j] += after * this.#before[j];
    }
  }

  /** Returns the lower Cholesky factor L of the regularized Σ̂ = L Lᵀ (row-major, zeros above), and starts afresh. */
  takeFactor(): Float64Array {
    const d = this.#mean.length;
    const n = this.#count;
    const covariance = this.#sum.map((sum) => (n / (n + 5)) * (sum / Math.max(1, n - 1)));
    for (let i = 0; i < d; i++) covariance[i * d + i] += 1e-3 * (5 / (n + 5));
    this.#count = 0;
    this.#mean.fill(0);
    this.#sum.fill(0);
    return cholesky(covariance, d, "covariance");
  }
}
