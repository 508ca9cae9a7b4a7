import { checkOptions } from "../check-options.ts";
import type { Energy } from "../energy.ts";
import { ArgumentError, checkLength, checkNumber } from "../errors.ts";
import { freeEnergy, softmin } from "../gibbs.ts";
import { type Combined, type CombinedPair, pointwise } from "./pointwise.ts";
import type { Rule } from "./rule.ts";

/** The options of {@link mixture}. */
export interface MixtureOptions {
  /** π_k, above 0; only their ratios count. Default all equal. */
  weights?: ArrayLike<number>;
  /** log Z_k of each part. Without them the shares of the parts are π_k Z_k, with unknown Z_k. */
  logPartitions?: ArrayLike<number>;
}

/** What a mixture says about itself. */
export interface MixtureInfo {
  /** Whether π_k are the probabilities of the parts: true exactly when every log Z_k was given; then log Z = 0. */
  readonly normalized: boolean;
}

/**
 * Returns E(x) = −log Σ_k π_k exp(−E_k(x) − log Z_k), the energy of choosing part k with probability π_k. When log Z_k
 * are not given they count as 0 and `normalized` is false: the weights then multiply unnormalized densities. Keeps
 * gradient, moves and labels where all parts have them, parameters where any part has some, as `sum` does.
 *
 * @example
 * ```ts
 * import { mixture } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * const parts = [gaussian({ mean: [-2], dimension: 1 }), gaussian({ mean: [2], dimension: 1 })];
 * const both = mixture(parts, { logPartitions: parts.map(({ logPartition }) => logPartition) });
 * console.log(both.normalized, both.energy(Float64Array.of(0)));
 * ```
 *
 * @throws {ArgumentError} for no parts or illegal weights; {DimensionError} for parts over different spaces.
 */
export function mixture<X, A extends object, B extends object>(
  energies: readonly [Energy<X, A>, Energy<X, B>],
  options?: MixtureOptions,
): Energy<X, CombinedPair<X, A, B, SoftRule>> & MixtureInfo;
export function mixture<X, C extends object>(
  energies: readonly Energy<X, C>[],
  options?: MixtureOptions,
): Energy<X, Combined<C, SoftRule>> & MixtureInfo;
export function mixture<X, C extends object>(
  energies: readonly Energy<X, C>[],
  options: MixtureOptions = {},
): Energy<X, Combined<C, SoftRule>> & MixtureInfo {
  checkOptions("mixture", options, "weights logPartitions");
  const combined = pointwise("a mixture", energies, softMinimum(offsetsOf(energies.length, options)));
  return { ...combined, normalized: options.logPartitions !== undefined };
}

/** A rule that batches keep under. */
type SoftRule = Rule & Required<Pick<Rule, "batch">>;

/** The rule −log Σ_k exp(−E_k − o_k). */
function softMinimum(offsets: Float64Array): SoftRule {
  const shifted = (energies: Float64Array) => energies.map((energy, k) => energy + offsets[k]);
  const value = (energies: Float64Array) => freeEnergy(shifted(energies));
  return {
    value,
    slopes: (energies) => softmin(shifted(energies)),
    batch: (arrays, energies) => arrays.softMinimum(energies, offsets),
    difference(energies, deltas) {
      const before = value(energies);
      const after = value(energies.map((energy, k) => energy + deltas[k]));
      return after === before ? 0 : after - before;
    },
  };
}

/** −log π_k + log Z_k. */
function offsetsOf(count: number, { weights, logPartitions }: MixtureOptions): Float64Array {
  if (weights !== undefined) checkLength("weights", weights.length, count);
  if (logPartitions !== undefined) checkLength("logPartitions", logPartitions.length, count);
  const w = Float64Array.from({ length: count }, (_, k) =>
    checkNumber(`weight ${k}`, weights?.[k] ?? 1, { above: 0 }),
  );
  const total = w.reduce((sum, v) => sum + v, 0);
  if (!(total < Infinity)) throw new ArgumentError(`the weights sum to ${total}, expected a finite number`);
  return w.map((v, k) => checkNumber(`logPartitions[${k}]`, logPartitions?.[k] ?? 0) - Math.log(v / total));
}
