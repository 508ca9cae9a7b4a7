import { checkNumber, DimensionError, row } from "@basin/energy-core";
import { checkOptions, seedOf, spread } from "@basin/energy-core/internal";
import { createRng, permutation } from "@basin/energy-core/random";
import { type Estimate, estimateIndependent } from "@basin/samplers";
import {
  type MemorySource,
  memoryOf,
  type PlainSource,
  plainSource,
  resolveSource,
  restoreSource,
  sourceName,
} from "../named.ts";
import { corrupt, randomPatterns } from "../patterns.ts";
import type { MeasureOptions } from "./measure.ts";
import { hebbianOverlap, hebbianRecallOverlap } from "./theory.ts";

/** Options of {@link capacity}. */
export interface CapacityOptions extends MeasureOptions {
  /** N, at least 2. Default 500. */
  neurons?: number;
  /**
   * Learning rules and dense interactions to compare, or their names ("storkey", "polynomial:3", "exponential", …).
   * Default ["hebbian"].
   */
  rules?: readonly MemorySource[];
  /** Loads α = P/N, each above 0; P is the nearest integer, at least 1. */
  loads: readonly number[];
  /** Shares of flipped bits in a probe, each in [0, 1]. Default [0]: the stored pattern itself. */
  noises?: readonly number[];
  /** Networks of fresh random patterns a load, at least 1. Default 10. */
  networks?: number;
  /** Patterns recalled in each network. Default 10, all where there are fewer. */
  probes?: number;
  /** Sweeps after which a recall stops. Default 100. */
  maxSweeps?: number;
  /** Seed of the patterns and the recalls. Default: drawn, and reported in the result. */
  seed?: number;
}

/** One point of the retrieval map. */
export interface CapacityPoint {
  readonly rule: string;
  /** α = P/N as measured. */
  readonly load: number;
  readonly patterns: number;
  /** Share of the bits flipped in the probes. */
  readonly noise: number;
  /** Overlap of the recalled state with the target pattern, mean over networks. */
  readonly overlap: Estimate;
  /** Share of the probes recalled bit by bit. */
  readonly exactRecall: Estimate;
  /** Share of the recalls that ended in a fixed point. */
  readonly converged: number;
  /**
   * The overlap in a large network by Hebb's rule: {@link hebbianOverlap} without noise, {@link hebbianRecallOverlap}
   * with; absent for other rules.
   */
  readonly theory?: number;
}

/** The outcome of {@link capacity}. */
export interface CapacityCurve {
  readonly neurons: number;
  readonly networks: number;
  readonly probes: number;
  readonly seed: number;
  readonly curve: readonly CapacityPoint[];
}

/**
 * Resolves to the recall of random patterns at each load and noise for each rule: the capacity curve, or the retrieval
 * map with several `noises`. For the same seed, every rule and noise uses the same networks.
 *
 * @throws {DimensionError} for no loads; {ArgumentError} for numbers out of range, unknown names, and several workers
 * with a user-written rule.
 *
 * @example
 * ```ts
 * import { capacity } from "@basin/hopfield";
 *
 * const { curve } = await capacity({ neurons: 100, rules: ["hebbian", "storkey"], loads: [0.1, 0.2], networks: 3, seed: 1 });
 * for (const { rule, load, overlap, theory } of curve) console.log(rule, load, overlap.mean, theory);
 * ```
 */
export async function capacity(options: CapacityOptions): Promise<CapacityCurve> {
  const { neurons, rules, loads, noises, networks, probes, maxSweeps, seed, workers } =
    checkCapacity(options);
  const sources = rules.map(resolveSource);
  const plains = workers > 1 ? sources.map(plainSource) : [];
  const counts = loads.map((load) => Math.max(1, Math.round(load * neurons)));
  const plan = { neurons, noises: [...noises], probes, maxSweeps, seed };
  // Networks run fastest, then loads, then rules.
  const network = (k: number) => ({
    ...plan,
    patterns: counts[Math.floor(k / networks) % counts.length],
    network: k % networks,
  });
  const ruleOf = (k: number) => Math.floor(k / (networks * counts.length));
  const trials = await spread<NetworkJob, Trial[]>(
    rules.length * counts.length * networks,
    {
      here: (k) => tryNetwork(network(k), sources[ruleOf(k)]),
      there: {
        module: { name: "@basin/hopfield/worker", url: import.meta.url },
        function: "runNetworkJob",
        argument: (k) => ({ ...network(k), source: plains[ruleOf(k)] }),
      },
    },
    {
      ...options,
      identity: {
        format: "capacity",
        version: 1,
        fingerprint: () => ({
          ...plan,
          noises: noises.join(", "),
          patterns: counts.join(", "),
          rules: JSON.stringify(sources.map(plainSource)),
          networks,
        }),
      },
    },
  );
  const curve = rules.flatMap((rule, r) =>
    counts.flatMap((patterns, c) => {
      const first = (r * counts.length + c) * networks;
      const mine = trials.slice(first, first + networks);
      return noises.map((noise, n) =>
        summarize(
          sourceName(rule),
          patterns,
          neurons,
          noise,
          mine.map((trial) => trial[n]),
        ),
      );
    }),
  );
  return { neurons, networks, probes, seed, curve };
}

