import { squareProduct, symmetricEigen, symmetricFunction } from "@basin/energy-core/internal";

/** States of a window and the gradients there, as rows. */
export class FisherWindow {
  readonly #positions: Float64Array[] = [];
  readonly #gradients: Float64Array[] = [];

  get count(): number {
    return this.#positions.length;
  }

  add(position: Float64Array, gradient: Float64Array): void {
    this.#positions.push(position.slice());
    this.#gradients.push(gradient.slice());
  }

  /**
   * Returns D with D_i⁴ = var(x_i) / var(∂E/∂x_i): of all diagonal metrics D² the one of least Fisher divergence
   * between the law and a normal law (Seyboldt, Carlson & Carpenter 2026, as in nutpie). 1 for coordinates that did not
   * move.
   */
  diagonal(inverseTemperature: number): Float64Array {
    const [x, g] = [deviations(this.#positions), deviations(this.#gradients)];
    return x.squares.map((square, i) => {
      const ratio = square / (g.squares[i] * inverseTemperature * inverseTemperature);
      return ratio > 0 && ratio < Infinity ? Math.sqrt(Math.sqrt(ratio)) : 1;
    });
  }

  /**
   * Returns the scale of a low-rank leapfrog: with x̃ = D⁻¹x and g̃ = D∇E, the geometric mean Λ of cov(x̃) and
   * cov(g̃)⁻¹, Λ cov(g̃) Λ = cov(x̃), within the span of the directions in which either varies most, and of its
   * eigenvalues those that are not near 1.
   */
  lowRank(inverseTemperature: number): Float64Array {
    const diagonal = this.diagonal(inverseTemperature);
    const n = this.count;
    const d = diagonal.length;
    const x = deviations(this.#positions).rows.map((row) => row.map((value, i) => value / diagonal[i]));
    const g = deviations(this.#gradients).rows.map((row) =>
      row.map((value, i) => inverseTemperature * value * diagonal[i]),
    );
    const most = n >> 2;
    const basis = 2 * d <= n ? unitBasis(d) : orthonormal([...leading(x, most), ...leading(g, most)]);
    const { values, vectors } = geometricMean(project(x, basis), project(g, basis), basis.length);
    const scale = [...diagonal];
    for (const [k, value] of values.entries()) {
      // NaN where nothing moved.
      if (!(value >= CUTOFF || value <= 1 / CUTOFF)) continue;
      const direction = new Float64Array(d);
      for (const [j, axis] of basis.entries())
        for (let i = 0; i < d; i++) direction[i] += vectors[k * basis.length + j] * axis[i];
      scale.push(Math.sqrt(value) - 1, ...direction);
    }
    return Float64Array.from(scale);
  }
}

/** Eigenvalues within a factor of this from 1 are left to the diagonal. */
const CUTOFF = 1.5;
/** What is added to both covariances, of their mean eigenvalue, so that none vanishes. */
const RIDGE = 1e-12;

function deviations(rows: readonly Float64Array[]) {
  const mean = new Float64Array(rows[0].length);
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i] += row[i] / rows.length;
  const squares = new Float64Array(mean.length);
  const centered = rows.map((row) => row.map((value, i) => value - mean[i]));
  for (const row of centered) for (let i = 0; i < mean.length; i++) squares[i] += row[i] * row[i];
  return { rows: centered, squares };
}

function unitBasis(d: number): Float64Array[] {
  return Array.from({ length: d }, (_, i) => {
    const axis = new Float64Array(d);
    axis[i] = 1;
    return axis;
  });
}

/** Returns up to `most` directions in which rows vary most, from the eigenvectors of their products. */
function leading(rows: readonly Float64Array[], most: number): Float64Array[] {
  const n = rows.length;
  const products = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) products[i * n + j] = products[j * n + i] = dot(rows[i], rows[j]);
  const { vectors } = symmetricEigen(products, n);
  return Array.from({ length: most }, (_, k) => {
    const direction = new Float64Array(rows[0].length);
    for (const [j, row] of rows.entries()) {
      const weight = vectors[(n - 1 - k) * n + j];
      for (let i = 0; i < direction.length; i++) direction[i] += weight * row[i];
    }
    return direction;
  });
}

/** Gram–Schmidt, twice, without the directions that others span. */
function orthonormal(directions: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const direction of directions) {
    const axis = direction.slice();
    for (let pass = 0; pass < 2; pass++)
      for (const other of basis) {
        const along = dot(axis, other);
        for (let i = 0; i < axis.length; i++) axis[i] -= along * other[i];
      }
    const length = Math.sqrt(dot(axis, axis));
    if (length > 1e-8 * Math.sqrt(dot(direction, direction))) basis.push(axis.map((value) => value / length));
  }
  return basis;
}

/** Returns Σ (Bᵀr)(Bᵀr)ᵀ over the rows r, with a ridge. */
function project(rows: readonly Float64Array[], basis: readonly Float64Array[]): Float64Array {
  const m = basis.length;
  const sum = new Float64Array(m * m);
  for (const row of rows) {
    const part = basis.map((axis) => dot(axis, row));
    for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) sum[i * m + j] += part[i] * part[j];
  }
  let trace = 0;
  for (let i = 0; i < m; i++) trace += sum[i * m + i];
  for (let i = 0; i < m; i++) sum[i * m + i] += RIDGE * (trace / m);
  return sum;
}

/** Returns eigenvalues and eigenvectors of the symmetric Λ with Λ B Λ = A: B^(−½) (B^½ A B^½)^½ B^(−½). */
function geometricMean(a: Float64Array, b: Float64Array, m: number) {
  const between = (outer: Float64Array, inner: Float64Array) =>
    squareProduct(squareProduct(outer, inner, m), outer, m);
  const [root, inverse] = roots(b, m);
  const [middle] = roots(between(root, a), m);
  return symmetricEigen(between(inverse, middle), m);
}

/** Returns S^½ and S^(−½), no eigenvalue taken for less than a {@link RIDGE} of the largest. */
function roots(symmetric: Float64Array, m: number): [root: Float64Array, inverse: Float64Array] {
  const eigen = symmetricEigen(symmetric, m);
  const rootOf = (value: number) => Math.sqrt(Math.max(value, RIDGE * eigen.values[m - 1]));
  return [symmetricFunction(eigen, rootOf), symmetricFunction(eigen, (value) => 1 / rootOf(value))];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
