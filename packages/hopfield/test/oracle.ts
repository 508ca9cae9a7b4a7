/** The definitions, written out: slow, and sharing nothing with the package. */

export type Spins = readonly number[];

/** h_i = Σ_{j ≠ i} w_ij S_j. */
export function field(w: readonly (readonly number[])[], s: ArrayLike<number>, i: number): number {
  let sum = 0;
  for (let j = 0; j < s.length; j++) if (j !== i) sum += w[i][j] * s[j];
  return sum;
}

/** −½ Σ_ij w_ij S_i S_j + Σ_i θ_i S_i. */
export function energy(
  w: readonly (readonly number[])[],
  theta: ArrayLike<number>,
  s: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < s.length; i++) sum += -0.5 * s[i] * field(w, s, i) + theta[i] * s[i];
  return sum;
}

/** (1/scale) Σ_μ ξ_i ξ_j off the diagonal. */
export function hebb(patterns: readonly Spins[], scale: number): number[][] {
  const n = patterns[0].length;
  return grid(n, (i, j) => (i === j ? 0 : patterns.reduce((sum, p) => sum + p[i] * p[j], 0) / scale));
}

/** Storkey (1997), term by term. */
export function storkey(patterns: readonly Spins[]): number[][] {
  const n = patterns[0].length;
  let w = grid(n, () => 0);
  for (const p of patterns) {
    const before = w;
    const h = (i: number, j: number) => {
      let sum = 0;
      for (let k = 0; k < n; k++) if (k !== i && k !== j) sum += before[i][k] * p[k];
      return sum;
    };
    w = grid(n, (i, j) => (i === j ? 0 : before[i][j] + (p[i] * p[j] - p[i] * h(j, i) - h(i, j) * p[j]) / n));
  }
  return w;
}

/** ξᵀ (ξ ξᵀ)⁻¹ ξ without its diagonal, by Gauss–Jordan elimination with pivoting. */
export function pseudoInverse(patterns: readonly Spins[]): number[][] {
  const n = patterns[0].length;
  const p = patterns.length;
  const gram = patterns.map((a, r) => [
    ...patterns.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0)),
    ...patterns.map((_, c) => (r === c ? 1 : 0)),
  ]);
  for (let c = 0; c < p; c++) {
    let pivot = c;
    for (let r = c; r < p; r++) if (Math.abs(gram[r][c]) > Math.abs(gram[pivot][c])) pivot = r;
    [gram[c], gram[pivot]] = [gram[pivot], gram[c]];
    const lead = gram[c][c];
    gram[c] = gram[c].map((x) => x / lead);
    for (let r = 0; r < p; r++) {
      if (r === c) continue;
      const factor = gram[r][c];
      gram[r] = gram[r].map((x, k) => x - factor * gram[c][k]);
    }
  }
  return grid(n, (i, j) => {
    if (i === j) return 0;
    let sum = 0;
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++) sum += patterns[a][i] * gram[a][p + b] * patterns[b][j];
    return sum;
  });
}

export function grid(n: number, value: (i: number, j: number) => number): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => value(i, j)));
}

/** The rows of a matrix as plain arrays. */
export function nested(m: { data: ArrayLike<number>; shape: readonly number[] }): number[][] {
  const [rows, columns] = m.shape;
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => m.data[r * columns + c]),
  );
}

/** Every state of {−1, +1}ⁿ. */
export function states(n: number): Int8Array[] {
  return Array.from({ length: 2 ** n }, (_, k) =>
    Int8Array.from({ length: n }, (_, i) => ((k >> i) & 1 ? 1 : -1)),
  );
}
