import type { Lacking } from "../capability.ts";
import type { Energy, SpinCursor } from "../energy.ts";
import { ArgumentError, checkLength, checkNumber } from "../errors.ts";
import { freeEnergy, softmin } from "../gibbs.ts";
import { joinParameters, withParameters } from "./parameters.ts";
import { inspectParts, type Parts } from "./parts.ts";

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
 * Returns E(x) = −log Σ_k π_k exp(−E_k(x) − log Z_k), the energy of choosing part k with probability π_k. When log Z_k are
 * not given they count as 0 and `normalized` is false: the weights then multiply unnormalized densities. Keeps gradient
 * and cursors where all parts have them, parameters where exactly one has.
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
export function mixture<E extends Energy<never>>(
  energies: readonly E[],
  options: MixtureOptions = {},
): E & MixtureInfo {
  const parts = inspectParts("a mixture", energies);
  const offsets = offsetsOf(energies.length, options);
  const shifted = (value: number, k: number) => value + offsets[k];
  const combined: Energy<never> & Lacking & MixtureInfo = {
    space: parts.space,
    lacking: parts.lacking,
    normalized: options.logPartitions !== undefined,
    energy: (x) => freeEnergy(energies.map((part, k) => shifted(part.energy(x), k))),
  };
  Object.assign(combined, gradientOf(parts, offsets), cursorOf(parts, offsets), labelsOf(parts, offsets));
  const shares = (x: never) => softmin(energies.map((part, k) => shifted(part.energy(x), k)));
  return withParameters(combined, energies, joinParameters(energies), shares) as unknown as E & MixtureInfo;
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

function gradientOf({ gradients, space }: Parts, offsets: Float64Array) {
  if (gradients === undefined || space.kind !== "reals") return {};
  const each = gradients.map(() => new Float64Array(space.dimension));
  return {
    energyAndGradient(x: Float64Array, out: Float64Array): number {
      const values = gradients.map((part, k) => part.energyAndGradient(x, each[k]) + offsets[k]);
      const total = freeEnergy(values);
      out.fill(0);
      if (total === Number.POSITIVE_INFINITY) return total;
      for (const [k, share] of softmin(values).entries()) {
        // Where a part is +∞ its gradient is unspecified, and its share is 0.
        if (share > 0) for (let i = 0; i < out.length; i++) out[i] += share * each[k][i];
      }
      return total;
    },
  };
}

function labelsOf({ joints, space }: Parts, offsets: Float64Array) {
  if (joints === undefined || space.kind !== "joint") return {};
  const each = joints.map(() => new Float64Array(space.labels));
  return {
    energies(x: never, out: Float64Array): Float64Array {
      for (const [k, joint] of joints.entries()) joint.energies(x, each[k]);
      for (let y = 0; y < out.length; y++) out[y] = freeEnergy(each.map((own, k) => own[y] + offsets[k]));
      return out;
    },
  };
}

function cursorOf({ spins }: Parts, offsets: Float64Array) {
  if (spins === undefined) return {};
  return {
    attach: (x: Int8Array) =>
      new MixtureCursor(
        spins.map((part) => part.attach(x)),
        offsets,
      ),
  };
}

class MixtureCursor implements SpinCursor {
  readonly #parts: readonly SpinCursor[];
  readonly #offsets: Float64Array;
  #values: Float64Array;

  constructor(parts: readonly SpinCursor[], offsets: Float64Array) {
    this.#parts = parts;
    this.#offsets = offsets;
    this.#values = offsets.map((offset, k) => offset + parts[k].energy);
  }

  get state(): Int8Array {
    return this.#parts[0].state;
  }

  get energy(): number {
    return freeEnergy(this.#values);
  }

  delta(i: number): number {
    const after = freeEnergy(this.#values.map((value, k) => value + this.#parts[k].delta(i)));
    const before = this.energy;
    return after === before ? 0 : after - before;
  }

  deltas(out: Float64Array): Float64Array {
    for (let i = 0; i < this.state.length; i++) out[i] = this.delta(i);
    return out;
  }

  flip(i: number): void {
    for (const part of this.#parts) part.flip(i);
    this.#values = this.#offsets.map((offset, k) => offset + this.#parts[k].energy);
  }
}
