import { ArgumentError, CapabilityError } from "@basin/energy-core";
import { checkLength, seedLanes } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import {
  groupsOf,
  groupTemperature,
  type Initial,
  type Streams,
  type WalkersState,
  writeInitial,
} from "@basin/samplers/internal";
import type { Lattice } from "../lattice/lattice.ts";
import { flipProbability, type SweepRule, threshold } from "../sweep/rules.ts";
import { isStaggered, type StartName } from "../sweep/start.ts";
import type { DeviceEngine, GpuMoves, GpuWalkers } from "./engine.ts";
import { classesOf, type Plan } from "./plan.ts";
import { pack, unpack } from "./twin.ts";

/** Sweeps that are submitted at once, so that the device never waits and never runs far ahead: about this many flips. */
const BATCH_FLIPS = 2 ** 34;
const MOST_SWEEPS = 1024;

/** One engine with a slot for each group. */
export class LatticeWalkers implements GpuWalkers {
  readonly count: number;
  readonly group = 1;
  readonly kernel: "webgpu" | "typescript";
  readonly can: GpuMoves = {
    magnetizations: (out) => this.#fetched("magnetizations", this.#magnetizations, out),
    takeUpdates: () => {
      const updates = this.#updates;
      this.#updates = 0;
      return updates;
    },
    fetch: (states) => this.#fetch(states),
    record: (steps, betas, energies, magnetizations) => this.#record(steps, betas, energies, magnetizations),
  };
  readonly #lattice: Lattice;
  readonly #plan: Plan;
  readonly #engine: DeviceEngine;
  readonly #rule: SweepRule;
  readonly #start: StartName;
  /** The slot of each group. */
  readonly #slots: number[];
  readonly #energies: Float64Array;
  readonly #magnetizations: Float64Array;
  readonly #classes: ReturnType<typeof classesOf>;
  readonly #thresholds: Uint32Array;
  /** β of each slot that the thresholds are of. */
  readonly #betas: Float64Array;
  /** Whether the totals here are those of the states on the device. */
  #current = false;
  /** States that are here, by slot. */
  readonly #states = new Map<number, { spins: Uint32Array; generators: Uint32Array }>();
  /** Sweeps of all slots that are not submitted yet. */
  #waiting = 0;
  #updates = 0;

  constructor(
    lattice: Lattice,
    plan: Plan,
    engine: DeviceEngine,
    {
      rule,
      start,
      kernel,
      groups,
    }: { rule: SweepRule; start: StartName; kernel: "webgpu" | "typescript"; groups: number },
  ) {
    this.#lattice = lattice;
    this.#plan = plan;
    this.#engine = engine;
    this.#rule = rule;
    this.#start = start;
    this.kernel = kernel;
    this.count = groups;
    this.#slots = Array.from({ length: groups }, (_, slot) => slot);
    this.#energies = new Float64Array(groups);
    this.#magnetizations = new Float64Array(groups);
    this.#classes = classesOf(plan.z, rule, lattice.field ?? 0);
    this.#thresholds = new Uint32Array(2 * groups * this.#classes.counts * this.#classes.signs);
    this.#betas = new Float64Array(groups).fill(Number.NaN);
  }

  start(streams: Streams, initial?: Initial<Int8Array>): void {
    for (let g = 0; g < this.count; g++) {
      const rng = streams(g);
      this.#slots[g] = g;
      this.#put(g, { spins: this.#startWords(rng.split(0)), generators: this.#seeds(rng.split(1)) });
    }
    this.#updates = 0;
    writeInitial(this, streams, initial);
  }

