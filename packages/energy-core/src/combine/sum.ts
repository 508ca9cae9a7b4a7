import type { Lacking } from "../capability.ts";
import type { Energy, SpinCursor } from "../energy.ts";
import { ArgumentError, checkLength } from "../errors.ts";
import { joinParameters, withParameters } from "./parameters.ts";
import { inspectParts, type Parts } from "./parts.ts";

/**
 * Returns Σ_k w_k E_k: a product of experts, p ∝ Π_k p_k^{w_k} (Hinton 2002). A state outside one part's support is outside
 * the whole. Capabilities that all parts share are kept (gradient, cursors, labels), parameters where any part has some:
 * one after another where several do, in a vector that from then on decides for all of them. `requireDifferentiable` and its like name the part that
 * lacks a capability.
 *
 * @param weights w_k, at least 0 (0 leaves its part out, walls included). Default 1 each.
 *
 * @example
 * ```ts
 * import { sum } from "@basin/energy-core";
 * import { doubleWell, gaussian } from "@basin/energy-core/targets";
 *
 * const both = sum([doubleWell(), gaussian({ dimension: 1 })]);
 * console.log(both.energy(Float64Array.of(1))); // ½
 * ```
 *
 * @throws {ArgumentError} for no parts or an illegal weight; {DimensionError} when parts are over different spaces.
 */
export function sum<E extends Energy<never>>(energies: readonly E[], weights?: ArrayLike<number>): E {
  if (weights !== undefined) checkLength("weights", weights.length, energies.length);
  const kept: { energy: E; weight: number }[] = [];
  for (const [k, energy] of energies.entries()) {
    const weight = weights?.[k] ?? 1;
    if (!(weight >= 0 && weight < Infinity)) {
      throw new ArgumentError(`weight ${k} is ${weight}, expected a finite number at least 0`);
    }
    if (weight > 0) kept.push({ energy, weight });
  }
  const terms = kept.map(({ energy }) => energy);
  const parts = inspectParts("a sum", terms);
  const w = kept.map(({ weight }) => weight);
  const combined: Energy<never> & Lacking = {
    space: parts.space,
    lacking: parts.lacking,
    energy(x) {
      let total = 0;
      for (let k = 0; k < terms.length; k++) total += w[k] * terms[k].energy(x);
      return total;
    },
  };
  Object.assign(combined, gradientOf(parts, w), cursorOf(parts, w), labelsOf(parts, w));
  return withParameters(combined, terms, joinParameters(terms), () => w) as unknown as E;
}

function gradientOf({ gradients, space }: Parts, w: readonly number[]) {
  if (gradients === undefined || space.kind !== "reals") return {};
  const scratch = new Float64Array(space.dimension);
  return {
    energyAndGradient(x: Float64Array, out: Float64Array): number {
      let total = w[0] * gradients[0].energyAndGradient(x, out);
      for (let i = 0; i < out.length; i++) out[i] *= w[0];
      for (let k = 1; k < gradients.length; k++) {
        total += w[k] * gradients[k].energyAndGradient(x, scratch);
        for (let i = 0; i < out.length; i++) out[i] += w[k] * scratch[i];
      }
      return total;
    },
  };
}

function cursorOf({ spins }: Parts, w: readonly number[]) {
  if (spins === undefined) return {};
  return {
    attach: (x: Int8Array) =>
      new SumCursor(
        spins.map((part) => part.attach(x)),
        w,
      ),
  };
}

function labelsOf({ joints, space }: Parts, w: readonly number[]) {
  if (joints === undefined || space.kind !== "joint") return {};
  const scratch = new Float64Array(space.labels);
  return {
    energies(x: never, out: Float64Array): Float64Array {
      out.fill(0);
      for (const [k, joint] of joints.entries()) {
        joint.energies(x, scratch);
        for (let y = 0; y < out.length; y++) out[y] += w[k] * scratch[y];
      }
      return out;
    },
  };
}

class SumCursor implements SpinCursor {
  readonly #parts: readonly SpinCursor[];
  readonly #weights: readonly number[];
  #scratch: Float64Array | undefined;

  constructor(parts: readonly SpinCursor[], weights: readonly number[]) {
    this.#parts = parts;
    this.#weights = weights;
  }

  get state(): Int8Array {
    return this.#parts[0].state;
  }

  get energy(): number {
    return this.#parts.reduce((total, part, k) => total + this.#weights[k] * part.energy, 0);
  }

  delta(i: number): number {
    let total = 0;
    for (let k = 0; k < this.#parts.length; k++) total += this.#weights[k] * this.#parts[k].delta(i);
    return total;
  }

  deltas(out: Float64Array): Float64Array {
    this.#scratch ??= new Float64Array(out.length);
    out.fill(0);
    for (const [k, part] of this.#parts.entries()) {
      part.deltas(this.#scratch);
      for (let i = 0; i < out.length; i++) out[i] += this.#weights[k] * this.#scratch[i];
    }
    return out;
  }

  flip(i: number): void {
    for (const part of this.#parts) part.flip(i);
  }
}
