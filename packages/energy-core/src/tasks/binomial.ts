/**
 * Returns 1-based order statistics [low, high] of n draws between which the q-quantile lies with the given confidence:
 * P(X_(low) ≤ quantile ≤ X_(high)) ≥ confidence for any continuous distribution; low = 0 or high = n + 1 where n is too
 * small. #{X_i ≤ quantile} is Binomial(n, q) (Conover 1999, §3.2).
 */
export function binomialInterval(n: number, q: number, confidence: number): [low: number, high: number] {
  const tail = (1 - confidence) / 2;
  let logProbability = n * Math.log1p(-q);
  const logOdds = Math.log(q) - Math.log1p(-q);
  let cumulative = 0;
  let low = 0;
  for (let k = 0; k <= n; k++) {
    cumulative += Math.exp(logProbability);
    if (cumulative <= tail) low = k + 1;
    if (cumulative >= 1 - tail) return [low, k + 1];
    logProbability += Math.log((n - k) / (k + 1)) + logOdds;
  }
  return [low, n + 1];
}
