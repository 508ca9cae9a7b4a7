import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { symmetricEigen } from "../../src/internal/index.ts";

/** Σ_k v_k v_kᵀ of `rank` random vectors, those of every second entry 0. */
function ofRank(n: number, rank: number, scale: number, seed: number): Float64Array {
  const rng = createRng(seed);
  const matrix = new Float64Array(n * n);
  for (let k = 0; k < rank; k++) {
    const v = Float64Array.from({ length: n }, (_, i) =>
      i % 2 === k % 2 ? rng.normal() * Math.sqrt(scale) : 0,
    );
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] += v[i] * v[j];
  }
  return matrix;
}

const cases = [1, 2, 3, 8, 33, 64].flatMap((n) =>
  [0, 1, 3, n].flatMap((rank) => [1e-300, 1e-8, 1, 1e200].map((scale) => ({ n, rank, scale }))),
);

test.each(cases)(
  "n $n, rank $rank, scale $scale: vectors and values give the matrix back",
  ({ n, rank, scale }) => {
    const matrix = ofRank(n, rank, scale, n + rank);
    const norm = matrix.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const { values, vectors } = symmetricEigen(matrix, n);
    expect([...values]).toEqual([...values].sort((a, b) => a - b));
    let [worst, skew] = [0, 0];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let [entry, product] = [0, 0];
        for (let k = 0; k < n; k++) {
          entry += vectors[k * n + i] * (values[k] / (norm || 1)) * vectors[k * n + j];
          product += vectors[i * n + k] * vectors[j * n + k];
        }
        worst = Math.max(worst, Math.abs(entry - matrix[i * n + j] / (norm || 1)));
        skew = Math.max(skew, Math.abs(product - (i === j ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(n * 2e-15);
    expect(skew).toBeLessThan(n * 2e-15);
  },
);
