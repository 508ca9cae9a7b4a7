/** Eigenvalues in ascending order, and of each a unit eigenvector: a row of `vectors`, `[n, n]`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Returns the eigenvalues and eigenvectors of a symmetric matrix `[n, n]`, of which the lower triangle is read:
 * Householder reflections to a tridiagonal matrix, then the implicit QL method (Golub & Van Loan 2013, §8.3), some 9 n³
 * operations.
 */
export function symmetricEigen(symmetric: Float64Array, n: number): Eigen {
  const norm = symmetric.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  // Squares of entries neither overflow nor vanish once the largest is 1.
  const { diagonal, below, vectors } = tridiagonal(
    symmetric.map((value) => value / (norm || 1)),
    n,
  );
  diagonalize(diagonal, below, vectors, n);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => diagonal[i] - diagonal[j]);
  const sorted = new Float64Array(n * n);
  for (const [to, from] of order.entries()) sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n);
  return { values: Float64Array.from(order, (i) => norm * diagonal[i]), vectors: sorted };
}

/** Returns Σ_k f(λ_k) v_k v_kᵀ, `[n, n]`, of eigenvalues λ and their vectors v. */
export function symmetricFunction({ values, vectors }: Eigen, f: (value: number) => number): Float64Array {
  const n = values.length;
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const weight = f(values[k]);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) out[i * n + j] += weight * vectors[k * n + i] * vectors[k * n + j];
  }
  return out;
}

/** Returns the product of two matrices `[n, n]`. */
export function squareProduct(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) out[i * n + j] += a[i * n + k] * b[k * n + j];
  return out;
}

/** A = Q T Qᵀ with T tridiagonal; the rows of `vectors` are the columns of Q. Overwrites A. */
function tridiagonal(a: Float64Array, n: number) {
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const below = new Float64Array(n);
  const [v, w] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n - 1; k++) {
    let scale = 0;
    for (let i = k + 1; i < n; i++) scale = Math.max(scale, Math.abs(a[i * n + k]));
    let square = 0;
    for (let i = k + 1; scale > 0 && i < n; i++) {
      v[i] = a[i * n + k] / scale;
      square += v[i] * v[i];
    }
    const alpha = v[k + 1] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    below[k] = scale * alpha;
    if (scale === 0 || k === n - 2) {
      below[k] = a[(k + 1) * n + k];
      continue;
    }
    const length = Math.sqrt(2 * (square - alpha * v[k + 1]));
    v[k + 1] -= alpha;
    for (let i = k + 1; i < n; i++) v[i] /= length;
    reflectBothSides(a, v, w, k + 1, n);
    reflectRows(vectors, v, w, k + 1, n);
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), below, vectors };
}

/** Lower triangle of A ← H A H with H = 1 − 2 v vᵀ, from row and column `from` on. */
function reflectBothSides(a: Float64Array, v: Float64Array, w: Float64Array, from: number, n: number): void {
  w.fill(0, from);
  for (let i = from; i < n; i++) {
    const [at, vi] = [i * n, v[i]];
    let sum = a[at + i] * vi;
    for (let j = from; j < i; j++) {
      sum += a[at + j] * v[j];
      w[j] += a[at + j] * vi;
    }
    w[i] += sum;
  }
  let along = 0;
  for (let i = from; i < n; i++) along += v[i] * w[i];
  for (let i = from; i < n; i++) w[i] = 2 * (w[i] - along * v[i]);
  for (let i = from; i < n; i++) {
    const [at, vi, wi] = [i * n, v[i], w[i]];
    for (let j = from; j <= i; j++) a[at + j] -= vi * w[j] + wi * v[j];
  }
}

/** Z ← H Z, of which the rows before `from` stay. */
function reflectRows(z: Float64Array, v: Float64Array, w: Float64Array, from: number, n: number): void {
  w.fill(0);
  for (let i = from; i < n; i++) for (let j = 0, at = i * n; j < n; j++, at++) w[j] += v[i] * z[at];
  for (let i = from; i < n; i++) {
    const twice = 2 * v[i];
    for (let j = 0, at = i * n; j < n; j++, at++) z[at] -= twice * w[j];
  }
}

/** The implicit QL method: `d` becomes the eigenvalues and the rows of `z` their vectors. */
function diagonalize(d: Float64Array, e: Float64Array, z: Float64Array, n: number): void {
  // Where neighbors on the diagonal are 0, as for matrices without full rank, no e is small beside them: what is lost
  // in the rounding of the whole matrix is as good as 0.
  const norm = d.reduce((largest, value, i) => Math.max(largest, Math.abs(value), Math.abs(e[i])), 0);
  const least = (Number.EPSILON * norm) / 64;
  for (let l = 0; l < n; l++) {
    for (;;) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1])) + least)
        m++;
      if (m === l) break;
      sweep(d, e, z, l, m, n);
    }
  }
}

/** One implicit shift, chased from row m up to row l. */
function sweep(d: Float64Array, e: Float64Array, z: Float64Array, l: number, m: number, n: number): void {
  let g = (d[l + 1] - d[l]) / (2 * e[l]);
  const root = Math.hypot(g, 1);
  g = d[m] - d[l] + e[l] / (g + (g >= 0 ? root : -root));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const [f, b] = [s * e[i], c * e[i]];
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    [s, c] = [f / r, g / r];
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotateRows(z, i * n, n, c, s);
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

function rotateRows(z: Float64Array, at: number, n: number, c: number, s: number): void {
  for (let k = at; k < at + n; k++) {
    const x = z[k];
    const y = z[k + n];
    z[k + n] = s * x + c * y;
    z[k] = c * x - s * y;
  }
}
