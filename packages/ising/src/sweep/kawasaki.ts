import { ArgumentError, type Cursor } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { exp, type Rng, restoreRng } from "@basin/energy-core/random";
import type { WalkersState } from "@basin/samplers/internal";
import { type Couplings, type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";
import { type EngineOptions, OneState, oneByOne, type SpinWalkerKernel } from "./one-state.ts";
import type { StartName } from "./start.ts";

/**
 * Proposes to exchange the spins at the ends of a random bond and accepts with probability min(1, exp(−βΔE)) (Kawasaki
 * 1966); returns whether they were exchanged. The magnetization never changes: within each of its values, exp(−βH) is
 * stationary.
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

/**
 * Returns Kawasaki dynamics; a step is as many attempts as there are spins.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { createModel, kawasaki } from "@basin/ising";
 *
 * const walkers = await kawasaki().walkers(createModel("square", 8), { groups: 2, streams: (group) => createRng(1).split(group) });
 * walkers.step(20, [0.2, 0.6]);
 * console.log(walkers.energies(new Float64Array(2)), walkers.can.magnetizations(new Float64Array(2)));
 * ```
 */
export function kawasaki(options: Pick<EngineOptions, "start"> = {}): SpinWalkerKernel {
  checkOptions("kawasaki", options, "start");
  const { start } = options;
  return oneByOne("kawasaki", (energy) => new KawasakiWalker(toSpinProblem(energy, "kawasaki"), start));
}

class KawasakiWalker extends OneState {
  readonly #problem: SpinProblem;
  #cursor: Cursor<Int8Array>;
  #rng: Rng | undefined;
  #magnetization = 0;

  constructor(problem: SpinProblem, start: StartName | undefined) {
    super(problem, { kernel: "typescript" }, start);
    this.#problem = problem;
    this.#cursor = problem.can.moves(new Int8Array(problem.variables).fill(1));
  }

  protected seed(rng: Rng): void {
    this.#rng = rng;
  }

  protected load(spins: ArrayLike<number>): void {
    this.#cursor = this.#problem.can.moves(Int8Array.from(spins));
    this.#magnetization = this.#cursor.state.reduce((sum, spin) => sum + spin, 0);
  }

  protected sweep(count: number, inverseTemperature: number): void {
    const { couplings, variables, unit } = this.#problem;
    const rng = this.#rng as Rng;
    // Where differences round, each call begins afresh from the spins: what a checkpoint holds must give the same bits.
    if (unit === undefined) this.#cursor = this.#problem.can.moves(this.#cursor.state);
    const attempts = couplings.values.length === 0 ? 0 : count * variables;
    for (let k = 0; k < attempts; k++) kawasakiStep(this.#cursor, couplings, rng, inverseTemperature);
    this.updates += attempts;
  }

  protected magnetization(): number {
    return this.#magnetization;
  }

  protected energy(): number {
    return this.#cursor.energy;
  }

  protected spins(out: Int8Array): Int8Array {
    out.set(this.#cursor.state);
    return out;
  }

  save(): WalkersState {
    const spins = this.#cursor.state;
    const bytes = [new Uint8Array(spins.buffer, spins.byteOffset, spins.length).slice()];
    return { bytes, numbers: (this.#rng as Rng).save() };
  }

  restore({ bytes, numbers }: WalkersState): void {
    if (bytes.length !== 1 || bytes[0].length !== this.#problem.variables || numbers.length !== 6)
      throw new ArgumentError("the saved state is of another model or algorithm");
    this.load(new Int8Array(bytes[0].buffer, bytes[0].byteOffset, bytes[0].length));
    this.#rng = restoreRng(numbers);
  }
}
