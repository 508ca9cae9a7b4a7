/**
 * Simulated annealing of 128 replicas at once: bit r of a node's vector is the spin of replica r, 1 for +1.
 *
 * A replica of node i has c, the satisfied part of D = Σ_j |J_ij| + |h_i| in units of the problem, and flipping changes
 * the energy by 2 (2c − D) units. Metropolis accepts with probability exp(−β 2 (2c − D)) where 2c > D: the product,
 * over the octal digits of e = c − ⌈D/2⌉, of coins with probabilities exp(−β 4 · 8^k digit) (times exp(−β 2) for odd
 * D). The counts are sums of vectors by full adders, so every operation serves 128 replicas, and all of them draw their
 * own bits.
 */

import { beginCoins } from "./solve/coins";
import { resume, suspend } from "./solve/logs";
import { visitNodes } from "./solve/nodes";
import { visitWide } from "./solve/wide";

export { bring, countSatisfied, exchange, moveClusters } from "./solve/ladder";

/**
 * Runs the sweeps `from` … `to − 1` of a table and returns whether the last one flipped anything.
 *
 * `job` points to 32-bit words: table, runs, number of runs, node vectors, distance to their complements (0 for none),
 * turn mask, entries, coins, number of coins, scratch, tape block, log block, bytes of a row. A row of the table holds
 * the mask of uphill flips (i32), 4 bytes unused, 1/β in units where the replicas share their thresholds, else 0 (f64),
 * then the coins: lowest digit for even D, for odd D, then the other digits. A run has 32 bytes: nodes, entries a node,
 * D, start of the count, width of the count (0: by D), unused.
 */
export function sweeps(from: i32, to: i32, job: i32): i32 {
  const table = load<i32>(job), runs = load<i32>(job, 4), lastRun = runs + (load<i32>(job, 8) << 5);
  const words = load<i32>(job, 12), complement = load<i32>(job, 16);
  const turnMask = i32x4.splat(load<i32>(job, 20));
  const entries = load<i32>(job, 24), coins = load<i32>(job, 28), coinCount = load<i32>(job, 32);
  const scratch = load<i32>(job, 36), rowBytes = load<i32>(job, 48);
  resume(load<i32>(job, 40), load<i32>(job, 44));
  let changed = i64x2.splat(0);
  for (let s = from; s < to; s++) {
    const row = table + s * rowBytes;
    const uphill = i32x4.splat(load<i32>(row));
    const shared = load<f64>(row, 8);
    beginCoins(row, coinCount, coins);
    changed = i64x2.splat(0);
    let self = words;
    let entry = entries;
    for (let run = runs; run < lastRun; run += 32) {
      const nodes = load<i32>(run), degree = load<i32>(run, 4), total = load<i32>(run, 8);
      const start = load<i32>(run, 12), width = load<i32>(run, 16);
      let flips: v128;
      if (width > 0) {
        flips = visitWide(self, nodes, entry, degree, total, start, width, complement, turnMask, uphill, coins, scratch, shared);
      } else if (total < 4) {
        flips = visitNodes(2, self, nodes, entry, degree, total, start, complement, turnMask, uphill, coins, scratch, shared);
      } else if (total < 8) {
        flips = visitNodes(3, self, nodes, entry, degree, total, start, complement, turnMask, uphill, coins, scratch, shared);
      } else if (total < 16) {
        flips = visitNodes(4, self, nodes, entry, degree, total, start, complement, turnMask, uphill, coins, scratch, shared);
      } else if (total < 32) {
        flips = visitNodes(5, self, nodes, entry, degree, total, start, complement, turnMask, uphill, coins, scratch, shared);
      } else if (total < 64) {
        flips = visitNodes(6, self, nodes, entry, degree, total, start, complement, turnMask, uphill, coins, scratch, shared);
      } else {
        flips = visitNodes(7, self, nodes, entry, degree, total, start, complement, turnMask, uphill, coins, scratch, shared);
      }
      changed = v128.or(changed, flips);
      self += nodes << 4;
      entry += (nodes * degree) << (width > 0 ? 3 : 2);
    }
  }
  suspend();
  return v128.any_true(changed) ? 1 : 0;
}
