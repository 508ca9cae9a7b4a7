import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkKind, checkOptions } from "@basin/energy-core/internal";
import { type Rng, restoreRng } from "@basin/energy-core/random";
import type { BatchEnergy } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { StepInfo } from "../kernel.ts";
import type { Initial } from "../run/initial.ts";
import {
  groupsOf,
  groupTemperature,
  type Streams,
  type WalkerKernel,
  type WalkerMoves,
  type Walkers,
  type WalkersState,
  writeInitial,
} from "../walkers/walkers.ts";

/** A batch of states `[batch, ...shape]` with E of each. */
export interface TensorBatch {
  readonly states: tf.Tensor;
  readonly energies: Float32Array;
}

/** States that a batch may go to, one each. Whoever asked for them disposes of them. */
export interface TensorProposal extends TensorBatch {
  /** Probability with which each state goes there. */
  readonly acceptances: ArrayLike<number>;
  /** 1 where the way there went wrong; absent for moves that cannot. */
  readonly diverged?: ArrayLike<number>;
}

/** A way to move the states of a batch, each by itself. */
export interface TensorMove {
  readonly name: string;
  /**
   * Returns states to go to, so that going there with these probabilities keeps exp(−βE) invariant. The batch stays as
   * it is.
   */
  propose(energy: BatchEnergy, batch: TensorBatch, rng: Rng, inverseTemperature: number): TensorProposal;
}

/** A batch that has moved, and what happened to each of its states. */
export interface TensorStep extends TensorBatch {
  readonly infos: readonly StepInfo[];
}

/** Returns a batch after one move. The one given stays as it is; the caller disposes of the states. */
export function moveBatch(
  move: TensorMove,
  energy: BatchEnergy,
  batch: TensorBatch,
  rng: Rng,
  inverseTemperature: number,
): TensorStep {
  const there = move.propose(energy, batch, rng, inverseTemperature);
  const { acceptances, diverged } = there;
  const taken = Uint8Array.from(acceptances, (p) => Number(rng.bernoulli(p)));
  const shape = [taken.length, ...there.states.shape.slice(1).map(() => 1)];
  const states = tf.tidy(() => {
    const mask = tf.tensor(taken, shape, "bool").logicalAnd(tf.onesLike(there.states).cast("bool"));
    return tf.where(mask, there.states, batch.states);
  });
  there.states.dispose();
  return {
    states,
    energies: there.energies.map((value, i) => (taken[i] ? value : batch.energies[i])),
    infos: Array.from(acceptances, (acceptanceProbability, i) => ({
      acceptanceProbability,
      diverged: diverged?.[i] === 1,
    })),
  };
}

/** Options of {@link liftBatch}. */
export interface LiftBatchOptions {
  /** Walkers of a group: one batch. Default 64. */
  group?: number;
  /** Moves that make one step. Default 1. */
  iterations?: number;
}

/** Walkers in batches of tensors. */
export type TensorWalkers = Walkers<Float64Array, Pick<WalkerMoves, "info">>;

/**
 * Returns a kernel of walkers from a way to move a batch: a group of walkers is one batch, which shares a β and a
 * stream. States are read and written as vectors of their entries, row by row, in 32-bit floats; energies are read
 * after each step, so the backend must be one that can be read synchronously (webgpu cannot in every browser).
 *
 * @example
 * ```ts
 * import { normalTensor, tensorEnergy } from "@basin/energy-core/tensor";
 * import { temper } from "@basin/samplers/temper";
 * import { liftBatch } from "@basin/samplers/tensor";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await tf.setBackend("cpu");
 * const bowl = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
 * // Moves between mirror images, which have the same energy.
 * const mirror = liftBatch(
 *   {
 *     name: "mirror",
 *     propose: (_, { states, energies }) => ({ states: states.neg(), energies, acceptances: energies.map(() => 0.5) }),
 *   },
 *   { group: 8 },
 * );
 * console.log((await temper(bowl, mirror, { seed: 1, temperatures: [1, 2], warmup: 0, draws: 5 })).rejections.length); // 8 chains
 * ```
 */
export function liftBatch(
  move: TensorMove,
  options: LiftBatchOptions = {},
): WalkerKernel<BatchEnergy, Float64Array, TensorWalkers> {
  checkOptions("liftBatch", options, "group iterations");
  const isMove = typeof move?.propose === "function";
  checkKind("the move of liftBatch", move, isMove, "a move of a batch: { name, propose }");
  const group = checkNumber("group", options.group ?? 64, { min: 1, integer: true });
  const iterations = checkNumber("iterations", options.iterations ?? 1, { min: 1, integer: true });
  return {
    name: move.name,
    group,
    walkers(energy, places) {
      checkOptions("walkers", places, "groups streams initial");
      const { groups = 1, streams, initial } = places;
      const walkers = new BatchWalkers(energy, move, groups, { group, iterations });
      walkers.start(streams, initial);
      return walkers;
    },
  };
}

/** A batch that is a tensor while it moves and an array while single states are read or written. */
class Shelf {
  readonly #energy: BatchEnergy;
  readonly #shape: readonly number[];
  #tensor: tf.Tensor | undefined;
  #rows: Float32Array | undefined;
  #energies: Float32Array | undefined;

  constructor(energy: BatchEnergy, group: number) {
    this.#energy = energy;
    this.#shape = [group, ...energy.can.batch.shape];
  }

