import { expOfSteps, STEPS } from "./exp.ts";
import { mapRows, type Rows } from "./rows.ts";

/** Returns −T log Σ_y exp(f_y / T) of each row. The largest logit is taken out first. */
export function energies(logits: Rows, temperature: number): Float64Array {
  const steps = STEPS / temperature;
  return mapRows(logits, (data, from, to) => {
    let most = data[from];
    for (let k = from + 1; k < to; k++) if (data[k] > most) most = data[k];
    return -most - temperature * Math.log(sumOfExp(data, from, to, most, steps));
  });
}

/**
 * Returns Σ exp((f − most) / T) of the numbers from `from` up to `to`, with `steps` = STEPS / T. It forms four sums,
 * each of every fourth number, and adds them in the order of the compiled kernel.
 */
export function sumOfExp(
  data: ArrayLike<number>,
  from: number,
  to: number,
  most: number,
  steps: number,
): number {
  const sums = [0, 0, 0, 0];
  for (let lane = 0; lane < 4; lane++) {
    let sum = 0;
    for (let k = from + lane; k < to; k += 4) sum += expOfSteps((data[k] - most) * steps);
    sums[lane] = sum;
  }
  return sums[0] + sums[2] + (sums[1] + sums[3]);
}
