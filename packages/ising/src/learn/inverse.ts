import {
  ArgumentError,
  CostError,
  DimensionError,
  differentiable,
  enumerate,
  type MatrixLike,
  type SparseQuadratic,
  toMatrix,
  type VectorLike,
} from "@basin/energy-core";
import { checkName, checkOptions, minimizeReals, toVector } from "@basin/energy-core/internal";
import { boltzmannMachine } from "./boltzmann.ts";

/** How couplings are inferred: exactly by enumeration, or by naive mean field. */
export type InverseMethod = "exact" | "mean-field";

/** Every value of {@link InverseMethod}. */
const inverseMethodNames: readonly InverseMethod[] = ["exact", "mean-field"];

/** First and second moments of spins. */
export interface SpinMoments {
  /** ⟨s_i⟩, each in [−1, 1]. */
  readonly means: VectorLike;
  /** ⟨s_i s_j⟩, [n, n]; the diagonal is not read. */
  readonly products: MatrixLike;
}

/** Options of {@link inverseIsing}. */
export interface InverseIsingOptions {
  /** Default "exact". */
  method?: InverseMethod;
  /**
   * Adds ½ ridge ‖θ‖² to the loss of "exact", at least 0. Without it, moments at the limit of what is possible have no
   * finite solution. Default 0.
   */
  ridge?: number;
}

/** A machine that has the moments asked for. */
export interface InverseIsing {
  /** E(s) = −Σ_{i<j} W_ij s_i s_j + Σ_i θ_i s_i; the fields h of physics are −θ. */
  readonly machine: SparseQuadratic;
  /** Largest difference between a given moment and that of the machine, for "exact". */
  readonly maxError?: number;
}

const MOST_SPINS = 16;

/**
 * Returns the Ising model with given moments: the distribution of largest entropy that has them (Jaynes 1957). "exact"
 * minimizes log Z(W, θ) − Σ W_ij ⟨s_i s_j⟩ + Σ θ_i ⟨s_i⟩, which is convex, with moments by enumeration, up to 16 spins.
 * "mean-field" inverts the connected correlations, W = −C⁻¹ off the diagonal, h_i = artanh m_i − Σ_j W_ij m_j (Kappen &
 * Rodríguez 1998): accurate for weak couplings, and for any number of spins.
 *
 * @example
 * ```ts
 * import { inverseIsing } from "@basin/ising/learn";
 *
 * const { machine } = inverseIsing({ means: [0, 0], products: [[1, 0.5], [0.5, 1]] });
 * console.log(machine.couplings.values[0], Math.atanh(0.5)); // the same: ⟨s₀ s₁⟩ = tanh W
 * ```
 *
 * @throws {ArgumentError} for moments beyond [−1, 1], a matrix that is not symmetric, or correlations that have no
 * inverse.
 * @throws {DimensionError} when the two do not go together.
 * @throws {CostError} for "exact" beyond 16 spins.
 */
export function inverseIsing(moments: SpinMoments, options: InverseIsingOptions = {}): InverseIsing {
  checkOptions("inverseIsing", options, "method ridge");
  const method = checkName("method", options.method ?? "exact", inverseMethodNames);
  const { means, products } = checkMoments(moments);
  return method === "exact"
    ? exactInverse(means, products, options.ridge ?? 0)
    : { machine: meanField(means, products) };
}

function exactInverse(means: Float64Array, products: Float64Array, ridge: number): InverseIsing {
  const n = means.length;
  if (n > MOST_SPINS) {
    throw new CostError(
      `an exact answer for ${n} spins walks 2^${n} states at every step, at most 2^${MOST_SPINS}; "mean-field" has no limit`,
    );
  }
  const machine = boltzmannMachine(n);
  const pairs = pairsOf(n);
  const wanted = Float64Array.from([...pairs.map(([i, j]) => products[i * n + j]), ...means]);
  let worst = 0;
  // Coordinates are W of each pair, then the field h = −θ of each spin, so that the loss is log Z − x · moments.
  const loss = differentiable(wanted.length, (x, gradient) => {
    setParameters(machine, x);
    const { logPartition, means: first, pairs: second } = enumerate(machine, { pairs: true });
    worst = 0;
    let value = logPartition;
    for (let k = 0; k < wanted.length; k++) {
      const [i, j] = pairs[k] ?? [];
      const has = second && i !== undefined ? second.data[i * n + j] : first[k - pairs.length];
      worst = Math.max(worst, Math.abs(has - wanted[k]));
      gradient[k] = has - wanted[k] + ridge * x[k];
      value += x[k] * (0.5 * ridge * x[k] - wanted[k]);
    }
    return value;
  });
  const { state } = minimizeReals(loss, new Float64Array(wanted.length));
  loss.can.gradient(state, new Float64Array(wanted.length));
  return { machine, maxError: worst };
}

