import { ArgumentError, CostError, checkNumber } from "@basin/energy-core";
import { createRng, exp, log } from "@basin/energy-core/random";
import { pacer, type RunOptions } from "@basin/energy-core/run";
import type { KernelOption } from "@basin/energy-core/wasm";
import { type PartitionEstimate, partitionEstimate } from "@basin/samplers/temper";
import { Learner } from "./learner.ts";
import { logTwo, type RestrictedBoltzmannMachine } from "./rbm.ts";

/** Units of the smaller layer that are enumerated at most. */
const MOST_UNITS = 25;

/**
 * Returns log Z = log Σ_v exp(−F(v)) exactly, by walking all states of the smaller layer in Gray-code order with the other layer
 * summed out: 2^min(V, H) · max(V, H) steps.
 *
 * @example
 * ```ts
 * import { exactLogPartition, restrictedBoltzmannMachine } from "@basin/ising/learn";
 *
 * const machine = restrictedBoltzmannMachine({ visible: 100, hidden: 8, weightScale: 0 });
 * console.log(exactLogPartition(machine) / Math.LN2); // 108: every state of both layers alike
 * ```
 *
 * @throws {CostError} when both layers have more than 25 units.
 */
export function exactLogPartition(machine: RestrictedBoltzmannMachine): number {
  const { visible, hidden, low } = machine;
  const [small, large] = [Math.min(visible, hidden), Math.max(visible, hidden)];
  if (small > MOST_UNITS) {
    throw new CostError(
      `an exact log Z of ${visible} and ${hidden} units walks 2^${small} states, at most 2^${MOST_UNITS}; annealedLogPartition estimates it`,
    );
  }
  const byHidden = hidden <= visible;
  const [bias, otherBias] = byHidden
    ? [machine.hiddenBias, machine.visibleBias]
    : [machine.visibleBias, machine.hiddenBias];
  const weight = byHidden
    ? (unit: number, other: number) => machine.weights[other * hidden + unit]
    : (unit: number, other: number) => machine.weights[unit * hidden + other];
  const rows = Array.from({ length: small }, (_, unit) =>
    Float64Array.from({ length: large }, (_, other) => weight(unit, other)),
  );
  const other = new SummedLayer(bias, otherBias, rows, low);
  let top = -Infinity;
  let scaled = 0;
  for (let state = 0; ; ) {
    const value = other.logSum();
    if (value > top) {
      scaled = scaled * exp(top - value) + 1;
      top = value;
    } else scaled += exp(value - top);
    if (++state === 2 ** small) return top + log(scaled);
    other.flip(31 - Math.clz32(state & -state));
    if (state % RENEW_EVERY === 0) other.renew();
  }
}

/** Products and added differences pile up rounding; a fresh start now and then keeps it at the last places. */
const RENEW_EVERY = 4096;
/** Factors 1 + e^x that go into one logarithm, and the largest x for which their product is finite. */
const FACTORS = 8;
const LARGEST_EXPONENT = 85;

/**
 * One layer, whose units are walked, with the other one summed out: log Σ over the other layer of exp(−E) is linear in the walked
 * units plus Σ_k log(1 + e^((1 − low) a_k)). The exponentials are kept, and a flip multiplies them.
 */
class SummedLayer {
  readonly #on: boolean[];
  readonly #bias: Float64Array;
  readonly #otherBias: Float64Array;
  readonly #rows: readonly Float64Array[];
  readonly #low: number;
  readonly #gains: readonly Float64Array[] | undefined;
  readonly #fields: Float64Array;
  readonly #powers: Float64Array;
  #linear = 0;

  constructor(bias: Float64Array, otherBias: Float64Array, rows: readonly Float64Array[], low: number) {
    this.#on = new Array<boolean>(rows.length).fill(false);
    this.#bias = bias;
    this.#otherBias = otherBias;
    this.#rows = rows;
    this.#low = low;
    this.#fields = otherBias.slice();
    this.#powers = new Float64Array(otherBias.length);
    const step = 1 - low;
    const reach = otherBias.map(
      (b, k) => step * rows.reduce((sum, row) => sum + Math.abs(row[k]), Math.abs(b)),
    );
    const safe = reach.every((x) => x < LARGEST_EXPONENT);
    this.#gains = safe ? rows.map((row) => row.map((w) => exp(step * step * w))) : undefined;
    this.renew();
  }

