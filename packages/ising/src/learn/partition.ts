import { ArgumentError, checkNumber } from "@basin/energy-core";
import { createRng, log } from "@basin/energy-core/random";
import {
  type CheckpointOptions,
  checksum,
  keepRun,
  pacer,
  type RunKeeper,
  type RunOptions,
} from "@basin/energy-core/run";
import type { KernelOption } from "@basin/energy-core/wasm";
import { type PartitionEstimate, partitionEstimate } from "@basin/samplers/temper";
import type { EngineState } from "./engine.ts";
import { Learner } from "./learner.ts";
import { logTwo, type RestrictedBoltzmannMachine } from "./rbm.ts";

/** Options of {@link annealedLogPartition}; `onProgress` counts Gibbs steps. */
export interface AnnealedLogPartitionOptions extends RunOptions, CheckpointOptions {
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
  const { visible, hidden, encoding, parameters } = machine;
  const base = checksum(Float64Array.from(options.base ?? []));
  const betas = checksum(Float64Array.from(schedule));
  const fingerprint = () => ({
    ...{ visible, hidden, encoding, parameters: checksum(parameters) },
    ...{ runs, settle, base, schedule: betas, seed: options.seed },
  });
  const identity = { format: "annealedLogPartition", version: 1, fingerprint };
  return keepRun(options, identity, async (keeper: RunKeeper<PathState>) => {
    if (keeper.found === undefined) path.start();
    else path.restore(keeper.found);
    const total = 2 * (schedule.length - 1) + settle;
    const pace = pacer(options, { keeper, state: () => path.save() });
    while (path.done < total) {
      path.advance(schedule, settle);
      if (pace.due) await pace.breathe(() => ({ done: path.done, total }));
    }
    await keeper.save(path.save());
    return partitionEstimate(path.logPartitionAtStart, path.forward, path.reverse);
  });
}

/** Where the runs stand on the path, and their weights so far. */
interface PathState {
  readonly done: number;
  readonly forward: Float64Array;
  readonly reverse: Float64Array;
  readonly engine: EngineState;
}

/** The path of laws p_β and the states on it. */
class Path {
  /** Log Z of the law at β = 0, and of all constants that bits leave out. */
  readonly logPartitionAtStart: number;
  /** Log weights of the runs up the path, and of those down. */
  readonly forward: Float64Array;
  readonly reverse: Float64Array;
  /** Gibbs steps made. */
  done = 0;
  readonly #learner: Learner;
  readonly #runs: number;
  readonly #base: Float64Array;
  readonly #bias: Float32Array;

  constructor(machine: RestrictedBoltzmannMachine, runs: number, options: AnnealedLogPartitionOptions) {
    const { visible, hidden } = machine;
    this.#runs = runs;
    this.forward = new Float64Array(runs);
    this.reverse = new Float64Array(runs);
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

  /** Makes the next step: up the schedule, `settle` steps at its end, and down again. */
  advance(schedule: ArrayLike<number>, settle: number): void {
    const top = schedule.length - 1;
    const down = this.done - top - settle;
    if (this.done < top) {
      const k = this.done + 1;
      this.#addRatios(this.forward, schedule[k - 1], schedule[k]);
      this.#step(schedule[k]);
    } else if (down < 0) this.#step(1);
    else {
      this.#step(schedule[top - down]);
      this.#addRatios(this.reverse, schedule[top - down], schedule[top - down - 1]);
    }
    this.done++;
  }

  save(): PathState {
    const { engine } = this.#learner;
    return {
      done: this.done,
      forward: this.forward.slice(),
      reverse: this.reverse.slice(),
      engine: engine.save(engine.visible[1], this.#runs),
    };
  }

  restore({ done, forward, reverse, engine: state }: PathState): void {
    const { engine } = this.#learner;
    this.done = done;
    this.forward.set(forward);
    this.reverse.set(reverse);
    engine.restore(engine.visible[1], state);
  }

  /** A Gibbs step that leaves p_β invariant. */
  #step(beta: number): void {
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
  #addRatios(out: Float64Array, before: number, after: number): void {
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
