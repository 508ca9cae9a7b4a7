import type { SpinCursor, SpinEnergy } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import type { Dynamics } from "./dynamics.ts";
import { flipProbability, type SweepRule } from "./rules.ts";

/**
 * Visits every spin once in ascending order and flips it with the rule's probability; E(x) may be any spin energy. Draws
 * through `bernoulli` alone. Irreducible in spite of the fixed order, because neither rule ever flips with certainty.
 */
export function sweepSpins(
  cursor: SpinCursor,
  rule: SweepRule,
  rng: Pick<Rng, "bernoulli">,
  inverseTemperature: number,
): void {
  const { length } = cursor.state;
  for (let i = 0; i < length; i++) {
    if (rng.bernoulli(flipProbability(rule, cursor.delta(i), inverseTemperature))) cursor.flip(i);
  }
}

/** Single-spin dynamics of any spin energy, one spin at a time. */
export class ScalarDynamics implements Dynamics {
  readonly #cursor: SpinCursor;
  readonly #rule: SweepRule;
  readonly #rng: Rng;
  #updates = 0;

  constructor(energy: SpinEnergy, rule: SweepRule, rng: Rng, start: Int8Array) {
    this.#cursor = energy.attach(start);
    this.#rule = rule;
    this.#rng = rng;
  }

  sweep(count: number, inverseTemperature: number): void {
    for (let i = 0; i < count; i++) sweepSpins(this.#cursor, this.#rule, this.#rng, inverseTemperature);
    this.#updates += count * this.#cursor.state.length;
  }

  magnetization(): number {
    return total(this.#cursor.state);
  }

  energy(): number {
    return this.#cursor.energy;
  }

  spins(out: Int8Array): Int8Array {
    out.set(this.#cursor.state);
    return out;
  }

  takeUpdates(): number {
    const updates = this.#updates;
    this.#updates = 0;
    return updates;
  }
}

/** Σ σ_i. */
export function total(spins: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < spins.length; i++) sum += spins[i];
  return sum;
}
