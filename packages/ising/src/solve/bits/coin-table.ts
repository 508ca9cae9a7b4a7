import { exp } from "@basin/energy-core/random";
import { COIN_BITS, ROW_BYTES } from "./layout.ts";

/** Coins below this probability are drawn by their rare successes alone; measured, the cheapest place to change over. */
const LEAST_DRAWN = 1 / 400;
/** 1 / ln(1 − 0), as a number that keeps products finite. */
const NEVER = -1e300;

/**
 * Writes row `row` of the sweep table: level k is a coin of probability exp(−β · 2 · 2^k · unit).
 *
 * @param uphill whether flips that do not lower the energy are made at all; without them a sweep is a descent.
 */
export function writeCoinRow(
  memory: ArrayBuffer,
  table: number,
  row: number,
  levels: number,
  unit: number,
  inverseTemperature: number,
  uphill = true,
): void {
  const view = new DataView(memory, table + row * ROW_BYTES, ROW_BYTES);
  let coinLevels = 0;
  for (let k = 0; k < levels; k++) {
    const p = uphill ? exp(-inverseTemperature * 2 * unit * 2 ** k) : 0;
    const drawn = p >= LEAST_DRAWN;
    if (drawn) coinLevels = k + 1;
    const turned = drawn && p > 0.5;
    const f = turned ? 1 - p : p;
    const places = drawn ? Math.floor(f * 2 ** COIN_BITS) : 0;
    const leading = places / 2 ** COIN_BITS;
    const rest = (f - leading) / (1 - leading);
    const at = 16 + 16 * k;
    view.setInt32(at, places, true);
    view.setInt32(at + 4, turned ? -1 : 0, true);
    view.setFloat64(at + 8, rest > 0 ? Math.max(1 / logOneMinus(rest), NEVER) : NEVER, true);
  }
  view.setInt32(0, coinLevels, true);
  view.setInt32(4, uphill ? -1 : 0, true);
}

/** ln(1 − r) for 0 < r ≤ 1/400, by its series, whose remainder is below 1e-19 of it. */
function logOneMinus(r: number): number {
  let sum = 0;
  for (let k = 8; k >= 1; k--) sum = sum * r + 1 / k;
  return -r * sum;
}
