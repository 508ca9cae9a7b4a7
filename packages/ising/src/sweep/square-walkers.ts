import { CapabilityError } from "@basin/energy-core";
import { checkOptions, chooseKernel, seedTape } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { WalkersState } from "@basin/samplers/internal";
import { Lattice } from "../lattice/lattice.ts";
import type { SquareExports } from "./exports.ts";
import { restoreParts, saveParts } from "./memory-parts.ts";
import {
  type EngineOptions,
  type KernelReport,
  OneState,
  oneByOne,
  type SpinWalkerKernel,
} from "./one-state.ts";
import { flipProbability, type SweepRule, threshold } from "./rules.ts";
import { squareKernel } from "./square-kernel.ts";
import { fitsTiles, packSpins, shadeTiles, type TileLayout, tileLayout, unpackSpins } from "./tiles.ts";

/** Whether the bit-per-spin kernel can hold this model: a torus of sides that are multiples of 32, without a field. */
export function fitsSquareKernel(lattice: Lattice): boolean {
  if (!(lattice instanceof Lattice)) return false;
  const [rows, columns] = lattice.shape;
  return (
    lattice.lattice === "square" &&
    lattice.boundary === "periodic" &&
    lattice.field === 0 &&
    lattice.coupling !== undefined &&
    fitsTiles(rows, columns)
  );
}

/** Says that a kernel of lattices cannot take a model. */
export function misfit(name: string): string {
  return `the kernel "${name}" is made for lattices of another kind or size than this model; graph takes any`;
}

/** Options of the kernels of single-spin dynamics. */
export interface SweepOptions extends EngineOptions {
  /** Default "metropolis". */
  rule?: SweepRule;
}

/**
 * Returns single-spin dynamics of square tori with sides that are multiples of 32, one coupling and no field: 128 spins
 * in one instruction. A step is a sweep.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { createModel, square } from "@basin/ising";
 *
 * const walkers = await square().walkers(createModel("square", 32), { groups: 2, streams: (group) => createRng(1).split(group) });
 * walkers.step(20, [0.2, 0.6]);
 * console.log(walkers.energies(new Float64Array(2)), walkers.can.magnetizations(new Float64Array(2)));
 * ```
 */
export function square(options: SweepOptions = {}): SpinWalkerKernel<Lattice> {
  checkOptions("square", options, "rule start kernel");
  const { rule = "metropolis", start, kernel } = options;
  return oneByOne(rule, async (lattice) => {
    if (!fitsSquareKernel(lattice)) throw new CapabilityError(misfit("square"));
    const [rows, columns] = lattice.shape;
    const layout = tileLayout(rows, columns);
    const chosen = await chooseKernel(squareKernel(layout.bytes), kernel);
    const { exports, memory } = chosen.implementation;
    const words = new Uint32Array(memory.buffer, 0, layout.bytes >> 2);
    return new SquareWalker(lattice, { rule, start }, layout, exports, words, chosen);
  });
}

class SquareWalker extends OneState {
  readonly #layout: TileLayout;
  readonly #words: Uint32Array;
  /** Whether the second color is stored inverted. */
  readonly #staggered: boolean;
  readonly #rule: SweepRule;
  readonly #strength: number;
  readonly #exports: SquareExports;
  #beta = Number.NaN;
  #thresholds: readonly [aHigh: number, aLow: number, bHigh: number, bLow: number] = [0, 0, 0, 0];

  constructor(
    lattice: Lattice,
    { rule, start }: SweepOptions & { rule: SweepRule },
    layout: TileLayout,
    exports: SquareExports,
    words: Uint32Array,
    chosen: KernelReport,
  ) {
    super(lattice, chosen, start);
    const { coupling = 1 } = lattice;
    this.#layout = layout;
    this.#words = words;
    this.#staggered = coupling < 0;
    this.can.shades = (side, out) => shadeTiles(words, layout, coupling < 0, side, out);
    this.#rule = rule;
    this.#strength = Math.abs(coupling);
    this.#exports = exports;
  }

  protected seed(rng: Rng): void {
    seedTape(this.#words, rng);
  }

  /** All up, and the antiferromagnet staggered: no array of spins is needed. */
  protected override order(): void {
    const { first, second, width, height } = this.#layout;
    for (const color of [first, second])
      this.#words.fill(0xffffffff, color >> 2, (color >> 2) + 4 * width * height);
  }

  protected sweep(count: number, inverseTemperature: number): void {
    const { first, second, width, height, rows, columns } = this.#layout;
    if (inverseTemperature !== this.#beta) {
      const event = (unlike: number) =>
        threshold(flipProbability(this.#rule, unlike * this.#strength, inverseTemperature));
      this.#thresholds = [...event(4), ...event(8)];
      this.#beta = inverseTemperature;
    }
    const [aHigh, aLow, bHigh, bLow] = this.#thresholds;
    const sweep = this.#rule === "metropolis" ? this.#exports.metropolis : this.#exports.heatBath;
    sweep(first, second, width, height, 1, aHigh, aLow, bHigh, bLow, 0, count);
    this.updates += count * rows * columns;
  }

  protected magnetization(): number {
    const { first, second, width, height } = this.#layout;
    const sites = 128 * width * height;
    const even = 2 * this.#exports.setBits(first, width, height) - sites;
    const odd = 2 * this.#exports.setBits(second, width, height) - sites;
    return this.#staggered ? even - odd : even + odd;
  }

  protected energy(): number {
    const { first, second, width, height, rows, columns } = this.#layout;
    const unlike = this.#exports.unlikeBonds(first, second, width, height, 1);
    return this.#strength * (2 * unlike - 2 * rows * columns);
  }

  protected spins(out: Int8Array): Int8Array {
    return unpackSpins(this.#words, this.#layout, this.#staggered, out);
  }

  protected load(spins: ArrayLike<number>): void {
    packSpins(this.#words, this.#layout, spins, this.#staggered);
  }

  save(): WalkersState {
    return { bytes: saveParts(this.#words.buffer as ArrayBuffer, [[0, this.#layout.bytes]]), numbers: [] };
  }

  restore(state: WalkersState): void {
    restoreParts(this.#words.buffer as ArrayBuffer, [[0, this.#layout.bytes]], state);
  }
}