function pairsOf(n: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) pairs.push([i, j]);
  return pairs;
}

function setParameters(machine: SparseQuadratic, x: Float64Array): void {
  const { dimension, offsets, neighbors, values } = machine.couplings;
  for (let i = 0; i < dimension; i++) {
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      const [a, b] = [Math.min(i, neighbors[k]), Math.max(i, neighbors[k])];
      values[k] = x[a * dimension - (a * (a + 1)) / 2 + b - a - 1];
    }
  }
  const fields = x.subarray(x.length - dimension);
  for (let i = 0; i < dimension; i++) machine.thresholds[i] = -fields[i];
}

function meanField(means: Float64Array, products: Float64Array): SparseQuadratic {
  const n = means.length;
  const connected = products.map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === j ? 1 - means[i] ** 2 : value - means[i] * means[j];
  });
  const inverse = invertMatrix(connected, n);
  const machine = boltzmannMachine(n);
  const pairs = pairsOf(n);
  const weight = (i: number, j: number) => -inverse[i * n + j];
  const fields = means.map((m, i) => {
    let field = Math.atanh(m);
    for (let j = 0; j < n; j++) if (j !== i) field -= weight(i, j) * means[j];
    return field;
  });
  setParameters(machine, Float64Array.from([...pairs.map(([i, j]) => weight(i, j)), ...fields]));
  return machine;
}

/** Gauss–Jordan elimination with partial pivoting. */
function invertMatrix(source: Float64Array, n: number): Float64Array {
  const a = source.slice();
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r * n + c]) > Math.abs(a[pivot * n + c])) pivot = r;
    if (Math.abs(a[pivot * n + c]) < 1e-12) {
      throw new ArgumentError("the connected correlations have no inverse: some spins determine others");
    }
    for (const rows of [a, inverse]) {
      for (let k = 0; k < n; k++) {
        [rows[c * n + k], rows[pivot * n + k]] = [rows[pivot * n + k], rows[c * n + k]];
      }
    }
    const scale = 1 / a[c * n + c];
    for (const rows of [a, inverse]) for (let k = 0; k < n; k++) rows[c * n + k] *= scale;
    for (let r = 0; r < n; r++) {
      const share = a[r * n + c];
      if (r === c || share === 0) continue;
      for (const rows of [a, inverse]) for (let k = 0; k < n; k++) rows[r * n + k] -= share * rows[c * n + k];
    }
  }
  return inverse;
}

function checkMoments(moments: SpinMoments): { means: Float64Array; products: Float64Array } {
  const means = Float64Array.from(toVector(moments.means, "means"));
  const { data, shape } = toMatrix(moments.products, Float64Array, "products");
  const n = means.length;
  if (n === 0 || shape[0] !== n || shape[1] !== n) {
    throw new DimensionError(
      `products have shape [${shape.join(", ")}], expected [${n}, ${n}] as there are ${n} means`,
    );
  }
  const bad = means.findIndex((value) => !(Math.abs(value) <= 1));
  if (bad >= 0) throw new ArgumentError(`means[${bad}] is ${means[bad]}, expected a number from −1 to 1`);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = data[i * n + j];
      if (!(Math.abs(value) <= 1) || Math.abs(value - data[j * n + i]) > 1e-9) {
        throw new ArgumentError(
          `products[${i}][${j}] is ${value} and products[${j}][${i}] is ${data[j * n + i]}, expected one number from −1 to 1`,
        );
      }
    }
  }
  return { means, products: data };
}
