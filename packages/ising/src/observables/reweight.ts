import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import { type Estimate, estimateMean } from "@basin/samplers";
import type { Series } from "./estimates.ts";

/** A reweighted average. */
type ReweightedEstimate = Pick<Estimate, "mean" | "standardError">;

/** One of the runs. */
export interface HistogramRun {
  readonly series: Series;
  readonly inverseTemperature: number;
}

/** What runs say of one temperature. */
export interface Reweighted {
  readonly inverseTemperature: number;
  readonly absoluteMagnetization: ReweightedEstimate;
  readonly energyPerSite: ReweightedEstimate;
  readonly specificHeat: ReweightedEstimate;
  /** χ = β(⟨M²⟩ − ⟨|M|⟩²)/N. */
  readonly susceptibility: ReweightedEstimate;
  /** U₄ = 1 − ⟨M⁴⟩/(3⟨M²⟩²). */
  readonly binder: ReweightedEstimate;
  /** ln Z(β) − ln Z of the first run's β. */
  readonly logPartition: number;
  /**
   * (Σ w)² / (n Σ w²), in (0, 1]: the effective share of the draws. If it is below about a tenth, simulate at that
   * temperature instead.
   */
  readonly effectiveShare: number;
}

/** Draws of all runs, in blocks, each with its run's weight. */
interface Pool {
  readonly energy: Float64Array;
  readonly magnetization: Float64Array;
  readonly block: Uint8Array;
  /** ln(n_k / g_k) of each run: independent draws. */
  readonly logDraws: Float64Array;
  /** ln 1/g of each draw. */
  readonly logWeight: Float64Array;
  readonly betas: Float64Array;
}

const BLOCKS = 20;
const MOST_ITERATIONS = 10_000;
const PRECISION = 1e-9;

/**
 * Returns averages at any β from runs at one or several (Ferrenberg & Swendsen 1988, 1989): the draws of all runs
 * together, each weighted by exp(−βE) / Σ_k (n_k/g_k) exp(f_k − β_k E), with f_k = −ln Z_k found self-consistently and
 * g_k the runs' autocorrelation times, which is the combination of least variance. Draws are not binned. Errors are
 * those of a jackknife over 20 blocks of every run, f_k solved anew for each. Neighboring runs must share energies:
 * `effectiveShare` says how many draws count at a β.
 *
 * @param runs of the same model, at different β: E and M of the whole system, draw by draw.
 * @param sites number of spins.
 * @param targets the values of β wanted, each at least 0.
 *
 * @example
 * ```ts
 * import { createModel, reweight, simulate } from "@basin/ising";
 *
 * const runs = [];
 * for (const temperature of [2.2, 2.3, 2.4]) {
 *   runs.push(await simulate(createModel("square", 16), { temperature, algorithm: "wolff", sweeps: 2000, seed: 1 }));
 * }
 * for (const { inverseTemperature, specificHeat } of reweight(runs, 256, [1 / 2.25, 1 / 2.35])) {
 *   console.log(1 / inverseTemperature, specificHeat);
 * }
 * ```
 *
 * @throws {ArgumentError} without runs, for a run of fewer than 40 draws, a β out of range, or runs that share too
 * little.
 */
export function reweight(
  runs: readonly HistogramRun[],
  sites: number,
  targets: readonly number[],
): Reweighted[] {
  if (runs.length === 0) throw new ArgumentError("there are no runs to combine");
  for (const [k, beta] of targets.entries()) checkNumber(`targets[${k}]`, beta, { min: 0 });
  const pool = gather(runs);
  const free = solve(pool, start(pool), -1);
  const whole = targets.map((beta) => averages(pool, free, beta, sites, -1));
  const left = Array.from({ length: BLOCKS }, (_, b) => {
    const without = solve(pool, free, b);
    return targets.map((beta) => averages(pool, without, beta, sites, b));
  });
  return targets.map((beta, t) => {
    const estimate = (of: (found: Averages) => number): ReweightedEstimate => {
      const values = left.map((found) => of(found[t]));
      const center = values.reduce((a, b) => a + b, 0) / BLOCKS;
      const spread = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
      return { mean: of(whole[t]), standardError: Math.sqrt(((BLOCKS - 1) / BLOCKS) * spread) };
    };
    return {
      inverseTemperature: beta,
      logPartition: whole[t].logPartition,
      absoluteMagnetization: estimate((x) => x.absolute),
      energyPerSite: estimate((x) => x.energy),
      specificHeat: estimate((x) => x.heat),
      susceptibility: estimate((x) => x.susceptibility),
      binder: estimate((x) => x.binder),
      effectiveShare: whole[t].share,
    };
  });
}

