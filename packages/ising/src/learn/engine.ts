import { CostError } from "@basin/energy-core";
import {
  type KernelName,
  type KernelOption,
  placeKernel,
  seedLanes,
  wasmModule,
} from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { wasm } from "../wasm/machine.generated.ts";
import { type EngineSize, GENERATOR, type Layer, memoryOf } from "./engine-memory.ts";
import type { MachineExports } from "./exports.ts";
import { machineTwin } from "./machine-twin.ts";

const MODULE = wasmModule<MachineExports>(wasm);
/** A unit that is only padding: its probability is 0 whatever its field. */
const NEVER = -1e30;
/** What a kernel goes on from: its generator, and who is on in every sample of a layer. */
export interface EngineState {
  readonly lanes: Uint32Array;
  readonly on: readonly Uint16Array[];
}

/**
 * The kernel of restricted Boltzmann machines over bits with its memory: weights both ways round, and two batches, one
 * for the data and one for the model's own states.
 */
export class Engine {
  readonly kernel: KernelName;
  readonly size: EngineSize;
  readonly visible: readonly [Layer, Layer];
  readonly hidden: readonly [Layer, Layer];
  /** W, row-major [visible, `hiddenWidth`], live. After writing into it call {@link refresh}. */
  readonly weights: Float32Array;
  readonly velocity: Float32Array;
  readonly average: Float32Array;
  readonly visibleBias: Float32Array;
  readonly hiddenBias: Float32Array;
  /** Added to scaled fields before they become probabilities, live; padding units never fire. */
  readonly visibleOffset: Float32Array;
  readonly hiddenWidth: number;
  readonly visibleWidth: number;
  /** Products a sample in {@link ratios}, one for 256 hidden units each. */
  readonly chunks: number;
  readonly #exports: MachineExports;
  readonly #buffer: ArrayBuffer;
  readonly #at: ReturnType<typeof memoryOf>;

