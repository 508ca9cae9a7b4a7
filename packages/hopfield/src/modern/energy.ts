import { type DifferentiableEnergy, type Matrix, reals } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import { exp, log } from "@basin/energy-core/random";

/** What the energy of a modern memory depends on besides its patterns. */
export interface ModernShape {
  readonly sharpness: number;
  readonly separation: Separation;
  /** b_μ, added to ξ^μ · x. */
  readonly bias: Float64Array;
}

/** How the patterns share in the energy. */
export const separationNames = ["log-sum-exp", "log-sum-relu"] as const;
export type Separation = (typeof separationNames)[number];

/**
 * Returns E(x) = ½‖x‖² − (1/β) log Σ_μ exp(β (ξ^μ·x + b_μ)) (Ramsauer et al. 2021, without its constants) or, for
 * log-sum-ReLU, E(x) = −(1/β) log Σ_μ max(0, 1 − (β/2) ‖x − ξ^μ‖²) (Hoover et al. 2025), +∞ where no pattern is near.
 */
export function modernEnergy(patterns: Matrix<Float32Array>, shape: ModernShape): DifferentiableEnergy {
  const [count, dimension] = patterns.shape;
  const scores = new Float64Array(count);
  const ignored = new Float64Array(dimension);
  const evaluate = shape.separation === "log-sum-exp" ? logSumExp : logSumReLU;
  const gradient = (x: Float64Array, out: Float64Array) => {
    checkLength("state", x.length, dimension);
    checkLength("out", out.length, dimension);
    return evaluate(patterns.data, shape, x, scores, out);
  };
  return { space: reals(dimension), energy: (x) => gradient(x, ignored), can: { gradient } };
}

function logSumExp(
  patterns: Float32Array,
  { sharpness, bias }: ModernShape,
  x: Float64Array,
  scores: Float64Array,
  gradient: Float64Array,
): number {
  const n = x.length;
  let most = Number.NEGATIVE_INFINITY;
  for (let mu = 0, at = 0; mu < scores.length; mu++) {
    let score = bias[mu];
    for (let k = 0; k < n; k++, at++) score += patterns[at] * x[k];
    scores[mu] = score;
    if (score > most) most = score;
  }
  let total = 0;
  for (let mu = 0; mu < scores.length; mu++) {
    scores[mu] = exp(sharpness * (scores[mu] - most));
    total += scores[mu];
  }
  let square = 0;
  for (let k = 0; k < n; k++) {
    square += x[k] * x[k];
    gradient[k] = x[k];
  }
  for (let mu = 0; mu < scores.length; mu++) {
    const share = scores[mu] / total;
    if (share !== 0) for (let k = 0, at = mu * n; k < n; k++, at++) gradient[k] -= share * patterns[at];
  }
  return 0.5 * square - most - log(total) / sharpness;
}

function logSumReLU(
  patterns: Float32Array,
  { sharpness }: ModernShape,
  x: Float64Array,
  scores: Float64Array,
  gradient: Float64Array,
): number {
  const n = x.length;
  gradient.fill(0);
  let total = 0;
  for (let mu = 0; mu < scores.length; mu++) {
    let square = 0;
    for (let k = 0, at = mu * n; k < n; k++, at++) square += (x[k] - patterns[at]) ** 2;
    const nearness = 1 - 0.5 * sharpness * square;
    if (!(nearness > 0)) continue;
    total += nearness;
    for (let k = 0, at = mu * n; k < n; k++, at++) gradient[k] += x[k] - patterns[at];
  }
  if (total === 0) return Number.POSITIVE_INFINITY;
  for (let k = 0; k < n; k++) gradient[k] /= total;
  return -log(total) / sharpness;
}