  /** Not by way of an array of spins, which would take eight times the memory of a large lattice. */
  #startWords(rng: Rng): Uint32Array {
    const { neighbors, size, bits } = this.#plan;
    const used = bits === 32 ? 0xffffffff : 2 ** bits - 1;
    const words = new Uint32Array(neighbors.length * size);
    if (this.#start === "random") for (let k = 0; k < words.length; k++) words[k] = rng.uint32() & used;
    else words.fill(used, 0, isStaggered(this.#lattice) ? size : words.length);
    return words;
  }

  #seeds(rng: Rng): Uint32Array {
    const { bands } = this.#plan;
    const lanes = new Uint32Array(16 * Math.ceil(bands / 4));
    seedLanes(lanes, 0, rng, 4 * Math.ceil(bands / 4));
    const words = new Uint32Array(4 * bands);
    for (let k = 0; k < words.length; k++) words[k] = lanes[16 * (k >> 4) + 4 * (k & 3) + ((k >> 2) & 3)];
    return words;
  }

  #put(slot: number, state: { spins: Uint32Array; generators: Uint32Array }): void {
    this.#engine.write(slot, state.spins);
    this.#engine.seed(slot, state.generators);
    this.#states.set(slot, state);
    this.#current = false;
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    this.#temper(inverseTemperatures, group);
    this.#current = false;
    this.#states.clear();
    this.#updates += steps * this.#lattice.variables * (group === undefined ? this.count : 1);
    if (group !== undefined) {
      this.#submit();
      this.#engine.sweep(this.#slots[group], 1, steps);
      return;
    }
    const batch = Math.min(
      MOST_SWEEPS,
      Math.max(1, Math.floor(BATCH_FLIPS / (this.#lattice.variables * this.count))),
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
    let changed = false;
    for (let g = from; g < to; g++) {
      const [beta, slot] = [groupTemperature(inverseTemperatures, g), this.#slots[g]];
      if (beta === this.#betas[slot]) continue;
      if (!changed) this.#submit();
      changed = true;
      this.#betas[slot] = beta;
      this.#limits(slot, beta);
    }
    if (changed) this.#engine.thresholds(this.#thresholds);
  }

  /** For u unsatisfied bonds of z, flipping changes the energy by 2 |J| (z − 2u), and by 2 h σ. */
  #limits(slot: number, beta: number): void {
    const { counts, signs } = this.#classes;
    const strength = Math.abs(this.#lattice.directions[0]);
    const each = counts * signs;
    for (let c = 0; c < each; c++) {
      const spin = signs === 1 ? 0 : c < counts ? -1 : 1;
      const delta = 2 * strength * (this.#plan.z - 2 * (c % counts)) + 2 * (this.#lattice.field ?? 0) * spin;
      const probability = flipProbability(this.#rule, delta, beta);
      const [high, low] = probability >= 1 ? [0xffffffff, 0xffffffff] : threshold(probability);
      this.#thresholds[2 * each * slot + c] = high;
      this.#thresholds[2 * each * slot + each + c] = low;
    }
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
    const { variables, field = 0, directions } = this.#lattice;
    const strength = Math.abs(directions[0]);
    const bonds = (variables * this.#plan.z) / 2;
    for (const [g, slot] of this.#slots.entries()) {
      const at = 2 * (k * this.count + slot);
      const magnetization = 2 * totals[at + 1] - variables;
      this.#magnetizations[g] = magnetization;
      const exchange = strength * (2 * totals[at] - bonds);
      this.#energies[g] = field === 0 ? exchange : exchange - field * magnetization;
    }
    this.#current = true;
  }

  async #record(
    steps: number,
    inverseTemperatures: number | ArrayLike<number>,
    energies: Float64Array,
    magnetizations: Float64Array,
  ): Promise<void> {
    const rounds = Math.floor(energies.length / this.count);
    checkLength("energies", energies.length, rounds * this.count);
    checkLength("magnetizations", magnetizations.length, energies.length);
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
          magnetizations[g * rounds + done] = this.#magnetizations[g];
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

  #state(group: number): { spins: Uint32Array; generators: Uint32Array } {
    const state = this.#states.get(this.#slots[group]);
    if (state === undefined) throw new CapabilityError(late("states", 'fetch("all")'));
    return state;
  }

  read(walker: number, out: Int8Array = new Int8Array(this.#lattice.variables)): Int8Array {
    return unpack(this.#plan, this.#state(walker).spins, out);
  }

  write(walker: number, spins: Int8Array): void {
    this.#lattice.space.check(spins, "state");
    const slot = this.#slots[walker];
    this.#submit();
    const words = pack(this.#plan, spins);
    this.#engine.write(slot, words);
    const known = this.#states.get(slot);
    if (known !== undefined) this.#states.set(slot, { spins: words, generators: known.generators });
    this.#current = false;
  }

  /** Groups keep their β and take over the slots. */
  exchange(a: number, b: number, chosen?: Uint8Array): void {
    if (chosen?.[0] === 0) return;
    for (const list of [this.#slots, this.#energies, this.#magnetizations])
      [list[a], list[b]] = [list[b], list[a]];
  }

  save(): WalkersState {
    const states = this.#slots.map((_, g) => this.#state(g));
    const bytes = (words: Uint32Array) => new Uint8Array(words.slice().buffer);
    return {
      bytes: states.flatMap(({ spins, generators }) => [bytes(spins), bytes(generators)]),
      numbers: [],
    };
  }

  restore({ bytes }: WalkersState): void {
    const { neighbors, size, bands } = this.#plan;
    const expected = [4 * neighbors.length * size, 16 * bands];
    if (bytes.length !== 2 * this.count || bytes.some((own, k) => own.length !== expected[k & 1]))
      throw new ArgumentError("the saved state is of other walkers");
    this.#waiting = 0;
    const words = (k: number) => new Uint32Array(bytes[k].slice().buffer);
    for (let g = 0; g < this.count; g++)
      this.#put(this.#slots[g], { spins: words(2 * g), generators: words(2 * g + 1) });
  }

  dispose(): void {
    this.#engine.dispose();
  }
}

function late(what: string, call: string): string {
  return `${what} of walkers on a device arrive late: await walkers.can.${call} before asking for them; loops that do not wait cannot use such walkers`;
}