  constructor(size: EngineSize, option: KernelOption = "auto") {
    const { visible, hidden } = size;
    if (visible > 65535 || hidden > 65535) {
      throw new CostError(
        `a machine of ${visible} and ${hidden} units is beyond the 65535 a layer that the kernel addresses`,
      );
    }
    this.size = size;
    this.#at = memoryOf(size);
    this.visibleWidth = this.#at.visibleWidth;
    this.hiddenWidth = this.#at.hiddenWidth;
    this.chunks = this.#at.chunks;
    this.visible = this.#at.visible;
    this.hidden = this.#at.hidden;
    const { exports, buffer, kernel } = placeKernel(MODULE, machineTwin, this.#at.bytes, option);
    this.#exports = exports;
    this.#buffer = buffer;
    this.kernel = kernel;
    const view = (at: number, length: number) => new Float32Array(buffer, at, length);
    this.weights = view(this.#at.w, visible * this.hiddenWidth);
    this.velocity = view(this.#at.velocity, visible * this.hiddenWidth);
    this.average = view(this.#at.average, visible * this.hiddenWidth);
    this.visibleBias = view(this.#at.visibleBias, this.visibleWidth);
    this.hiddenBias = view(this.#at.hiddenBias, this.hiddenWidth);
    this.visibleOffset = view(this.#at.visibleOffset, this.visibleWidth);
    this.visibleOffset.fill(NEVER, visible);
    view(this.#at.hiddenOffset, this.hiddenWidth).fill(NEVER, hidden);
  }

  /** Seeds the four lanes of a generator from a stream. */
  seed(rng: Rng, generator = 0): void {
    seedLanes(this.rngs, (generator * GENERATOR) / 4, rng, 4);
  }

  /** Brings the transposed weights up to date. */
  refresh(): void {
    const { visible, hidden } = this.size;
    const rows = 4 * Math.ceil(visible / 4);
    const columns = 4 * Math.ceil(hidden / 4);
    this.#exports.transpose(this.#at.w, this.#at.wt, rows, columns, this.hiddenWidth, this.visibleWidth);
  }

  /** Writes hidden fields c + vW into `to.values` for the visible lists of `from`. */
  hiddenFields(from: Layer, to: Layer, samples: number): void {
    const { w, hiddenBias } = this.#at;
    this.#exports.fields(w, hiddenBias, from.lists, from.counts, to.values, samples, from.units, to.width);
  }

  /** Writes visible fields b + Wh into `to.values` for the hidden lists of `from`. */
  visibleFields(from: Layer, to: Layer, samples: number): void {
    const { wt, visibleBias } = this.#at;
    this.#exports.fields(wt, visibleBias, from.lists, from.counts, to.values, samples, from.units, to.width);
  }

  /** Replaces fields by probabilities σ(scale · field + offset). */
  squash(layer: Layer, samples: number, scale = 1): void {
    this.#exports.squash(layer.values, layer.offset, samples, layer.width, scale);
  }

  /** Draws every unit of a layer from the probabilities in its values. */
  draw(layer: Layer, samples: number, generator = 0): void {
    this.#exports.draw(
      layer.values,
      layer.lists,
      layer.counts,
      this.#at.rng + GENERATOR * generator,
      samples,
      layer.units,
      layer.units,
      layer.width,
    );
  }

  /** Lists the samples of each unit of a layer. */
  invert(layer: Layer, samples: number): void {
    const { lists, counts, byUnit, unitCounts, units } = layer;
    this.#exports.invert(lists, counts, byUnit, unitCounts, samples, units, units, this.size.samples);
  }

  /**
   * One step of the weights up the likelihood: positives in the first batch, negatives in the second, both inverted.
   */
  ascend(up: number, down: number, momentum: number, rate: number, decay: number): void {
    const [[v, w], [h, g]] = [this.visible, this.hidden];
    const { samples, visible } = this.size;
    this.#exports.ascend(
      this.#at.w,
      this.#at.velocity,
      visible,
      this.hiddenWidth,
      h.values,
      v.byUnit,
      v.unitCounts,
      samples,
      up,
      g.values,
      w.byUnit,
      w.unitCounts,
      samples,
      down,
      momentum,
      rate,
      decay,
    );
  }

  /** average ← average + rate (weights − average). */
  follow(rate: number): void {
    const vectors = (this.size.visible * this.hiddenWidth) / 4;
    this.#exports.follow(this.#at.average, this.#at.w, vectors, rate);
  }

  /** Returns views on the parts that {@link logRatios} is made of, for the hidden fields in `layer`. */
  ratios(layer: Layer, samples: number, before: number, after: number): [Float64Array, Float64Array] {
    const { sums, products } = this.#at;
    const { hidden } = this.size;
    this.#exports.ratios(layer.values, sums, products, samples, hidden, layer.width, before, after);
    return [
      new Float64Array(this.#buffer, sums, samples),
      new Float64Array(this.#buffer, products, samples * this.chunks),
    ];
  }

  /** A view on the values of one sample of a layer. */
  row(layer: Layer, sample: number): Float32Array {
    return new Float32Array(this.#buffer, layer.values + 4 * sample * layer.width, layer.width);
  }

  /** A view on who is on in one sample of a layer. */
  list(layer: Layer, sample: number): Uint16Array {
    return new Uint16Array(this.#buffer, layer.lists + 2 * sample * layer.units, this.counts(layer)[sample]);
  }

  /** Returns, for each sample of a layer, the sum of `values` over the units that are on. */
  sums(layer: Layer, samples: number, values: Float64Array): Float64Array {
    const { units } = layer;
    const counts = this.counts(layer);
    const lists = new Uint16Array(this.#buffer, layer.lists, samples * units);
    return Float64Array.from({ length: samples }, (_, s) => {
      let sum = 0;
      for (let at = s * units, end = at + counts[s]; at < end; at++) sum += values[lists[at]];
      return sum;
    });
  }

  /** Puts a state into a layer: the units of `sample` that are on, in ascending order. */
  place(layer: Layer, sample: number, on: ArrayLike<number>): void {
    new Uint16Array(this.#buffer, layer.lists + 2 * sample * layer.units, layer.units).set(on);
    this.counts(layer)[sample] = on.length;
  }

  /** Returns the generator's state and copies of the states of a layer. */
  save(layer: Layer, samples: number): EngineState {
    const on = Array.from({ length: samples }, (_, s) => this.list(layer, s).slice());
    return { lanes: this.rngs.slice(), on };
  }

  restore(layer: Layer, { lanes, on }: EngineState): void {
    this.rngs.set(lanes);
    for (const [s, units] of on.entries()) this.place(layer, s, units);
  }

  /** How many units of each sample are on. */
  counts(layer: Layer): Uint32Array {
    return new Uint32Array(this.#buffer, layer.counts, this.size.samples);
  }

  /** In how many samples each unit is on, after {@link invert}. */
  unitCounts(layer: Layer): Uint32Array {
    return new Uint32Array(this.#buffer, layer.unitCounts, layer.units);
  }

  /** The states of all generators, live. */
  get rngs(): Uint32Array {
    return new Uint32Array(this.#buffer, this.#at.rng, (GENERATOR / 4) * (this.size.generators ?? 1));
  }
}