function checkCapacity(options: CapacityOptions) {
  checkOptions(
    "capacity",
    options,
    "neurons rules loads noises networks probes maxSweeps seed workers createWorker checkpoint",
    "checkpointEvery signal onProgress",
  );
  const { neurons = 500, rules = ["hebbian"], loads, noises = [0], networks = 10 } = options;
  const { probes = 10, maxSweeps = 100, workers = 1 } = options;
  const seed = seedOf(options);
  checkNumber("neurons", neurons, { min: 2, integer: true });
  checkNumber("networks", networks, { min: 1, integer: true });
  checkNumber("probes", probes, { min: 1, integer: true });
  checkNumber("maxSweeps", maxSweeps, { min: 1, integer: true });
  for (const [what, list] of Object.entries({ loads, noises, rules })) {
    if (list.length === 0) throw new DimensionError(`${what} is empty, expected at least one entry`);
  }
  for (const load of loads) checkNumber("load", load, { above: 0 });
  for (const noise of noises) checkNumber("noise", noise, { min: 0, max: 1 });
  return { neurons, rules, loads, noises, networks, probes, maxSweeps, seed, workers };
}

interface NetworkPlan {
  readonly neurons: number;
  readonly patterns: number;
  readonly noises: readonly number[];
  readonly probes: number;
  readonly maxSweeps: number;
  readonly seed: number;
  readonly network: number;
}

interface NetworkJob extends NetworkPlan {
  readonly source: PlainSource;
}

/** Tries one network. The function that threads call. */
export function runNetworkJob({ source, ...plan }: NetworkJob): Trial[] {
  return tryNetwork(plan, restoreSource(source));
}

interface Trial {
  readonly overlap: number;
  readonly exact: number;
  readonly converged: number;
}

function tryNetwork(plan: NetworkPlan, source: MemorySource): Trial[] {
  const { neurons, patterns, noises, probes, maxSweeps } = plan;
  const stream = createRng(plan.seed).split(patterns).split(plan.network);
  const stored = randomPatterns(patterns, neurons, { seed: stream.uint32() });
  const memory = memoryOf(stored, source);
  const chosen = permutation(stream, patterns).slice(0, probes);
  return noises.map((noise) => {
    let overlap = 0;
    let exact = 0;
    let converged = 0;
    for (const mu of chosen) {
      const pattern = row(stored, mu);
      const probe = corrupt(pattern, noise, { seed: stream.uint32() });
      const result = memory.recall(probe, { seed: stream.uint32(), maxSweeps });
      let agreement = 0;
      for (let i = 0; i < neurons; i++) agreement += pattern[i] * result.state[i];
      overlap += agreement / neurons / chosen.length;
      if (agreement === neurons) exact++;
      if (result.converged) converged++;
    }
    return { overlap, exact: exact / chosen.length, converged: converged / chosen.length };
  });
}

function summarize(
  rule: string,
  patterns: number,
  neurons: number,
  noise: number,
  trials: readonly Trial[],
): CapacityPoint {
  const load = patterns / neurons;
  const theory = noise === 0 ? hebbianOverlap : hebbianRecallOverlap;
  return {
    rule,
    load,
    patterns,
    noise,
    overlap: estimateIndependent(trials.map((trial) => trial.overlap)),
    exactRecall: estimateIndependent(trials.map((trial) => trial.exact)),
    converged: estimateIndependent(trials.map((trial) => trial.converged)).mean,
    ...(rule === "hebbian" ? { theory: theory(load, noise) } : {}),
  };
}

/**
 * Returns the load at which the overlap of a rule's curve first falls below `overlap`, by linear interpolation between
 * its points; undefined where it never does.
 *
 * @param overlap default 0.7, half way between retrieval and the remnant overlap of a Hebbian network.
 *
 * @example
 * ```ts
 * import { breakdownLoad, capacity } from "@basin/hopfield";
 *
 * const { curve } = await capacity({ neurons: 100, loads: [0.05, 0.3], networks: 3, seed: 1 });
 * console.log(breakdownLoad(curve, "hebbian")); // between the two
 * ```
 */
export function breakdownLoad(
  curve: readonly CapacityPoint[],
  rule: string,
  overlap = 0.7,
): number | undefined {
  const points = curve.filter((point) => point.rule === rule).sort((a, b) => a.load - b.load);
  for (let k = 1; k < points.length; k++) {
    const [before, after] = [points[k - 1], points[k]];
    if (before.overlap.mean >= overlap && after.overlap.mean < overlap) {
      const share = (before.overlap.mean - overlap) / (before.overlap.mean - after.overlap.mean);
      return before.load + share * (after.load - before.load);
    }
  }
  return undefined;
}
