/** Which warm-up steps (from 0) the metric learns from, and after which of them it is renewed. */
export interface Windows {
  /** First step whose position is kept. */
  readonly start: number;
  /** Last steps of the windows, ascending: after each the metric is renewed and the step size starts again. */
  readonly ends: readonly number[];
}

/**
 * Returns Stan's warm-up schedule: a fast phase of 75 steps, slow windows of 25, 50, 100 … steps, a fast phase of 50.
 * With fewer than 150 steps the phases take 15 %, 75 % and 10 %; with fewer than 20 the metric is not tuned at all.
 */
export function warmupWindows(steps: number): Windows {
  if (steps < 20) return { start: steps, ends: [] };
  let start = 75;
  let tail = 50;
  let size = 25;
  if (start + tail + size > steps) {
    start = Math.floor(0.15 * steps);
    tail = Math.floor(0.1 * steps);
    size = steps - start - tail;
  }
  const stop = steps - tail;
  const ends: number[] = [];
  for (let end = start + size; ; end += size) {
    // A window whose successor would not fit takes the rest.
    if (end + 2 * size > stop) {
      ends.push(stop - 1);
      return { start, ends };
    }
    ends.push(end - 1);
    size *= 2;
  }
}
