import {
  type Can,
  CostError,
  denseQuadratic,
  type Energy,
  type Matrix,
  type MatrixLike,
  matrix,
  type VectorLike,
} from "@basin/energy-core";
import { checkName, checkOptions, type KernelOption, kernelNames, seedOf } from "@basin/energy-core/internal";
import { append, remove } from "../pattern-list.ts";
import { borrowSpins, overlaps, toSpins, toState } from "../patterns.ts";
import { registerPlain } from "../plain.ts";
import { checkRecall, type RecallOptions, recallWith, resolveRecall, type Settling } from "../recall.ts";
import { type RuleName, resolveRule } from "../rules/index.ts";
import type { Learned, LearningRule } from "../rules/rule.ts";
import { resolveThresholds } from "../thresholds.ts";
import { PACK_FROM, packPatterns } from "./bits.ts";
import { matrixEngine, oneByOne, patternEngine } from "./engine.ts";
import { type SettlingMemory, settled } from "./recalls.ts";

/** The scale of the weights: 1/P or 1/N in front of Hebb's sum. */
export const normalizationNames = ["patterns", "neurons"] as const;
export type Normalization = (typeof normalizationNames)[number];

/** Above this many neurons the N × N weights (8 N² bytes) are not formed. */
const MAX_MATRIX_NEURONS = 16_384;