  /** log Σ over the other layer for the state that is walked. */
  logSum(): number {
    const powers = this.#powers;
    let sum = this.#linear;
    if (this.#gains === undefined) {
      for (const field of this.#fields) sum += logTwo(field, this.#low) - this.#low * field;
      return sum;
    }
    for (let k = 0; k < powers.length; k += FACTORS) {
      let product = 1;
      const end = Math.min(powers.length, k + FACTORS);
      for (let i = k; i < end; i++) product *= 1 + powers[i];
      sum += log(product);
    }
    return sum;
  }

  flip(unit: number): void {
    const on = !this.#on[unit];
    this.#on[unit] = on;
    const row = this.#rows[unit];
    const change = on ? 1 - this.#low : this.#low - 1;
    this.#linear += change * this.#bias[unit];
    for (let k = 0; k < row.length; k++) this.#linear += this.#low * change * row[k];
    if (this.#gains === undefined) for (let k = 0; k < row.length; k++) this.#fields[k] += change * row[k];
    else if (on) for (let k = 0; k < row.length; k++) this.#powers[k] *= this.#gains[unit][k];
    else for (let k = 0; k < row.length; k++) this.#powers[k] /= this.#gains[unit][k];
  }

  /** Computes everything anew. */
  renew(): void {
    const fields = this.#fields;
    fields.set(this.#otherBias);
    this.#linear = 0;
    for (const [unit, row] of this.#rows.entries()) {
      const value = this.#on[unit] ? 1 : this.#low;
      this.#linear += value * this.#bias[unit];
      if (value !== 0) for (let k = 0; k < row.length; k++) fields[k] += value * row[k];
    }
    for (let k = 0; k < fields.length; k++) {
      this.#linear += this.#low * fields[k];
      this.#powers[k] = exp((1 - this.#low) * fields[k]);
    }
  }
}

/** Options of {@link annealedLogPartition}; `onProgress` counts Gibbs steps. */
export interface AnnealedLogPartitionOptions extends RunOptions {
  seed: number;
  /** Runs in each direction, at least 2. Default 100. */
  runs?: number;
  /** Inverse temperatures from 0 to 1, not falling. Default: {@link annealingSchedule}(10 000). */
  schedule?: ArrayLike<number>;
  /**
   * Log-odds b⁰ of the visible units where the path begins, at β = 0; a base close to the data makes a short path good. Default 0.
   */
  base?: ArrayLike<number>;
  /** Gibbs steps at β = 1 between a forward run's end and the start of a reverse run. Default 1000. */
  settle?: number;
  /** Which implementation runs; both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/**
 * Returns `temperatures` inverse temperatures from 0 to 1, spaced as in Salakhutdinov & Murray (2008): a share 1/29 of them from 0 to
 * 0.5, 8/29 on to 0.9 and the rest up to 1.
 *
 * @example
 * ```ts
 * import { annealingSchedule } from "@basin/ising/learn";
 *
 * console.log(annealingSchedule(14_501).length); // 14501
 * ```
 */
export function annealingSchedule(temperatures: number): Float64Array {
  const n = checkNumber("temperatures", temperatures, { min: 2, max: 1e7, integer: true });
  const knots = [
    [0, 0],
    [1 / 29, 0.5],
    [9 / 29, 0.9],
    [1, 1],
  ];
  return Float64Array.from({ length: n }, (_, k) => {
    const share = k / (n - 1);
    const part = knots.findIndex(([end], i) => i > 0 && share <= end);
    const [[from, low], [to, high]] = [knots[part - 1], knots[part]];
    return k === n - 1 ? 1 : low + ((share - from) / (to - from)) * (high - low);
  });
}

/**
 * Returns a bracket of log Z by annealed importance sampling forward (Neal 2001; Salakhutdinov & Murray 2008) and in reverse (Grosse,
 * Ghahramani & Adams 2015), through p_β(v) ∝ exp((1 − β) b⁰·v + β b·v) Π_j (1 + exp(β (c_j + Σ_i W_ij v_i))), a batch at a time
 * in the compiled kernel. The forward estimate is too low in expectation. Reverse runs start where forward runs ended, `settle` Gibbs
 * steps later; were those states exact, the reverse estimate would be too high in expectation.
 *
 * @throws {ArgumentError} for a schedule that does not lead from 0 to 1, and for numbers out of range.
 *
 * @example
 * ```ts
 * import { annealedLogPartition, annealingSchedule, exactLogPartition, restrictedBoltzmannMachine } from "@basin/ising/learn";
 *
 * const machine = restrictedBoltzmannMachine({ visible: 8, hidden: 4, weightScale: 1, seed: 3 });
 * const { forward, reverse } = await annealedLogPartition(machine, { seed: 1, schedule: annealingSchedule(500) });
 * console.log(forward, reverse, exactLogPartition(machine));
 * ```
 */
export async function annealedLogPartition(
  machine: RestrictedBoltzmannMachine,
  options: AnnealedLogPartitionOptions,
): Promise<PartitionEstimate> {
  const runs = checkNumber("runs", options.runs ?? 100, { min: 2, max: 65535, integer: true });
  const settle = checkNumber("settle", options.settle ?? 1000, { min: 0, integer: true });
  const schedule = checkSchedule(options.schedule ?? annealingSchedule(10_000));
  const path = new Path(machine, runs, options);
  const steps = 2 * (schedule.length - 1) + settle;
  let done = 0;
  const pace = pacer(options);
  const pause = async () => {
    done++;
    if (pace.due) await pace.breathe(() => ({ done, total: steps }));
  };
  path.start();
  const forward = new Float64Array(runs);
  for (let k = 1; k < schedule.length; k++) {
    path.addRatios(forward, schedule[k - 1], schedule[k]);
    path.step(schedule[k]);
    await pause();
  }
  for (let k = 0; k < settle; k++) {
    path.step(1);
    await pause();
  }
  const reverse = new Float64Array(runs);
  for (let k = schedule.length - 1; k > 0; k--) {
    path.step(schedule[k]);
    path.addRatios(reverse, schedule[k], schedule[k - 1]);
    await pause();
  }
  return partitionEstimate(path.logPartitionAtStart, forward, reverse);
}

/** The path of laws p_β and the states on it. */
class Path {
  /** Log Z of the law at β = 0, and of all constants that bits leave out. */
  readonly logPartitionAtStart: number;
  readonly #learner: Learner;
  readonly #runs: number;
  readonly #base: Float64Array;
  readonly #bias: Float32Array;

  constructor(machine: RestrictedBoltzmannMachine, runs: number, options: AnnealedLogPartitionOptions) {
    const { visible, hidden } = machine;
    this.#runs = runs;
    this.#base = Float64Array.from(options.base ?? new Float64Array(visible));
    if (this.#base.length !== visible || !this.#base.every(Number.isFinite)) {
      throw new ArgumentError(`base must hold ${visible} finite numbers, got ${this.#base.length}`);
    }
    this.#learner = new Learner(machine, runs, options.kernel);
    const { engine } = this.#learner;
    engine.seed(createRng(options.seed));
    // The fields of visible units are needed with and without their bias: it is kept here, and enters as an offset.
    this.#bias = engine.visibleBias.slice(0, visible);
    engine.visibleBias.fill(0);
    let constant = 0;
    if (machine.encoding === "spins") {
      // E over spins is that over bits plus Σb + Σc − ΣW.
      for (const weight of machine.weights) constant += weight;
      for (const bias of [machine.visibleBias, machine.hiddenBias])
        for (const value of bias) constant -= value;
    }
    this.logPartitionAtStart =
      constant + hidden * Math.LN2 + this.#base.reduce((sum, field) => sum + logTwo(field, 0), 0);
  }

  /** Draws the states at β = 0, independent bits with log-odds b⁰. */
  start(): void {
    const { engine } = this.#learner;
    const [v] = this.#learner.layers(1);
    for (let s = 0; s < this.#runs; s++) engine.row(v, s).fill(0);
    this.#offset(0);
    engine.squash(v, this.#runs, 0);
    engine.draw(v, this.#runs);
  }

  /** A Gibbs step that leaves p_β invariant. */
  step(beta: number): void {
    const { engine } = this.#learner;
    const [v, h] = this.#learner.layers(1);
    engine.hiddenFields(v, h, this.#runs);
    engine.squash(h, this.#runs, beta);
    engine.draw(h, this.#runs);
    engine.visibleFields(h, v, this.#runs);
    this.#offset(beta);
    engine.squash(v, this.#runs, beta);
    engine.draw(v, this.#runs);
  }

  /** Adds log p*_after(v) − log p*_before(v) of every state to `out`. */
  addRatios(out: Float64Array, before: number, after: number): void {
    const { engine } = this.#learner;
    const [v, h] = this.#learner.layers(1);
    engine.hiddenFields(v, h, this.#runs);
    const [sums, products] = engine.ratios(h, this.#runs, before, after);
    const { chunks } = engine;
    for (let s = 0; s < out.length; s++) {
      let field = sums[s];
      for (const i of engine.list(v, s)) field += this.#bias[i] - this.#base[i];
      // The kernel's coefficients are 32-bit floats; the same ones here keep the two parts of the weight consistent.
      out[s] += (Math.fround(after) - Math.fround(before)) * field;
      for (let chunk = 0; chunk < chunks; chunk++) out[s] += log(products[s * chunks + chunk]);
    }
  }

  #offset(beta: number): void {
    const { visibleOffset } = this.#learner.engine;
    const share = Math.fround(beta);
    for (let i = 0; i < this.#bias.length; i++) {
      visibleOffset[i] = share * this.#bias[i] + (1 - share) * this.#base[i];
    }
  }
}

function checkSchedule(schedule: ArrayLike<number>): ArrayLike<number> {
  const last = schedule.length - 1;
  if (schedule.length < 2 || schedule[0] !== 0 || schedule[last] !== 1) {
    throw new ArgumentError(
      `the schedule has ${schedule.length} values from ${schedule[0]} to ${schedule[last]}, expected at least 2 from 0 to 1`,
    );
  }
  for (let k = 1; k < schedule.length; k++) {
    if (!(schedule[k] >= schedule[k - 1])) {
      throw new ArgumentError(`the schedule must not fall, but ${schedule[k]} follows ${schedule[k - 1]}`);
    }
  }
  return schedule;
}
