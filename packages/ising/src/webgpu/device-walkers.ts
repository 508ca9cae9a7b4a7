import { ArgumentError, CapabilityError, checkNumber } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { Walkers } from "@basin/samplers";
import {
  groupsOf,
  groupTemperature,
  type Initial,
  type Streams,
  type WalkersState,
  writeInitial,
} from "@basin/samplers/internal";
import type { DeviceEngine, DeviceMoves, DeviceReport, SlotWords } from "./engine.ts";
import { generatorStates } from "./seeds.ts";

/**
 * Sweeps that are submitted at once, so that the device never waits and never runs far ahead: about this many sites.
 */
const BATCH_SITES = 2 ** 34;
const MOST_SWEEPS = 1024;

/** What walkers on a device know of the kind of their states. */
export interface DeviceModel<X> {
  readonly variables: number;
  /** Words of a state, and generators beside it. */
  readonly words: number;
  readonly bands: number;
  /** Words of probabilities of a slot, and sums of a measurement. */
  readonly thresholds: number;
  readonly sums: number;
  /** Returns the words of a start. */
  start(rng: Rng): Uint32Array;
  check(state: X): void;
  pack(state: X): Uint32Array;
  unpack(words: Uint32Array, out?: X): X;
  /** Writes the probabilities at β. */
  temper(beta: number, out: Uint32Array): void;
  /** Returns what sums say: the energy, and the order: a total magnetization, or an order parameter. */
  measured(sums: Float64Array): readonly [energy: number, order: number];
}

/** What walkers can, their order under the name that it has. */
export type OrderMoves<Order extends string> = DeviceMoves &
  Readonly<Record<Order, (out: Float64Array) => Float64Array>>;

/** One engine with a slot for each group. */
export class DeviceWalkers<X, Order extends string> implements Walkers<X, OrderMoves<Order>>, DeviceReport {
  readonly count: number;
  readonly group = 1;
  readonly kernel: DeviceReport["kernel"];
  readonly can: OrderMoves<Order>;
  readonly #model: DeviceModel<X>;
  readonly #engine: DeviceEngine;
  /** The slot of each group. */
  readonly #slots: number[];
  readonly #energies: Float64Array;
  readonly #orders: Float64Array;
  readonly #thresholds: Uint32Array;
  /** β of each slot that the thresholds are of. */
  readonly #betas: Float64Array;
  /** Whether the totals here are those of the states on the device. */
  #current = false;
  /** States that are here, by slot. */
  readonly #states = new Map<number, SlotWords>();
  /** Sweeps of all slots that are not submitted yet. */
  #waiting = 0;
  #updates = 0;

  constructor(
    model: DeviceModel<X>,
    engine: DeviceEngine,
    { groups, kernel, order }: { groups: number; order: Order } & DeviceReport,
  ) {
    this.#model = model;
    this.#engine = engine;
    this.kernel = kernel;
    this.count = groups;
    this.#slots = Array.from({ length: groups }, (_, slot) => slot);
    this.#energies = new Float64Array(groups);
    this.#orders = new Float64Array(groups);
    this.#thresholds = new Uint32Array(groups * model.thresholds);
    this.#betas = new Float64Array(groups).fill(Number.NaN);
    const moves: DeviceMoves = {
      takeUpdates: () => {
        const updates = this.#updates;
        this.#updates = 0;
        return updates;
      },
      fetch: (states) => this.#fetch(states),
      record: (steps, betas, energies, orders) => this.#record(steps, betas, energies, orders),
    };
    const orders = (out: Float64Array) => this.#fetched(order, this.#orders, out);
    this.can = { ...moves, [order]: orders } as OrderMoves<Order>;
  }

