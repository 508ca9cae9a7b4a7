/** Sweeps of the first round of a search with a time limit, unless asked otherwise. */
export const FIRST_ROUND = 125;

/**
 * Returns the sweeps of the next round: twice those of the last, or fewer if the time left affords no more. Returns
 * `undefined` if it affords less than an eighth of the last. `took` and `left` are in seconds.
 */
export function nextRound(sweeps: number, took: number, left: number): number | undefined {
  const affordable = Math.floor((0.97 * left * sweeps) / took);
  return affordable < sweeps / 8 ? undefined : Math.max(1, Math.min(2 * sweeps, affordable, 1e9));
}
