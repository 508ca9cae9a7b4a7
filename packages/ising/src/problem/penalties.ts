import type { BinaryForm } from "./binary-form.ts";

/**
 * A penalty is lowered only where that makes it less than this part of what it was, so that problems of one scale stay
 * as they are.
 */
const WORTH = 0.5;
/** How far above the least penalty that is enough the new one lies. */
const MARGIN = 17 / 16;

/**
 * Returns the same problem over bits with its oversized penalties lowered, or `undefined` if there are none. No state
 * of lowest energy has a term Q_ij x_i x_j with Q_ij > b_i = −a_i − Σ_{k≠j} min(0, Q_ik), because x_i = 0 removes it
 * and loses at most b_i. Any Q_ij above b_i has the same effect. So lowest energies and their states do not change,
 * while other energies become large enough for rounding and for β.
 */
export function lowerPenalties(form: BinaryForm): BinaryForm | undefined {
  const { variables, linear, quadratic } = form;
  const { sources, targets, weights } = quadratic;
  const unit = wholeUnit(form);
  const most = Float64Array.from(linear, (value) => -value);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < variables; i++) if (linear[i] !== 0) least = Math.min(least, Math.abs(linear[i]));
  for (let e = 0; e < weights.length; e++) {
    least = Math.min(least, Math.abs(weights[e]));
    if (weights[e] > 0) continue;
    most[sources[e]] -= weights[e];
    most[targets[e]] -= weights[e];
  }
  let lowered = false;
  const lower = weights.map((weight, e) => {
    if (weight <= 0) return weight;
    const [a, b] = [most[sources[e]], most[targets[e]]];
    const [low, high] = a < b ? [a, b] : [b, a];
    // The bit that gains least must not stay beside the other; where it gains nothing, neither must the other.
    const bound = low > 0 ? low : Math.max(high, 0);
    const enough =
      unit === undefined ? Math.max(bound * MARGIN, least) : (Math.floor(bound / unit) + 1) * unit;
    if (!(enough < WORTH * weight)) return weight;
    lowered = true;
    return enough;
  });
  return lowered ? { ...form, quadratic: { sources, targets, weights: lower } } : undefined;
}

/** 1 where all terms are whole numbers, which the bit-parallel annealer wants to stay so. */
function wholeUnit({ linear, quadratic }: BinaryForm): number | undefined {
  return linear.every(Number.isInteger) && quadratic.weights.every(Number.isInteger) ? 1 : undefined;
}