/** Options of {@link hopfield}. */
export interface HopfieldOptions {
  /** The name of a rule, or a rule with options, such as `pseudoInverse({ tolerance: 1e-9 })`. Default "hebbian". */
  rule?: RuleName | LearningRule;
  /**
   * `"patterns"`: Hebb's sum is divided by the number of patterns P. `"neurons"`: by the number of neurons N. The
   * weights of the other rules scale in proportion (their textbook form is the second). With θ = 0, recall at T = 0 is
   * the same and energies differ by N/P. Default "patterns".
   */
  normalization?: Normalization;
  /** θ, one finite number a neuron. Default all 0. */
  thresholds?: VectorLike;
  /** Which implementation recalls. Both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/** What a Hopfield network is made of again in another thread. */
export interface PlainHopfield {
  readonly kind: "hopfield";
  readonly patterns: Matrix<Int8Array>;
  readonly rule: string;
  /** In the textbook's scale; absent where the patterns alone serve. */
  readonly weights?: Float64Array;
  readonly report: Learned["report"];
  readonly normalization: Normalization;
  readonly thresholds: Float64Array;
  readonly kernel: KernelOption;
}

/** Returns the network again. */
export function restoreHopfield(plain: PlainHopfield): HopfieldMemory {
  const { patterns, weights, report, normalization, thresholds, kernel } = plain;
  const learn = () => ({ patterns: patterns.shape[0], weights: () => weights as Float64Array, report });
  const rule = weights ? { name: plain.rule, learn } : resolveRule("hebbian");
  return build({ rule, normalization, thresholds, kernel }, patterns);
}

/** A Hopfield network: an energy on {−1, +1}ᴺ whose minima are (ideally) the stored patterns. */
export interface HopfieldMemory
  extends Energy<Int8Array, Can<Int8Array, "moves" | "quadratic"> & SettlingMemory> {
  /** The stored patterns [P, N]. */
  readonly patterns: Matrix<Int8Array>;
  /** w [N, N], symmetric with w_ii = 0; formed on first use if the rule does not need them. */
  readonly weights: Matrix;
  /** θ. */
  readonly thresholds: Float64Array;
  /** Name of the learning rule. */
  readonly rule: string;
  readonly normalization: Normalization;
  /** What the rule reported while learning. */
  readonly report: Learned["report"];
  /**
   * Returns the state that recall reaches from `probe`. See {@link settle}; for many probes use `recallAll` of
   * energy-core.
   */
  recall(probe: VectorLike, options?: RecallOptions): Settling;
  /** Returns the overlaps m^μ = (1/N) Σ_i ξ_i^μ S_i with every stored pattern, each in [−1, 1]. */
  overlap(state: VectorLike): Float64Array;
  /**
   * Returns a memory with these patterns added; this one does not change. Incremental rules learn only the new ones.
   */
  store(patterns: MatrixLike): HopfieldMemory;
  /** Returns a memory without the patterns at these indices; this one does not change. */
  forget(...indices: number[]): HopfieldMemory;
}

/**
 * Returns a Hopfield network (Hopfield 1982) that stores `patterns`, with the energy
 * E(S) = −½ Σ_ij w_ij S_i S_j + Σ_i θ_i S_i and the update S_i ← +1 if Σ_j w_ij S_j ≥ θ_i, else −1 (a tie gives +1).
 *
 * @param patterns [P, N] of −1 and +1; axes after the first are flattened. P ≥ 1.
 * @throws {DimensionError} for ragged or missing patterns and thresholds of another length than N.
 * @throws {ArgumentError} for entries other than ±1, non-finite thresholds and unknown names.
 * @throws {CostError} where the rule needs N × N weights and N is above 16 384.
 *
 * @example
 * ```ts
 * import { corrupt, hopfield, randomPatterns } from "@basin/hopfield";
 *
 * const patterns = randomPatterns(8, 200, { seed: 1 });
 * const memory = hopfield(patterns, { rule: "storkey" });
 * const probe = corrupt(patterns.data.subarray(0, 200), 0.2, { seed: 2 });
 * const { state, converged } = memory.recall(probe, { seed: 3 });
 * console.log(converged, memory.overlap(state)[0]); // true 1
 * ```
 */
export function hopfield(patterns: MatrixLike, options: HopfieldOptions = {}): HopfieldMemory {
  checkOptions("hopfield", options, "rule normalization thresholds kernel");
  const rule = resolveRule(options.rule ?? "hebbian");
  // Large patterns of Hebb's rule are packed before this function returns, so a copy of them would be for nothing.
  const borrowed = borrowSpins(patterns);
  const packs = rule.lowRank && borrowed.shape[0] * borrowed.shape[1] >= PACK_FROM;
  const spins = packs ? packPatterns(borrowed) : toSpins(borrowed);
  const neurons = spins.shape[1];
  const thresholds = resolveThresholds(options.thresholds, neurons);
  const normalization = checkName("normalization", options.normalization ?? "patterns", normalizationNames);
  const kernel = checkName("kernel", options.kernel ?? "auto", kernelNames);
  return build({ rule, normalization, thresholds, kernel }, spins);
}

interface Plan {
  readonly rule: LearningRule;
  readonly normalization: Normalization;
  readonly thresholds: Float64Array;
  readonly kernel: KernelOption;
}

function build(plan: Plan, patterns: Matrix<Int8Array>, previous?: Learned): HopfieldMemory {
  const [count, neurons] = patterns.shape;
  const { rule, normalization, thresholds } = plan;
  if (!rule.lowRank) checkMatrixSize(neurons);
  const learned = rule.learn(patterns, previous);
  const factor = normalization === "patterns" ? neurons / count : 1;
  let weights: Matrix | undefined;
  const formWeights = () => {
    checkMatrixSize(neurons);
    weights ??= matrix(
      learned.weights().map((w) => factor * w),
      neurons,
      neurons,
    );
    return weights;
  };
  const engine = rule.lowRank
    ? patternEngine(patterns, factor / neurons, thresholds, plan.kernel)
    : matrixEngine(formWeights(), thresholds, plan.kernel);
  const { energy, parts } = engine;
  const memory: HopfieldMemory = {
    space: energy.space,
    patterns,
    get weights() {
      return formWeights();
    },
    thresholds,
    rule: rule.name,
    normalization,
    report: learned.report,
    energy: (state) => energy.energy(toState(state, neurons)),
    can: {
      moves: (state) => energy.can.moves(toState(state, neurons)),
      quadratic: () => denseQuadratic(formWeights(), thresholds).can.quadratic(),
      recall(cues, given = {}) {
        checkRecall("recall", given);
        const options = { ...given, seed: seedOf(given) };
        const settings = resolveRecall(neurons, options);
        const ends = settings.ties === "up" ? engine.batch(cues, settings) : undefined;
        return (ends ?? oneByOne(engine, cues, options)).map((end) => settled(end, options.seed));
      },
    },
    recall(probe, options) {
      checkRecall("recall", options);
      return recallWith(energy, probe, options, parts);
    },
    overlap: (state) => overlaps(patterns, toState(state, neurons)),
    store: (more) => build(plan, append(patterns, toSpins(more)), learned),
    forget: (...indices) => build(plan, remove(patterns, indices)),
  };
  registerPlain(
    memory,
    (): PlainHopfield => ({
      ...{ kind: "hopfield", patterns, rule: rule.name, report: learned.report },
      ...{ normalization, thresholds, kernel: plan.kernel },
      ...(rule.lowRank ? {} : { weights: learned.weights() }),
    }),
  );
  return memory;
}

function checkMatrixSize(neurons: number): void {
  if (neurons <= MAX_MATRIX_NEURONS) return;
  throw new CostError(
    `the weights of ${neurons} neurons take ${((8 * neurons * neurons) / 1e9).toFixed(1)} GB; ` +
      `${MAX_MATRIX_NEURONS} neurons are the most, except for recall by the Hebbian rule, which forms none`,
  );
}
