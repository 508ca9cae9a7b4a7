import { log } from "@basin/energy-core/random";

/** A step s of a descent and the change z of the gradient along it, with sᵀz above 0. */
export interface CurvaturePair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/**
 * Returns the diagonal of the inverse Hessian after one more pair (Gilbert & Lemaréchal 1989, as in Zhang et al. 2022,
 * eq. 7).
 */
export function nextDiagonal(diagonal: Float64Array, { step, change }: CurvaturePair): Float64Array {
  let [a, b, c] = [0, 0, 0];
  for (let i = 0; i < step.length; i++) {
    a += change[i] * diagonal[i] * change[i];
    b += change[i] * step[i];
    c += (step[i] * step[i]) / diagonal[i];
  }
  return diagonal.map(
    (value, i) => 1 / (a / (b * value) + change[i] ** 2 / b - (a * step[i] ** 2) / (b * c * value * value)),
  );
}

/**
 * The inverse Hessian H = A D Aᵀ of L-BFGS from a diagonal D and pairs, A = F_m … F_1 with F = I − p qᵀ, p = s/sᵀz and
 * q = z − √(sᵀz / sᵀBs) B s, B the inverse of H before the pair: the product form of the BFGS update (Brodlie, Gourlay
 * & Greenstadt 1973).
 */
export class InverseHessian {
  readonly #roots: Float64Array;
  readonly #factors: { p: Float64Array; q: Float64Array; determinant: number }[] = [];
  /** ln √det H. */
  readonly logDeterminantRoot: number;

  constructor(diagonal: Float64Array, pairs: readonly CurvaturePair[]) {
    this.#roots = diagonal.map(Math.sqrt);
    for (const { step, change } of pairs) {
      const curvature = dot(step, change);
      const hessianStep = this.#hessian(step);
      const ratio = Math.sqrt(curvature / dot(step, hessianStep));
      const q = change.map((value, i) => value - ratio * hessianStep[i]);
      // 1 − qᵀp without cancellation.
      this.#factors.push({ p: step.map((value) => value / curvature), q, determinant: 1 / ratio });
    }
    let sum = 0;
    for (const root of this.#roots) sum += log(root);
    for (const { determinant } of this.#factors) sum += log(determinant);
    this.logDeterminantRoot = sum;
  }

  /** Returns A √D u, of the law N(0, H) where u is standard normal. */
  root(u: Float64Array): Float64Array {
    const v = u.map((value, i) => value * this.#roots[i]);
    for (const { p, q } of this.#factors) subtract(v, p, dot(q, v));
    return v;
  }

  /** Returns H g. */
  times(g: Float64Array): Float64Array {
    const v = g.slice();
    for (const { p, q } of this.#factors.toReversed()) subtract(v, q, dot(p, v));
    return this.root(v.map((value, i) => value * this.#roots[i]));
  }

  /** Returns H⁻¹ v = A⁻ᵀ D⁻¹ A⁻¹ v. */
  #hessian(v: Float64Array): Float64Array {
    const w = v.slice();
    for (const { p, q, determinant } of this.#factors.toReversed()) subtract(w, p, -dot(q, w) / determinant);
    for (let i = 0; i < w.length; i++) w[i] /= this.#roots[i] ** 2;
    for (const { p, q, determinant } of this.#factors) subtract(w, q, -dot(p, w) / determinant);
    return w;
  }
}

/** v ← v − a w. */
function subtract(v: Float64Array, w: Float64Array, a: number): void {
  for (let i = 0; i < v.length; i++) v[i] -= a * w[i];
}

/** Returns aᵀb. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