  start(streams: Streams, initial?: Initial<X>): void {
    for (let g = 0; g < this.count; g++) {
      const rng = streams(g);
      this.#slots[g] = g;
      this.#put(g, {
        states: this.#model.start(rng.split(0)),
        generators: generatorStates(rng.split(1), this.#model.bands),
      });
    }
    this.#updates = 0;
    writeInitial(this, streams, initial);
  }

  #put(slot: number, state: SlotWords): void {
    this.#engine.write(slot, state.states);
    this.#engine.seed(slot, state.generators);
    this.#states.set(slot, state);
    this.#current = false;
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    checkNumber("steps", steps, { min: 0, integer: true });
    this.#temper(inverseTemperatures, group);
    this.#current = false;
    this.#states.clear();
    this.#updates += steps * this.#model.variables * (group === undefined ? this.count : 1);
    if (group !== undefined) {
      this.#submit();
      this.#engine.sweep(this.#slots[group], 1, steps);
      return;
    }
    const batch = Math.min(
      MOST_SWEEPS,
      Math.max(1, Math.floor(BATCH_SITES / (this.#model.variables * this.count))),
    );
    this.#waiting += steps;
    while (this.#waiting >= batch) {
      this.#engine.sweep(0, this.count, batch);
      this.#waiting -= batch;
    }
  }

  #submit(): void {
    if (this.#waiting > 0) this.#engine.sweep(0, this.count, this.#waiting);
    this.#waiting = 0;
  }

  /** Sets the probabilities of the slots whose β are new. */
  #temper(inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    const [from, to] = groupsOf(this, group);
    const each = this.#model.thresholds;
    let changed = false;
    for (let g = from; g < to; g++) {
      const [beta, slot] = [groupTemperature(inverseTemperatures, g), this.#slots[g]];
      if (beta === this.#betas[slot]) continue;
      if (!changed) this.#submit();
      changed = true;
      this.#betas[slot] = beta;
      this.#model.temper(beta, this.#thresholds.subarray(each * slot, each * (slot + 1)));
    }
    if (changed) this.#engine.thresholds(this.#thresholds);
  }

  async #fetch(states?: "all" | number): Promise<void> {
    this.#submit();
    if (!this.#current) {
      this.#engine.measure();
      this.#takeTotals(await this.#engine.totals(), 0);
    }
    if (states === undefined) return;
    const wanted = states === "all" ? this.#slots : [this.#slots[states]];
    const missing = wanted.filter((slot) => !this.#states.has(slot));
    if (missing.length === 0) return;
    const read = await this.#engine.read(missing);
    for (const [k, slot] of missing.entries()) this.#states.set(slot, read[k]);
  }

  /** Takes measurement k of all slots. */
  #takeTotals(totals: Float64Array, k: number): void {
    const { sums } = this.#model;
    for (const [g, slot] of this.#slots.entries()) {
      const at = sums * (k * this.count + slot);
      [this.#energies[g], this.#orders[g]] = this.#model.measured(totals.subarray(at, at + sums));
    }
    this.#current = true;
  }

  async #record(
    steps: number,
    inverseTemperatures: number | ArrayLike<number>,
    energies: Float64Array,
    orders: Float64Array,
  ): Promise<void> {
    const rounds = Math.floor(energies.length / this.count);
    checkLength("energies", energies.length, rounds * this.count);
    checkLength("the orders", orders.length, energies.length);
    for (let done = 0; done < rounds; ) {
      const some = Math.min(rounds - done, this.#engine.rounds);
      for (let k = 0; k < some; k++) {
        this.step(steps, inverseTemperatures);
        this.#submit();
        this.#engine.measure();
      }
      const totals = await this.#engine.totals();
      for (let k = 0; k < some; k++, done++) {
        this.#takeTotals(totals, k);
        for (let g = 0; g < this.count; g++) {
          energies[g * rounds + done] = this.#energies[g];
          orders[g * rounds + done] = this.#orders[g];
        }
      }
    }
  }

  energies(out: Float64Array, group?: number): Float64Array {
    return this.#fetched("energies", this.#energies, out, group);
  }

  #fetched(what: string, from: Float64Array, out: Float64Array, group?: number): Float64Array {
    if (!this.#current) throw new CapabilityError(late(what, "fetch()"));
    const [first, end] = groupsOf(this, group);
    for (let g = first; g < end; g++) out[g] = from[g];
    return out;
  }

  #state(group: number): SlotWords {
    const state = this.#states.get(this.#slots[group]);
    if (state === undefined) throw new CapabilityError(late("states", 'fetch("all")'));
    return state;
  }

  read(walker: number, out?: X): X {
    return this.#model.unpack(this.#state(walker).states, out);
  }

  write(walker: number, state: X): void {
    this.#model.check(state);
    const slot = this.#slots[walker];
    this.#submit();
    const words = this.#model.pack(state);
    this.#engine.write(slot, words);
    const known = this.#states.get(slot);
    if (known !== undefined) this.#states.set(slot, { states: words, generators: known.generators });
    this.#current = false;
  }

  /** Groups keep their β and take over the slots. */
  exchange(a: number, b: number, chosen?: Uint8Array): void {
    if (chosen?.[0] === 0) return;
    for (const list of [this.#slots, this.#energies, this.#orders]) [list[a], list[b]] = [list[b], list[a]];
  }

  save(): WalkersState {
    const held = this.#slots.map((_, g) => this.#state(g));
    const bytes = (words: Uint32Array) => new Uint8Array(words.slice().buffer);
    return {
      bytes: held.flatMap(({ states, generators }) => [bytes(states), bytes(generators)]),
      numbers: [],
    };
  }

  restore({ bytes }: WalkersState): void {
    const { words: size, bands } = this.#model;
    const expected = [4 * size, 16 * bands];
    if (bytes.length !== 2 * this.count || bytes.some((own, k) => own.length !== expected[k & 1]))
      throw new ArgumentError("the saved state is of other walkers");
    this.#waiting = 0;
    const words = (k: number) => new Uint32Array(bytes[k].slice().buffer);
    for (let g = 0; g < this.count; g++)
      this.#put(this.#slots[g], { states: words(2 * g), generators: words(2 * g + 1) });
  }

  dispose(): void {
    this.#engine.dispose();
  }
}

function late(what: string, call: string): string {
  return `${what} of walkers on a device arrive late: await walkers.can.${call} before asking for them; loops that do not wait cannot use such walkers`;
}
