import { seedTape } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { chooseKernel, type KernelName, type KernelOption } from "@basin/energy-core/wasm";
import type { Lattice } from "../lattice/lattice.ts";
import { type Dynamics, type DynamicsState, restoreParts, saveParts } from "./dynamics.ts";
import type { SquareExports } from "./exports.ts";
import { flipProbability, type SweepRule, threshold } from "./rules.ts";
import { squareKernel } from "./square-kernel.ts";
import { fitsTiles, packSpins, type TileLayout, tileLayout, unpackSpins } from "./tiles.ts";

/** Whether the bit-per-spin kernel knows this model: a torus of sides that are multiples of 32, without a field. */
export function fitsSquareKernel(lattice: Lattice): boolean {
  const [rows, columns] = lattice.shape;
  return (
    lattice.lattice === "square" &&
    lattice.boundary === "periodic" &&
    lattice.field === 0 &&
    lattice.coupling !== undefined &&
    fitsTiles(rows, columns)
  );
}

/** Options of {@link squareDynamics}. */
export interface SquareDynamicsOptions {
  readonly rule: SweepRule;
  readonly rng: Rng;
  readonly kernel?: KernelOption;
}

/** Single-spin dynamics, 128 spins an instruction. */
export interface SquareDynamics extends Dynamics {
  readonly kernel: KernelName;
  readonly fallback?: string;
  readonly layout: TileLayout;
  /** The kernel's memory: spins, random tape and generators, all that a checkpoint needs. */
  readonly words: Uint32Array;
  /** Whether the second color is stored inverted. */
  readonly staggered: boolean;
  /** Replaces the spins. */
  load(spins: ArrayLike<number>): void;
}

/** Resolves to the dynamics of a lattice that {@link fitsSquareKernel}, all spins up (antiferromagnet: staggered). */
export async function squareDynamics(
  lattice: Lattice,
  options: SquareDynamicsOptions,
): Promise<SquareDynamics> {
  const [rows, columns] = lattice.shape;
  const { coupling = 1 } = lattice;
  const layout = tileLayout(rows, columns);
  const chosen = await chooseKernel(squareKernel(layout.bytes), options.kernel);
  const { exports, memory } = chosen.implementation;
  const words = new Uint32Array(memory.buffer, 0, layout.bytes >> 2);
  seedTape(words, options.rng);
  return new PackedSquare(coupling, options.rule, layout, exports, words, chosen.kernel, chosen.fallback);
}

class PackedSquare implements SquareDynamics {
  readonly kernel: KernelName;
  readonly fallback?: string;
  readonly layout: TileLayout;
  readonly words: Uint32Array;
  readonly staggered: boolean;
  readonly #rule: SweepRule;
  readonly #strength: number;
  readonly #exports: SquareExports;
  #updates = 0;

  constructor(
    coupling: number,
    rule: SweepRule,
    layout: TileLayout,
    exports: SquareExports,
    words: Uint32Array,
    kernel: KernelName,
    fallback: string | undefined,
  ) {
    this.kernel = kernel;
    if (fallback !== undefined) this.fallback = fallback;
    this.layout = layout;
    this.words = words;
    this.staggered = coupling < 0;
    this.#rule = rule;
    this.#strength = Math.abs(coupling);
    this.#exports = exports;
    for (const color of [layout.first, layout.second]) {
      words.fill(0xffffffff, color >> 2, (color >> 2) + 4 * layout.width * layout.height);
    }
  }

  sweep(count: number, inverseTemperature: number): void {
    const { first, second, width, height, rows, columns } = this.layout;
    const event = (unlike: number) =>
      threshold(flipProbability(this.#rule, unlike * this.#strength, inverseTemperature));
    const [aHigh, aLow] = event(4);
    const [bHigh, bLow] = event(8);
    const sweep = this.#rule === "metropolis" ? this.#exports.metropolis : this.#exports.heatBath;
    sweep(first, second, width, height, 1, aHigh, aLow, bHigh, bLow, 0, count);
    this.#updates += count * rows * columns;
  }

  magnetization(): number {
    const { first, second, width, height } = this.layout;
    const sites = 128 * width * height;
    const even = 2 * this.#exports.setBits(first, width, height) - sites;
    const odd = 2 * this.#exports.setBits(second, width, height) - sites;
    return this.staggered ? even - odd : even + odd;
  }

  energy(): number {
    const { first, second, width, height, rows, columns } = this.layout;
    const unlike = this.#exports.unlikeBonds(first, second, width, height, 1);
    return this.#strength * (2 * unlike - 2 * rows * columns);
  }

  spins(out: Int8Array): Int8Array {
    return unpackSpins(this.words, this.layout, this.staggered, out);
  }

  load(spins: ArrayLike<number>): void {
    packSpins(this.words, this.layout, spins, this.staggered);
  }

  takeUpdates(): number {
    const updates = this.#updates;
    this.#updates = 0;
    return updates;
  }

  save(): DynamicsState {
    return { bytes: saveParts(this.words.buffer as ArrayBuffer, [[0, this.layout.bytes]]), numbers: [] };
  }

  restore(state: DynamicsState): void {
    restoreParts(this.words.buffer as ArrayBuffer, [[0, this.layout.bytes]], state);
  }
}
