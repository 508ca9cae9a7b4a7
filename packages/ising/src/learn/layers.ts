import { ArgumentError, CapabilityError } from "@basin/energy-core";
import { checkOptions, type KernelName, type KernelOption } from "@basin/energy-core/internal";
import { log } from "@basin/energy-core/random";
import type { WalkerKernel, Walkers } from "@basin/samplers";
import {
  groupsOf,
  groupTemperature,
  type Initial,
  type Streams,
  type WalkerMoves,
  type WalkersState,
  writeInitial,
} from "@basin/samplers/internal";
import type { LayeredEnergy } from "./block-gibbs.ts";
import { type Layer, layerFrom } from "./engine-memory.ts";
import { Phases } from "./phases.ts";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";
import { logTwo } from "./rbm-cursor.ts";

/** Options of {@link layers}. */
export interface LayersOptions {
  /** Walkers of a group, which share a β and a stream. Default 1. */
  group?: number;
  /**
   * Log-odds b⁰ of the visible units at β = 0, where walkers start. With a base close to the data, a short path
   * suffices. Default 0.
   */
  base?: ArrayLike<number>;
  /** Which implementation runs; both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/**
 * Returns block Gibbs sampling of many states of a restricted Boltzmann machine at once in the compiled kernel: a step
 * draws all hidden units given the visible ones, then all visible ones given the hidden. At β, the invariant law is
 * that of the visible units under the energy of both layers times β, p_β(v) ∝ exp((1 − β) b⁰·v + β b·v) Π_j (1 + exp(β
 * (c_j + Σ_i W_ij v_i))) over bits, It is exp(−F(v)) at β = 1 and that of independent bits at 0, and not a power of
 * either in between. Tempering, annealed importance sampling and sequential Monte Carlo use its ratios. Parameters are
 * read when walkers are made, and are 32-bit floats in the kernel. Energies are F(v), in 64 bits.
 *
 * @example
 * ```ts
 * import { layers, restrictedBoltzmannMachine } from "@basin/ising/learn";
 * import { temper } from "@basin/samplers/temper";
 *
 * const machine = restrictedBoltzmannMachine({ visible: 6, hidden: 4, weightScale: 2, seed: 0 });
 * const { rejections } = await temper(machine, layers(), { seed: 1, inverseTemperatures: [0, 0.5, 1], warmup: 10, draws: 100 });
 * console.log(rejections);
 * ```
 *
 * @throws {CapabilityError} where walkers are made, for any other energy.
 * @throws {ArgumentError} there, for a base that does not fit.
 */
export function layers(options: LayersOptions = {}): WalkerKernel<LayeredEnergy, Int8Array, LayerWalkers> {
  checkOptions("layers", options, "group base kernel");
  const { group = 1, base, kernel } = options;
  return {
    name: "layers",
    group,
    walkers({ can }, options) {
      checkOptions("walkers", options, "groups streams initial");
      const { groups = 1, streams, initial } = options;
      if (can.layers === undefined) {
        throw new CapabilityError("block Gibbs sampling needs the layers of a restricted Boltzmann machine");
      }
      const walkers = new LayerWalkers(can.layers.machine(), groups, { group, base, kernel });
      walkers.start(streams, initial);
      return walkers;
    },
  };
}

/** Visible states of a machine in the memory of its kernel, the hidden ones beside. */
export class LayerWalkers implements Walkers<Int8Array, Pick<WalkerMoves, "addLogRatios">> {
  readonly count: number;
  readonly group: number;
  readonly kernel: KernelName;
  readonly can = {
    addLogRatios: (out: Float64Array, from: number, to: number, group?: number) =>
      this.#addLogRatios(out, from, to, group),
  };
  readonly #machine: RestrictedBoltzmannMachine;
  readonly #phases: Phases;
  readonly #visible: Layer;
  readonly #hidden: Layer;
  readonly #base: Float64Array;
  readonly #bias: Float32Array;
  /** b − b⁰. */
  readonly #pull: Float64Array;
  /** What log p_β gains with β beside the fields, so that Σ_v p_0(v) is the number of states and p_1 = exp(−F). */
  readonly #slope: number;
  /** By group, whether the hidden fields of its states stand in the hidden values. */
  readonly #ready: Uint8Array;
  /** β that the kernel's offsets belong to. */
  #offsetBeta = Number.NaN;

