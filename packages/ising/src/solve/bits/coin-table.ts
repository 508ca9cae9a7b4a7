import { exp, log } from "@basin/energy-core/random";
import { type BitLayout, PLACES, ROW_COIN, ROW_HEAD } from "./layout.ts";

/** Probabilities below this have no leading places. Measured: here drawing one by one costs as much as jumping. */
const LEAST_DRAWN = 1 / 400;
/** Stands for 1 / ln(1 − 0): a number that keeps products finite. */
const NEVER = -1e300;

/**
 * Writes row `row` of the sweep table for inverse temperature β. A replica with e = c − ⌈D/2⌉ ≥ 0 goes uphill by 2 (2e
 * + [D odd]) units. Coin 0 belongs to the lowest octal digit of e for even D, coin 1 to that digit for odd D, and the
 * other coins to the further digits.
 *
 * @param shared whether all replicas of a visit share one random number.
 * @param uphill whether flips that do not lower the energy are allowed; without them a sweep is a descent.
 */
export function writeCoinRow(
  memory: ArrayBuffer,
  { table, rowBytes, coins, unit }: BitLayout,
  row: number,
  inverseTemperature: number,
  uphill = true,
  shared = false,
): void {
  const view = new DataView(memory, table + row * rowBytes, rowBytes);
  view.setInt32(0, uphill ? -1 : 0, true);
  // At β = 0 every threshold passes. A large finite number does the same without an infinity times 0.
  view.setFloat64(8, shared ? Math.min(1e300, 1 / (inverseTemperature * unit)) : 0, true);
  for (let coin = 0; coin < coins; coin++) {
    const step = coin < 2 ? 4 : 4 * 8 ** (coin - 1);
    const first = coin === 1 ? 2 : 0;
    const probabilities = Array.from({ length: 8 }, (_, digit) =>
      uphill ? exp(-inverseTemperature * unit * (first + step * digit)) : 0,
    );
    // Digit 0 always succeeds, except for odd D, where its coin is never asked.
    if (coin !== 1) probabilities[0] = 0;
    writeCoin(view, ROW_HEAD + coin * ROW_COIN, probabilities);
  }
}

function writeCoin(view: DataView, at: number, probabilities: readonly number[]): void {
  const places = probabilities.map((p) =>
    p < LEAST_DRAWN ? 0 : Math.min(2 ** PLACES - 1, Math.floor(p * 2 ** PLACES)),
  );
  const rests = probabilities.map(
    (p, digit) => (p - places[digit] / 2 ** PLACES) / (1 - places[digit] / 2 ** PLACES),
  );
  const rate = Math.max(...rests);
  const last = places.findLastIndex((value) => value > 0);
  view.setInt32(at, last < 0 ? 0 : Math.max(1, 32 - Math.clz32(last)), true);
  view.setFloat64(at + 8, rate > 0 ? Math.max(1 / logOneMinus(rate), NEVER) : NEVER, true);
  for (let digit = 0; digit < 8; digit++) {
    view.setFloat64(
      at + 16 + 8 * digit,
      rests[digit] > 0 ? log(rests[digit] / rate) : Number.NEGATIVE_INFINITY,
      true,
    );
    view.setInt32(at + 80 + 4 * digit, places[digit], true);
  }
}

/** ln(1 − r) for 0 < r ≤ 1. Small r uses the series, whose remainder is below 1e-17 of the value. */
function logOneMinus(r: number): number {
  if (r > 1 / 128) return log(1 - r);
  let sum = 0;
  for (let k = 8; k >= 1; k--) sum = sum * r + 1 / k;
  return -r * sum;
}