  get states(): tf.Tensor {
    // Kept, since it may first be asked for within a tidy.
    this.#tensor ??= tf.keep(tf.tensor(this.rows.slice(), [...this.#shape], "float32"));
    return this.#tensor;
  }

  get energies(): Float32Array {
    this.#energies ??= tf.tidy(
      () => this.#energy.can.batch.energies(this.states).dataSync().slice() as Float32Array,
    );
    return this.#energies;
  }

  /** The states, to be read; {@link change} is for writing. */
  get rows(): Float32Array {
    const size = this.#shape.reduce((product, length) => product * length, 1);
    this.#rows ??= (this.#tensor?.dataSync().slice() as Float32Array | undefined) ?? new Float32Array(size);
    return this.#rows;
  }

  row(index: number): Float32Array {
    const size = this.rows.length / this.#shape[0];
    return this.rows.subarray(index * size, (index + 1) * size);
  }

  /** Changes states. `energies` are what they are then, where that is known. */
  change(write: () => void, energies?: Float32Array): void {
    // The rows are read from the tensor before it goes.
    void this.rows;
    this.free();
    write();
    this.#energies = energies;
  }

  /** Takes over the outcome of a step. */
  replace({ states, energies }: TensorBatch): void {
    this.free();
    this.#tensor = states;
    this.#rows = undefined;
    this.#energies = energies;
  }

  free(): void {
    this.#tensor?.dispose();
    this.#tensor = undefined;
  }
}

class BatchWalkers implements TensorWalkers {
  readonly count: number;
  readonly group: number;
  readonly can = { info: (walker: number) => this.#infos[walker] };
  readonly #energy: BatchEnergy;
  readonly #move: TensorMove;
  readonly #shelves: Shelf[];
  readonly #infos: StepInfo[];
  #rngs: Rng[] = [];

  readonly #iterations: number;

  constructor(
    energy: BatchEnergy,
    move: TensorMove,
    groups: number,
    { group, iterations }: Required<LiftBatchOptions>,
  ) {
    this.group = group;
    this.#iterations = iterations;
    this.count = groups * group;
    this.#energy = energy;
    this.#move = move;
    this.#shelves = Array.from({ length: groups }, () => new Shelf(energy, group));
    this.#infos = Array.from({ length: this.count }, () => ({ acceptanceProbability: 1, diverged: false }));
  }

  start(streams: Streams, initial?: Initial<Float64Array>): void {
    this.#rngs = this.#shelves.map((_, g) => streams(g));
    const { space } = this.#energy;
    for (let w = 0; w < this.count && initial === undefined; w++)
      this.write(w, space.random(this.#rngs[Math.floor(w / this.group)]));
    writeInitial(this, (group) => this.#rngs[group], initial);
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    const [from, to] = groupsOf(this, group);
    for (let g = from; g < to; g++) {
      const beta = groupTemperature(inverseTemperatures, g);
      for (let k = 0; k < steps * this.#iterations; k++) {
        const next = moveBatch(this.#move, this.#energy, this.#shelves[g], this.#rngs[g], beta);
        this.#shelves[g].replace(next);
        for (const [r, info] of next.infos.entries()) this.#infos[g * this.group + r] = info;
      }
    }
  }

  energies(out: Float64Array, group?: number): Float64Array {
    const [from, to] = groupsOf(this, group);
    for (let g = from; g < to; g++) out.set(this.#shelves[g].energies, g * this.group);
    return out;
  }

  read(walker: number, out: Float64Array = new Float64Array(this.#row(walker).length)): Float64Array {
    out.set(this.#row(walker));
    return out;
  }

  write(walker: number, state: Float64Array): void {
    this.#energy.space.check(state, "state");
    this.#shelves[Math.floor(walker / this.group)].change(() => this.#row(walker).set(state));
  }

  exchange(a: number, b: number, chosen?: Uint8Array): void {
    const shelves = this.#shelves;
    if (chosen === undefined) {
      [shelves[a], shelves[b]] = [shelves[b], shelves[a]];
      return;
    }
    const [first, second] = [shelves[a], shelves[b]];
    const [ours, theirs] = [first.energies.slice(), second.energies.slice()];
    const swap = () => {
      for (let r = 0; r < this.group; r++) {
        if (chosen[r] === 0) continue;
        const row = first.row(r).slice();
        first.row(r).set(second.row(r));
        second.row(r).set(row);
        [ours[r], theirs[r]] = [theirs[r], ours[r]];
      }
    };
    first.change(() => second.change(swap, theirs), ours);
  }

  #row(walker: number): Float32Array {
    return this.#shelves[Math.floor(walker / this.group)].row(walker % this.group);
  }

  save(): WalkersState {
    return {
      bytes: this.#shelves.map(({ rows }) => new Uint8Array(rows.slice().buffer)),
      numbers: this.#rngs.flatMap((rng) => rng.save()),
    };
  }

  restore({ bytes, numbers }: WalkersState): void {
    const fits = bytes.length === this.#shelves.length;
    if (!fits || bytes.some((own, g) => own.length !== this.#shelves[g].rows.byteLength))
      throw new ArgumentError("the saved state is of other walkers");
    const words = numbers.length / this.#shelves.length;
    for (const [g, shelf] of this.#shelves.entries()) {
      shelf.change(() => shelf.rows.set(new Float32Array(bytes[g].slice().buffer)));
      this.#rngs[g] = restoreRng(numbers.slice(g * words, (g + 1) * words));
    }
  }

  dispose(): void {
    for (const shelf of this.#shelves) shelf.free();
  }
}