  constructor(
    machine: RestrictedBoltzmannMachine,
    groups: number,
    { group = 1, base, kernel }: LayersOptions,
  ) {
    const { visible, hidden } = machine;
    this.group = group;
    this.count = groups * group;
    this.#machine = machine;
    this.#ready = new Uint8Array(groups);
    this.#base = Float64Array.from(base ?? new Float64Array(visible));
    if (this.#base.length !== visible || !this.#base.every(Number.isFinite)) {
      throw new ArgumentError(`base must hold ${visible} finite numbers, got ${this.#base.length}`);
    }
    this.#phases = new Phases(machine, this.count, kernel, groups);
    const { engine } = this.#phases;
    this.kernel = engine.kernel;
    // The fields of visible units are needed with and without their bias: it is kept here, and enters as an offset.
    this.#bias = engine.visibleBias.slice(0, visible);
    engine.visibleBias.fill(0);
    this.#pull = Float64Array.from(this.#bias, (bias, i) => bias - this.#base[i]);
    [this.#visible, this.#hidden] = this.#phases.layers(1);
    const start = this.#base.reduce((sum, field) => sum + logTwo(field, 0), 0);
    this.#slope = (hidden - visible) * Math.LN2 + start - offsetOfBits(machine);
  }

  start(streams: Streams, initial?: Initial<Int8Array>): void {
    const { engine } = this.#phases;
    const v = this.#visible;
    for (let w = 0; w < this.count; w++) engine.row(v, w).fill(0);
    this.#offset(0);
    engine.squash(v, this.count, 0);
    for (let g = 0; g < this.#ready.length; g++) {
      engine.seed(streams(g), g);
      engine.draw(this.#part(v, g), this.group, g);
    }
    this.#ready.fill(0);
    writeInitial(this, streams, initial);
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    const [from, to] = groupsOf(this, group);
    const { engine } = this.#phases;
    const [v, h] = [this.#visible, this.#hidden].map((layer) => this.#part(layer, from));
    const samples = (to - from) * this.group;
    for (let k = 0; k < steps; k++) {
      this.#readyFields(v, h, from, to);
      this.#draw(h, from, to, inverseTemperatures);
      engine.visibleFields(h, v, samples);
      this.#draw(v, from, to, inverseTemperatures);
      this.#ready.fill(0, from, to);
    }
  }

  /** Has the hidden fields of some groups stand in their values: a step and the ratios before it share them. */
  #readyFields(v: Layer, h: Layer, from: number, to: number): void {
    if (this.#ready.subarray(from, to).every((ready) => ready === 1)) return;
    this.#phases.engine.hiddenFields(v, h, (to - from) * this.group);
    this.#ready.fill(1, from, to);
  }

  /** Draws a layer of some groups from the fields in its values; all at once as far as one β is that of all. */
  #draw(layer: Layer, from: number, to: number, inverseTemperatures: number | ArrayLike<number>): void {
    const { engine } = this.#phases;
    const alike = typeof inverseTemperatures === "number";
    const visible = layer.offset === this.#visible.offset;
    for (let g = from; g < to; g++) {
      const part = layerFrom(layer, (g - from) * this.group);
      if (g === from || !alike) {
        const beta = groupTemperature(inverseTemperatures, g);
        if (visible) this.#offset(beta);
        engine.squash(part, (alike ? to - from : 1) * this.group, beta);
      }
      engine.draw(part, this.group, g);
    }
  }

  energies(out: Float64Array, group?: number): Float64Array {
    const [from, to] = groupsOf(this, group);
    for (let w = from * this.group; w < to * this.group; w++) out[w] = this.#machine.energy(this.read(w));
    return out;
  }

  read(walker: number, out: Int8Array = new Int8Array(this.#machine.visible)): Int8Array {
    out.fill(-1);
    for (const i of this.#list(walker)) out[i] = 1;
    return out;
  }

  write(walker: number, state: Int8Array): void {
    this.#machine.space.check(state, "state");
    const on = Array.from(state.keys()).filter((i) => state[i] > 0);
    this.#place(walker, on);
  }

  exchange(a: number, b: number, chosen?: Uint8Array): void {
    for (let r = 0; r < this.group; r++) {
      if (chosen?.[r] === 0) continue;
      const [first, second] = [a * this.group + r, b * this.group + r];
      const list = this.#list(first).slice();
      this.#place(first, this.#list(second));
      this.#place(second, list);
    }
  }

  save(): WalkersState {
    const { lanes, on } = this.#phases.engine.save(this.#visible, this.count);
    return { bytes: [lanes, ...on].map((part) => new Uint8Array(part.buffer)), numbers: [] };
  }

  restore({ bytes }: WalkersState): void {
    const { engine } = this.#phases;
    const [lanes, ...on] = bytes;
    if (lanes?.length !== engine.rngs.byteLength || on.length !== this.count)
      throw new ArgumentError("the saved state is of other walkers");
    engine.rngs.set(new Uint32Array(lanes.slice().buffer));
    for (const [w, list] of on.entries()) this.#place(w, new Uint16Array(list.slice().buffer));
  }

  dispose(): void {}

  #addLogRatios(out: Float64Array, before: number, after: number, group?: number): void {
    const { engine } = this.#phases;
    const { chunks } = engine;
    const [from, to] = groupsOf(this, group);
    const [v, h] = [this.#visible, this.#hidden].map((layer) => this.#part(layer, from));
    const samples = (to - from) * this.group;
    this.#readyFields(v, h, from, to);
    const [sums, products] = engine.ratios(h, samples, before, after);
    // The kernel's coefficients are 32-bit floats; the same ones here keep the parts of the weight consistent.
    const step = Math.fround(after) - Math.fround(before);
    const pulls = engine.sums(v, samples, this.#pull);
    for (let s = 0, w = from * this.group; s < samples; s++, w++) {
      out[w] += step * (sums[s] + this.#slope + pulls[s]);
      for (let chunk = 0; chunk < chunks; chunk++) out[w] += log(products[s * chunks + chunk]);
    }
  }

  #offset(beta: number): void {
    if (beta === this.#offsetBeta) return;
    this.#offsetBeta = beta;
    const { visibleOffset } = this.#phases.engine;
    const share = Math.fround(beta);
    for (let i = 0; i < this.#bias.length; i++) {
      visibleOffset[i] = share * this.#bias[i] + (1 - share) * this.#base[i];
    }
  }

  #part(layer: Layer, group: number): Layer {
    return layerFrom(layer, group * this.group);
  }

  #list(walker: number): Uint16Array {
    return this.#phases.engine.list(this.#visible, walker);
  }

  #place(walker: number, on: ArrayLike<number>): void {
    this.#phases.engine.place(this.#visible, walker, on);
    this.#ready[Math.floor(walker / this.group)] = 0;
  }
}

/** What the energy of a machine has beside that of the machine of bits with the same law. */
function offsetOfBits({ encoding, weights, visibleBias, hiddenBias }: RestrictedBoltzmannMachine): number {
  if (encoding === "bits") return 0;
  // E over spins is that over bits plus Σb + Σc − ΣW.
  let offset = 0;
  for (const bias of [visibleBias, hiddenBias]) for (const value of bias) offset += value;
  for (const weight of weights) offset -= weight;
  return offset;
}
