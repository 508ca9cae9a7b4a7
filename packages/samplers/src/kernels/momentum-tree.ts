import { copyVector } from "./hamiltonian.ts";

/**
 * The momenta that the U-turn criterion needs: those at the two ends of a stretch of trajectory, and their sum over all
 * its points.
 */
export interface Subtree {
  /** Momentum at the end where it touches what was there before. */
  readonly near: Float64Array;
  /** Momentum at the other end. */
  readonly far: Float64Array;
  /** ρ = Σ p. */
  readonly sum: Float64Array;
}

function subtree(d: number): Subtree {
  return { near: new Float64Array(d), far: new Float64Array(d), sum: new Float64Array(d) };
}

/**
 * Joins `first` and the `second` built beyond it into `out`. Returns whether the joint stretch still runs straight:
 * p · ρ > 0 at both its ends, and the same for `first` with the first point of `second`, and for the last point of
 * `first` with `second`.
 */
export function joinTrees(first: Subtree, second: Subtree, out: Subtree): boolean {
  const { near: a, far: b, sum: ab } = first;
  const { near: c, far: d, sum: cd } = second;
  const { near, far, sum } = out;
  let whole0 = 0;
  let whole1 = 0;
  let left0 = 0;
  let left1 = 0;
  let right0 = 0;
  let right1 = 0;
  for (let i = 0; i < sum.length; i++) {
    const rho = ab[i] + cd[i];
    const rhoLeft = ab[i] + c[i];
    const rhoRight = b[i] + cd[i];
    whole0 += a[i] * rho;
    whole1 += d[i] * rho;
    left0 += a[i] * rhoLeft;
    left1 += c[i] * rhoLeft;
    right0 += b[i] * rhoRight;
    right1 += d[i] * rhoRight;
    near[i] = a[i];
    far[i] = d[i];
    sum[i] = rho;
  }
  return whole0 > 0 && whole1 > 0 && left0 > 0 && left1 > 0 && right0 > 0 && right1 > 0;
}

/**
 * Makes `out` of two single points, given by their momenta. Returns whether the stretch runs straight: p · ρ > 0 at
 * both.
 */
export function joinPoints(first: Float64Array, second: Float64Array, out: Subtree): boolean {
  const { near, far, sum } = out;
  let start = 0;
  let end = 0;
  for (let i = 0; i < sum.length; i++) {
    const a = first[i];
    const b = second[i];
    const rho = a + b;
    start += a * rho;
    end += b * rho;
    near[i] = a;
    far[i] = b;
    sum[i] = rho;
  }
  return start > 0 && end > 0;
}

/** The momenta of a doubling trajectory, in buffers made once. */
export class MomentumTree {
  /** Where the next subtree is built. */
  readonly fresh: Subtree;
  /** Buffers for the two halves of a subtree, by depth. */
  readonly children: readonly (readonly [Subtree, Subtree])[];
  /** The trajectory so far, for growth backward and forward: `far` is the end that grows. */
  #trees: readonly [Subtree, Subtree];
  readonly #joined: Subtree;

  constructor(d: number, maxDepth: number) {
    this.fresh = subtree(d);
    this.children = Array.from({ length: maxDepth }, () => [subtree(d), subtree(d)] as const);
    const low = new Float64Array(d);
    const high = new Float64Array(d);
    const sum = new Float64Array(d);
    this.#trees = [
      { near: high, far: low, sum },
      { near: low, far: high, sum },
    ];
    this.#joined = subtree(d);
  }

  /** Begins a trajectory of one point. */
  start(momentum: Float64Array): void {
    const { near, far, sum } = this.#trees[0];
    copyVector(momentum, near);
    copyVector(momentum, far);
    copyVector(momentum, sum);
  }

  /** Adds `fresh` at the backward (0) or forward (1) end. Returns whether the whole trajectory still runs straight. */
  extend(direction: 0 | 1): boolean {
    const tree = this.#trees[direction];
    const straight = joinTrees(tree, this.fresh, this.#joined);
    copyVector(this.fresh.far, tree.far);
    copyVector(this.#joined.sum, tree.sum);
    return straight;
  }
}
