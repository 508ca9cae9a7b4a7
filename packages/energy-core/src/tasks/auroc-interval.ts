import { normalQuantile } from "../internal/normal-quantile.ts";

/**
 * Returns the standard error of an AUROC P(E_out > E_in) + ½ P(E_out = E_in), from the variances of the placements of
 * each set among the other (DeLong, DeLong & Clarke-Pearson 1988); undefined for fewer than two energies in a set.
 *
 * @param inside ascending, as `outside`.
 */
export function aurocError(inside: Float64Array, outside: Float64Array): number | undefined {
  if (Math.min(inside.length, outside.length) < 2) return undefined;
  const [own, others] = [placements(inside, outside), placements(outside, inside)];
  return Math.sqrt(variance(own) / inside.length + variance(others) / outside.length);
}

/**
 * Returns a confidence interval of an AUROC: DeLong's on the logit scale. Of 0 and 1, which have no such error, it is
 * the exact one-sided bound: `pairs` disjoint pairs were all told apart, which an AUROC of A does with probability
 * A^pairs. Where ties leave no error, or a set holds one energy, it is Hoeffding's (1963, §5), A ± √(log(2/α)/(2
 * pairs)).
 *
 * @param pairs size of the smaller set.
 */
export function aurocInterval(
  auroc: number,
  error: number | undefined,
  pairs: number,
  confidence: number,
): readonly [low: number, high: number] {
  const least = (1 - confidence) ** (1 / pairs);
  if (auroc === 1) return [least, 1];
  if (auroc === 0) return [0, 1 - least];
  if (error === undefined || error === 0) {
    const reach = Math.sqrt(Math.log(2 / (1 - confidence)) / (2 * pairs));
    return [Math.max(0, auroc - reach), Math.min(1, auroc + reach)];
  }
  const center = Math.log(auroc / (1 - auroc));
  const reach = (normalQuantile((1 + confidence) / 2) * error) / (auroc * (1 - auroc));
  const logistic = (x: number) => 1 / (1 + Math.exp(-x));
  return [logistic(center - reach), logistic(center + reach)];
}

/** Share of `others` below each of the sorted `values`, ties counted half. */
function placements(values: Float64Array, others: Float64Array): Float64Array {
  let [below, upTo] = [0, 0];
  return values.map((value) => {
    while (below < others.length && others[below] < value) below++;
    while (upTo < others.length && others[upTo] <= value) upTo++;
    return (below + upTo) / 2 / others.length;
  });
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
