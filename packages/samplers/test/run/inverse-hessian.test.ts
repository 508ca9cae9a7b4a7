import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { InverseHessian, nextDiagonal } from "../../src/run/inverse-hessian.ts";

const N = 4;
const indices = Array.from({ length: N }, (_, i) => i);
const inner = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  indices.reduce((sum, i) => sum + a[i] * b[i], 0);

/** H⁺ = (I − s zᵀ/sᵀz) H (I − z sᵀ/sᵀz) + s sᵀ/sᵀz, as matrices. */
function update(h: number[][], s: Float64Array, z: Float64Array): number[][] {
  const c = inner(s, z);
  const left = indices.map((i) => indices.map((j) => (i === j ? 1 : 0) - (s[i] * z[j]) / c));
  const product = (a: number[][], b: number[][]) =>
    indices.map((i) => indices.map((j) => indices.reduce((sum, k) => sum + a[i][k] * b[k][j], 0)));
  const transposed = indices.map((i) => indices.map((j) => left[j][i]));
  const middle = product(product(left, h), transposed);
  return indices.map((i) => indices.map((j) => middle[i][j] + (s[i] * s[j]) / c));
}

function determinant(a: number[][]): number {
  if (a.length === 1) return a[0][0];
  return a[0].reduce((sum, value, j) => {
    const minor = a.slice(1).map((row) => row.filter((_, k) => k !== j));
    return sum + (j % 2 === 0 ? 1 : -1) * value * determinant(minor);
  }, 0);
}

test("the product form equals the BFGS update by matrices: H, its root and its determinant", () => {
  const rng = createRng(1);
  const random = () => Float64Array.from(indices, () => rng.normal());
  const pairs = Array.from({ length: 3 }, () => {
    const step = random();
    // Of a positive definite Hessian: z = (I + v vᵀ) s.
    const v = random();
    const along = inner(v, step);
    return { step, change: step.map((value, i) => value + along * v[i]) };
  });
  const diagonal = Float64Array.of(0.5, 1, 2, 3);
  const start = indices.map((i) => indices.map((j) => (i === j ? diagonal[i] : 0)));
  const exact = pairs.reduce((h, { step, change }) => update(h, step, change), start);
  const found = new InverseHessian(diagonal, pairs);
  const unit = (j: number) => Float64Array.from(indices, (i) => (i === j ? 1 : 0));
  const columns = indices.map((j) => found.root(unit(j)));
  for (const i of indices)
    for (const j of indices) {
      expect(found.times(unit(j))[i]).toBeCloseTo(exact[i][j], 12);
      expect(columns.reduce((sum, column) => sum + column[i] * column[j], 0)).toBeCloseTo(exact[i][j], 12);
    }
  expect(found.logDeterminantRoot).toBeCloseTo(0.5 * Math.log(determinant(exact)), 12);
});

test("the diagonal becomes that of the Hessian where it is one, and stays positive", () => {
  const rng = createRng(2);
  const hessian = Float64Array.of(100, 1, 4, 0.25);
  let diagonal: Float64Array = new Float64Array(N).fill(1);
  for (let k = 0; k < 400; k++) {
    const step = Float64Array.from(indices, () => rng.normal());
    diagonal = nextDiagonal(diagonal, { step, change: step.map((value, i) => value * hessian[i]) });
  }
  for (const i of indices) expect(Math.abs(Math.log(diagonal[i] * hessian[i]))).toBeLessThan(0.5);
});
