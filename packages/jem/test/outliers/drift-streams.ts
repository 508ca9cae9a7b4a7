import { createRng, type Rng } from "@basin/energy-core/random";
import { driftWatch } from "@basin/jem/outliers";

export const uniforms = (rng: Rng, count: number): Float64Array =>
  Float64Array.from({ length: count }, () => rng.uniform());

/** How many streams without drift raise the alarm, of `seeds` with `n` held-out scores each. */
export function falseAlarms(n: number, rows: number, seeds: number): number {
  let alarms = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const rng = createRng(seed);
    const watch = driftWatch(uniforms(rng, n), 0.95, { seed });
    if (watch.update(uniforms(rng, rows)).alarm) alarms++;
  }
  return alarms;
}

/** The count that alarms of probability 0.01 exceed with probability below 0.001. */
export const limit = (seeds: number): number => 0.01 * seeds + 3.1 * Math.sqrt(0.01 * seeds) + 1;
