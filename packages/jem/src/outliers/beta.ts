/**
 * Returns the q-quantile of Beta(a, b), a and b above 0: the law of the share of fresh draws below the a-th smallest of a + b − 1
 * (Wilks 1941), and of Clopper and Pearson's bounds.
 */
export function betaQuantile(q: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (betaShare(middle, a, b) < q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularized incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22). */
export function betaShare(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  );
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let [c, value] = [1, d];
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * value;
}

/** Stirling's series (DLMF 5.11.1), after the recurrence has moved x to 12. */
function logGamma(x: number): number {
  let [shift, y] = [0, x];
  for (; y < 12; y++) shift += Math.log(y);
  const z = 1 / (y * y);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z / 1680))) / y;
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** Returns Clopper and Pearson's interval of a share of which `count` of n was seen, at this confidence. */
export function shareInterval(count: number, n: number, confidence: number): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  return [
    count > 0 ? betaQuantile(tail, count, n - count + 1) : 0,
    count < n ? betaQuantile(1 - tail, count + 1, n - count) : 1,
  ];
}
