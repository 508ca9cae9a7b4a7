import { checkNumber, DimensionError, row } from "@basin/energy-core";
import { createRng, permutation } from "@basin/energy-core/random";
import { hopfield } from "../classical/memory.ts";
import { corrupt, randomPatterns } from "../patterns.ts";
import { type RuleName, resolveRule } from "../rules/index.ts";
import type { LearningRule } from "../rules/rule.ts";
import { type Estimate, estimate } from "./mean.ts";
import { hebbianOverlap } from "./theory.ts";

/** Options of {@link capacity}. */
export interface CapacityOptions {
  /** N, at least 2. Default 500. */
  neurons?: number;
  /** Rules to compare. Default ["hebbian"]. */
  rules?: readonly (RuleName | LearningRule)[];
  /** Loads α = P/N, each above 0; P is the nearest integer, at least 1. */
  loads: readonly number[];
  /** Shares of the bits of a probe that are flipped, each in [0, 1]. Default [0]: the stored pattern itself. */
  noises?: readonly number[];
  /** Networks of fresh random patterns a load, at least 1. Default 10. */
  networks?: number;
  /** Patterns recalled in each network. Default 10, all where there are fewer. */
  probes?: number;
  /** Sweeps after which a recall stops. Default 100. */
  maxSweeps?: number;
  /** Seed of the patterns and the recalls. Default 0. */
  seed?: number;
  /** Called after each network with the share of the work done, in (0, 1]. */
  onProgress?: (done: number) => void;
}

/** One point of the retrieval map. */
export interface CapacityPoint {
  readonly rule: string;
  /** α = P/N as measured. */
  readonly load: number;
  readonly patterns: number;
  /** Share of the bits flipped in the probes. */
  readonly noise: number;
  /** Overlap of the recalled state with the pattern that was meant, mean over networks. */
  readonly overlap: Estimate;
  /** Share of the probes recalled bit by bit. */
  readonly exactRecall: number;
  /** Share of the recalls that ended in a fixed point. */
  readonly converged: number;
  /** The overlap of the retrieval state in a large network, where it is known (Hebb's rule, no noise). */
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
 * Returns how well random patterns are recalled at each load and noise by each rule: the capacity curve, or with several
 * `noises` the retrieval map. The same seed gives the same networks to every rule and noise.
 */
export function capacity(options: CapacityOptions): CapacityCurve {
  const { neurons = 500, rules = ["hebbian"], loads, noises = [0], networks = 10 } = options;
  const { probes = 10, maxSweeps = 100, seed = 0, onProgress } = options;
  checkNumber("neurons", neurons, { min: 2, integer: true });
  checkNumber("networks", networks, { min: 1, integer: true });
  checkNumber("probes", probes, { min: 1, integer: true });
  if (loads.length === 0) throw new DimensionError("loads is empty, expected at least one load");
  for (const load of loads) checkNumber("load", load, { above: 0 });
  for (const noise of noises) checkNumber("noise", noise, { min: 0, max: 1 });
  const resolved = rules.map(resolveRule);
  const curve: CapacityPoint[] = [];
  const total = resolved.length * loads.length * networks;
  let done = 0;
  for (const rule of resolved) {
    for (const load of loads) {
      const patterns = Math.max(1, Math.round(load * neurons));
      const trials: Trial[][] = [];
      for (let k = 0; k < networks; k++) {
        trials.push(tryNetwork({ rule, neurons, patterns, noises, probes, maxSweeps, seed, network: k }));
        done++;
        onProgress?.(done / total);
      }
      for (const [n, noise] of noises.entries()) {
        const column = trials.map((trial) => trial[n]);
        curve.push(summarise(rule.name, patterns, neurons, noise, column));
      }
    }
  }
  return { neurons, networks, probes, seed, curve };
}

interface NetworkPlan {
  readonly rule: LearningRule;
  readonly neurons: number;
  readonly patterns: number;
  readonly noises: readonly number[];
  readonly probes: number;
  readonly maxSweeps: number;
  readonly seed: number;
  readonly network: number;
}

interface Trial {
  readonly overlap: number;
  readonly exact: number;
  readonly converged: number;
}

function tryNetwork(plan: NetworkPlan): Trial[] {
  const { rule, neurons, patterns, noises, probes, maxSweeps } = plan;
  const stream = createRng(plan.seed).split(patterns).split(plan.network);
  const stored = randomPatterns(patterns, neurons, { seed: stream.uint32() });
  const memory = hopfield(stored, { rule });
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
      if (agreement === neurons) exact += 1 / chosen.length;
      if (result.converged) converged += 1 / chosen.length;
    }
    return { overlap, exact, converged };
  });
}

function summarise(
  rule: string,
  patterns: number,
  neurons: number,
  noise: number,
  trials: readonly Trial[],
): CapacityPoint {
  const load = patterns / neurons;
  return {
    rule,
    load,
    patterns,
    noise,
    overlap: estimate(trials.map((trial) => trial.overlap)),
    exactRecall: estimate(trials.map((trial) => trial.exact)).mean,
    converged: estimate(trials.map((trial) => trial.converged)).mean,
    ...(rule === "hebbian" && noise === 0 ? { theory: hebbianOverlap(load) } : {}),
  };
}

/**
 * Returns the load at which the overlap of a rule's curve first falls below `overlap`, by linear interpolation between its
 * points; undefined where it never does.
 *
 * @param overlap default 0.7, half way between retrieval and the remnant overlap of a Hebbian network.
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
