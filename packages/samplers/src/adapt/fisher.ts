import { squareProduct, symmetricEigen, symmetricFunction } from "@basin/energy-core/internal";

/** States of a window and the gradients there, as rows. */
export class FisherWindow {
  readonly #positions: Float64Array[] = [];
  readonly #gradients: Float64Array[] = [];

  get count(): number {
    return this.#positions.length;
  }

  /** Takes a state and its gradient, which have to stay as they are. */
  add(position: Float64Array, gradient: Float64Array): void {
    this.#positions.push(position);
    this.#gradients.push(gradient);
  }

  /**
   * Returns D with D_i⁴ = var(x_i) / var(∂E/∂x_i): of all diagonal metrics D² the one of least Fisher divergence
   * between the law and a normal law (Seyboldt, Carlson & Carpenter 2026, as in nutpie). 1 for coordinates that did not
   * move.
   */
  diagonal(inverseTemperature: number): Float64Array {
    return diagonalOf(deviations(this.#positions), deviations(this.#gradients), inverseTemperature);
  }

  /**
   * Returns the scale of a low-rank leapfrog: with x̃ = D⁻¹x and g̃ = D∇E, the geometric mean Λ of cov(x̃) and
   * cov(g̃)⁻¹, Λ cov(g̃) Λ = cov(x̃), within the span of the directions in which either varies most, and of its
   * eigenvalues those that are not near 1.
   */
  lowRank(inverseTemperature: number): Float64Array {
    const [positions, gradients] = [deviations(this.#positions), deviations(this.#gradients)];
    const diagonal = diagonalOf(positions, gradients, inverseTemperature);
    const n = this.count;
    const d = diagonal.length;
    const [x, g] = [positions.rows, gradients.rows];
    for (const row of x) for (let i = 0; i < d; i++) row[i] /= diagonal[i];
    for (const row of g) for (let i = 0; i < d; i++) row[i] = inverseTemperature * row[i] * diagonal[i];
    const most = n >> 2;
    const isWhole = 2 * d <= n;
    const basis = isWhole ? unitBasis(d) : orthonormal([...leading(x, most), ...leading(g, most)]);
    const within = (row: Float64Array) =>
      isWhole ? row : Float64Array.from(basis, (axis) => dot(axis, row));
    const m = basis.length;
    const { values, vectors } = geometricMean(products(x.map(within), m), products(g.map(within), m), m);
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

/** Rows less their mean, and the sums of their squares by column. */
interface Deviations {
  readonly rows: readonly Float64Array[];
  readonly squares: Float64Array;
}

function deviations(rows: readonly Float64Array[]): Deviations {
  const d = rows[0].length;
  const [mean, squares] = [new Float64Array(d), new Float64Array(d)];
  for (const row of rows) for (let i = 0; i < d; i++) mean[i] += row[i] / rows.length;
  const centered = rows.map((row) => row.slice());
  for (const row of centered)
    for (let i = 0; i < d; i++) {
      row[i] -= mean[i];
      squares[i] += row[i] * row[i];
    }
  return { rows: centered, squares };
}

function diagonalOf(x: Deviations, g: Deviations, inverseTemperature: number): Float64Array {
  return x.squares.map((square, i) => {
    const ratio = square / (g.squares[i] * inverseTemperature * inverseTemperature);
    return ratio > 0 && ratio < Infinity ? Math.sqrt(Math.sqrt(ratio)) : 1;
  });
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

/** Returns Σ r rᵀ over rows of `m` numbers, with a ridge. */
function products(rows: readonly Float64Array[], m: number): Float64Array {
  const sum = new Float64Array(m * m);
  for (const row of rows)
    for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) sum[i * m + j] += row[i] * row[j];
  for (let i = 0; i < m; i++) for (let j = 0; j < i; j++) sum[j * m + i] = sum[i * m + j];
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