function gather(runs: readonly HistogramRun[]): Pool {
  const total = runs.reduce((sum, { series }) => sum + series.energy.length, 0);
  const pool = {
    energy: new Float64Array(total),
    magnetization: new Float64Array(total),
    block: new Uint8Array(total),
    logDraws: new Float64Array(runs.length),
    logWeight: new Float64Array(total),
    betas: Float64Array.from(runs, ({ inverseTemperature }) => inverseTemperature),
  };
  let at = 0;
  for (const [k, { series, inverseTemperature }] of runs.entries()) {
    const n = series.energy.length;
    checkNumber(`runs[${k}].inverseTemperature`, inverseTemperature, { min: 0 });
    checkLength(`runs[${k}]: magnetization`, series.magnetization.length, n);
    if (n < 2 * BLOCKS) throw new ArgumentError(`run ${k} has ${n} draws, expected at least ${2 * BLOCKS}`);
    const { autocorrelationTime } = estimateMean(series.energy);
    const g = Math.max(1, autocorrelationTime || 1);
    pool.logDraws[k] = Math.log(n / g);
    for (let i = 0; i < n; i++, at++) {
      pool.energy[at] = series.energy[i];
      pool.magnetization[at] = series.magnetization[i];
      pool.block[at] = Math.floor((i * BLOCKS) / n);
      pool.logWeight[at] = -Math.log(g);
    }
  }
  return pool;
}

/** Neighboring f by thermodynamic integration over the mean energies. */
function start(pool: Pool): Float64Array {
  const free = new Float64Array(pool.betas.length);
  const order = [...pool.betas.keys()].sort((a, b) => pool.betas[a] - pool.betas[b]);
  const center = pool.energy.reduce((a, b) => a + b, 0) / pool.energy.length;
  for (const k of order) free[k] = pool.betas[k] * center;
  return free;
}

/** Different energies of the draws that count, with how much each counts: what the equations for f need. */
function levels(pool: Pool, without: number): { energies: Float64Array; logCounts: Float64Array } {
  const counts = new Map<number, number>();
  for (let i = 0; i < pool.energy.length; i++) {
    if (pool.block[i] === without) continue;
    counts.set(pool.energy[i], (counts.get(pool.energy[i]) ?? 0) + Math.exp(pool.logWeight[i]));
  }
  return {
    energies: Float64Array.from(counts.keys()),
    logCounts: Float64Array.from(counts.values(), Math.log),
  };
}

/** ln Σ_k (n_k/g_k) exp(f_k − β_k E). */
function logDenominator(pool: Pool, free: Float64Array, energy: number): number {
  const { betas, logDraws } = pool;
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < betas.length; k++)
    highest = Math.max(highest, logDraws[k] + free[k] - betas[k] * energy);
  let sum = 0;
  for (let k = 0; k < betas.length; k++) sum += Math.exp(logDraws[k] + free[k] - betas[k] * energy - highest);
  return highest + Math.log(sum);
}

/** Iterates f_k = −ln Σ_draws exp(−β_k E)/denominator, relative to the first run. */
function solve(pool: Pool, from: Float64Array, without: number): Float64Array {
  const { energies, logCounts } = levels(pool, without);
  // Leaving a block out takes the same share of every run.
  const free = from.slice();
  const terms = new Float64Array(energies.length);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    for (let e = 0; e < terms.length; e++) terms[e] = logCounts[e] - logDenominator(pool, free, energies[e]);
    let change = 0;
    const next = free.map((_, k) => -logSum(terms, energies, pool.betas[k]));
    for (let k = 0; k < free.length; k++) {
      const value = next[k] - next[0];
      change = Math.max(change, Math.abs(value - (free[k] - free[0])));
    }
    for (let k = 0; k < free.length; k++) free[k] = next[k] - next[0];
    if (change < PRECISION) return free;
  }
  throw new ArgumentError(
    "the runs share too few energies to be put together: take temperatures closer to each other",
  );
}

function logSum(terms: Float64Array, energies: Float64Array, beta: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let e = 0; e < terms.length; e++) highest = Math.max(highest, terms[e] - beta * energies[e]);
  let sum = 0;
  for (let e = 0; e < terms.length; e++) sum += Math.exp(terms[e] - beta * energies[e] - highest);
  return highest + Math.log(sum);
}

interface Averages {
  readonly logPartition: number;
  readonly absolute: number;
  readonly energy: number;
  readonly heat: number;
  readonly susceptibility: number;
  readonly binder: number;
  readonly share: number;
}

function averages(pool: Pool, free: Float64Array, beta: number, sites: number, without: number): Averages {
  const n = pool.energy.length;
  const logs = new Float64Array(n);
  const known = new Map<number, number>();
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const E = pool.energy[i];
    let below = known.get(E);
    if (below === undefined) {
      below = logDenominator(pool, free, E);
      known.set(E, below);
    }
    logs[i] = pool.block[i] === without ? Number.NEGATIVE_INFINITY : pool.logWeight[i] - beta * E - below;
    highest = Math.max(highest, logs[i]);
  }
  let [z, zz, u, absolute, m2, m4] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const w = Math.exp(logs[i] - highest);
    logs[i] = w;
    const m = Math.abs(pool.magnetization[i]) / sites;
    z += w;
    zz += w * w;
    u += (w * pool.energy[i]) / sites;
    absolute += w * m;
    m2 += w * m * m;
    m4 += w * m ** 4;
  }
  [u, absolute, m2, m4] = [u / z, absolute / z, m2 / z, m4 / z];
  let variance = 0;
  for (let i = 0; i < n; i++) variance += logs[i] * (pool.energy[i] / sites - u) ** 2;
  return {
    logPartition: highest + Math.log(z),
    absolute,
    energy: u,
    heat: (beta * beta * sites * variance) / z,
    susceptibility: beta * sites * (m2 - absolute * absolute),
    binder: 1 - m4 / (3 * m2 * m2),
    share: (z * z) / (n * zz),
  };
}
