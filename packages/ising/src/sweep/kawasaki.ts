import { ArgumentError, type Cursor } from "@basin/energy-core";
import { exp, type Rng, restoreRng } from "@basin/energy-core/random";
import type { Couplings, SpinProblem } from "../problem/spin-problem.ts";
import type { Dynamics, DynamicsState } from "./dynamics.ts";

/**
 * Proposes to exchange the spins at the ends of a random bond and accepts with probability min(1, exp(−βΔE)) (Kawasaki
 * 1966); returns whether they were exchanged. The magnetization never changes: within each of its values, exp(−βH) is stationary.
 */
export function kawasakiStep(
  cursor: Cursor<Int8Array>,
  { sources, targets, values }: Couplings,
  rng: Pick<Rng, "bernoulli" | "index">,
  inverseTemperature: number,
): boolean {
  const bond = rng.index(values.length);
  const [i, j] = [sources[bond], targets[bond]];
  if (cursor.state[i] === cursor.state[j]) return false;
  // Each single flip would count the bond between the two as broken or mended; together they leave it alone.
  const delta = cursor.delta(i) + cursor.delta(j) + 4 * values[bond];
  if (delta > 0 && !rng.bernoulli(exp(-inverseTemperature * delta))) return false;
  cursor.apply(i);
  cursor.apply(j);
  return true;
}

/** Kawasaki dynamics; a sweep is as many attempts as there are spins. */
export class KawasakiDynamics implements Dynamics {
  readonly kernel = "typescript" as const;
  readonly #problem: SpinProblem;
  #cursor: Cursor<Int8Array>;
  #rng: Rng;
  #magnetization: number;
  #updates = 0;

  constructor(problem: SpinProblem, rng: Rng, start: Int8Array) {
    this.#problem = problem;
    this.#cursor = problem.can.moves(start);
    this.#rng = rng;
    this.#magnetization = start.reduce((sum, spin) => sum + spin, 0);
  }

  sweep(count: number, inverseTemperature: number): void {
    const { couplings, variables, unit } = this.#problem;
    // Where differences round, each call begins afresh from the spins: what a checkpoint holds must give the same bits.
    if (unit === undefined) this.#cursor = this.#problem.can.moves(this.#cursor.state);
    const attempts = couplings.values.length === 0 ? 0 : count * variables;
    for (let k = 0; k < attempts; k++) kawasakiStep(this.#cursor, couplings, this.#rng, inverseTemperature);
    this.#updates += attempts;
  }

  magnetization(): number {
    return this.#magnetization;
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

  save(): DynamicsState {
    const spins = this.#cursor.state;
    const bytes = [new Uint8Array(spins.buffer, spins.byteOffset, spins.length).slice()];
    return { bytes, numbers: this.#rng.save() };
  }

  restore({ bytes, numbers }: DynamicsState): void {
    if (bytes.length !== 1 || bytes[0].length !== this.#problem.variables || numbers.length !== 6)
      throw new ArgumentError("the saved state is of another model or algorithm");
    const spins = new Int8Array(bytes[0].buffer, bytes[0].byteOffset, bytes[0].length);
    this.#cursor = this.#problem.can.moves(spins);
    this.#magnetization = spins.reduce((sum, spin) => sum + spin, 0);
    this.#rng = restoreRng(numbers);
  }
}
