/** Counts values in equal steps from `low` to `high`, as a line that goes up and down at the edges of its bins. */
export function histogram(
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
  bins: number,
): { x: number[]; y: number[] } {
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of Array.from(values))
    counts[Math.max(0, Math.min(bins - 1, Math.floor((value - low) / width)))]++;
  const x = counts.flatMap((_, k) => [low + k * width, low + (k + 1) * width]);
  return { x, y: counts.flatMap((count) => [count, count]) };
}
