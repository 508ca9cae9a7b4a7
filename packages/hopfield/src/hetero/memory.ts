import {
  ArgumentError,
  DimensionError,
  type Matrix,
  type MatrixLike,
  matrix,
  type VectorLike,
} from "@basin/energy-core";
import { checkName, checkOptions, seedOf } from "@basin/energy-core/internal";
import type { HopfieldMemory } from "../classical/memory.ts";
import type { DenseMemory } from "../dense/memory.ts";
import { type MemorySource, memoryOf, resolveSource } from "../named.ts";
import { append, remove } from "../pattern-list.ts";
import { toSpins, toState } from "../patterns.ts";
import type { RecallOptions } from "../recall.ts";
import { hebbian } from "../rules/hebbian.ts";
import type { LearningRule } from "../rules/rule.ts";

/** Which neurons of a pair are coupled. */
const couplingNames = ["all", "between"] as const;
export type Couplings = (typeof couplingNames)[number];

/** Options of {@link heteroMemory}. */
export interface HeteroMemoryOptions {
  /** A learning rule or dense interaction for the joint patterns, or its name. Default "hebbian". */
  rule?: MemorySource;
  /**
   * `"all"`: every two neurons of a pair. `"between"`: a neuron of the key only with one of the value, a bidirectional
   * associative memory (Kosko 1988), for learning rules only. Default "all".
   */
  couplings?: Couplings;
}

/** Options of the recalls of a {@link HeteroMemory}. */
export interface AssociateOptions extends Omit<RecallOptions, "known" | "trace"> {
  /** Whether to hold the probe fixed. Default false: after the probe has recalled its partner, both relax together. */
  hold?: boolean;
}

/** The outcome of a recall of a {@link HeteroMemory}. */
export interface Association {
  readonly key: Int8Array;
  readonly value: Int8Array;
  /** E of the pair. */
  readonly energy: number;
  /** Whether the pair is a fixed point, with the probe held if `hold` is set. */
  readonly converged: boolean;
  /** Sweeps made in all. */
  readonly sweeps: number;
  /** The seed of both halves. */
  readonly seed: number;
}

/** A memory of pairs: a key calls up its value, and a value its key. */
export interface HeteroMemory {
  /** The stored keys [P, K] and values [P, V]. */
  readonly keys: Matrix<Int8Array>;
  readonly values: Matrix<Int8Array>;
  /** The memory of the joint patterns (key, value) [P, K + V]: an energy for every task and sampler. */
  readonly joint: HopfieldMemory | DenseMemory;
  /** Returns the pair that a key of ±1, damaged or not, calls up. */
  recallValue(key: VectorLike, options?: AssociateOptions): Association;
  /** Returns the pair that a value of ±1, damaged or not, calls up. */
  recallKey(value: VectorLike, options?: AssociateOptions): Association;
  /** Returns a memory of these pairs as well; this one stays as it is. */
  store(keys: MatrixLike, values: MatrixLike): HeteroMemory;
  /** Returns a memory without the pairs at these indices; this one does not change. */
  forget(...indices: number[]): HeteroMemory;
}

/**
 * Returns a hetero-associative memory on spins: keys and values are stored as joint patterns (ξ, ζ) of one memory, and
 * recall completes the missing half. From a key, the value starts at the fields of the key, relaxes with the key held,
 * and then both relax together unless `hold` is set. The joint energy never rises.
 *
 * @param keys [P, K] of −1 and +1, P ≥ 1.
 * @param values [P, V] of −1 and +1, one row for each key.
 * @throws {DimensionError} for ragged or missing rows and values of another number of rows; {ArgumentError} for other
 * entries, unknown names, and `couplings: "between"` with a dense interaction.
 *
 * @example
 * ```ts
 * import { heteroMemory } from "@basin/hopfield";
 *
 * const memory = heteroMemory([[1, 1, 1, 1, -1, -1], [1, -1, 1, -1, 1, -1]], [[1, 1, 1], [-1, -1, 1]]);
 * console.log(memory.recallValue([1, 1, 1, 1, -1, -1]).value); // 1, 1, 1
 * console.log(memory.recallKey([-1, -1, 1], { hold: true }).key); // 1, −1, 1, −1, 1, −1
 * ```
 */
export function heteroMemory(
  keys: MatrixLike,
  values: MatrixLike,
  options: HeteroMemoryOptions = {},
): HeteroMemory {
  checkOptions("heteroMemory", options, "rule couplings");
  const couplings = checkName("couplings", options.couplings ?? "all", couplingNames);
  const spins = toSpins(keys, "keys");
  const source = resolveSource(options.rule ?? hebbian());
  const between = couplings === "between" ? bidirectional(source, spins.shape[1]) : source;
  return build(spins, toSpins(values, "values"), between);
}

function build(keys: Matrix<Int8Array>, values: Matrix<Int8Array>, source: MemorySource): HeteroMemory {
  const joint = memoryOf(join(keys, values), source);
  const [width, total] = [keys.shape[1], joint.space.dimension];
  const settle = (
    probe: VectorLike,
    what: string,
    [from, to]: readonly [number, number],
    all: AssociateOptions = {},
  ): Association => {
    checkOptions(
      what === "key" ? "recallValue" : "recallKey",
      all,
      "hold dynamics order seed maxSweeps temperature ties",
    );
    const { hold = false, ...given } = all;
    const options = { ...given, seed: seedOf(given) };
    const start = new Int8Array(total).fill(1);
    start.set(toState(probe, to - from, what), from);
    const known = Array.from({ length: total }, (_, i) => i >= from && i < to);
    const called = joint.recall(start, { ...options, known });
    const end = hold ? called : joint.recall(called.state, options);
    return {
      key: end.state.slice(0, width),
      value: end.state.slice(width),
      energy: end.energy,
      converged: end.converged,
      sweeps: hold ? end.sweeps : called.sweeps + end.sweeps,
      seed: options.seed,
    };
  };
  return {
    keys,
    values,
    joint,
    recallValue: (key, options) => settle(key, "key", [0, width], options),
    recallKey: (value, options) => settle(value, "value", [width, total], options),
    store: (moreKeys, moreValues) =>
      build(append(keys, toSpins(moreKeys, "keys")), append(values, toSpins(moreValues, "values")), source),
    forget: (...indices) => build(remove(keys, indices), remove(values, indices), source),
  };
}

function join(keys: Matrix<Int8Array>, values: Matrix<Int8Array>): Matrix<Int8Array> {
  const [count, k] = keys.shape;
  const v = values.shape[1];
  if (values.shape[0] !== count) {
    throw new DimensionError(`values have ${values.shape[0]} rows, expected ${count}, one a key`);
  }
  const data = new Int8Array(count * (k + v));
  for (let mu = 0; mu < count; mu++) {
    data.set(keys.data.subarray(mu * k, (mu + 1) * k), mu * (k + v));
    data.set(values.data.subarray(mu * v, (mu + 1) * v), mu * (k + v) + k);
  }
  return matrix(data, count, k + v);
}

/** Returns the rule without its couplings within keys and within values. */
function bidirectional(source: Exclude<MemorySource, string>, width: number): LearningRule {
  if ("bind" in source) {
    throw new ArgumentError(
      `couplings is "between", but the interaction "${source.name}" has no pairwise couplings; expected "all"`,
    );
  }
  return {
    name: `${source.name} between`,
    learn(patterns) {
      const learned = source.learn(patterns);
      const n = patterns.shape[1];
      const weights = learned
        .weights()
        .map((w, at) => (Math.floor(at / n) < width === at % n < width ? 0 : w));
      return { ...learned, weights: () => weights };
    },
  };
}
