import { seedTape } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { chooseKernel, type KernelName, type KernelOption } from "@basin/energy-core/wasm";
import { geometries } from "../lattice/geometry.ts";
import type { Lattice } from "../lattice/lattice.ts";
import { type Dynamics, type DynamicsState, restoreParts, saveParts } from "../sweep/dynamics.ts";
import { flipProbability, type SweepRule, threshold } from "../sweep/rules.ts";
import { TAPE_BLOCK } from "../sweep/tiles.ts";
import type { PackedExports } from "./exports.ts";
import {
  eachSite,
  fitsPacked,
  type PackedAddresses,
  type PackedLayout,
  packedAddresses,
  packedLayout,
  ROUNDS,
  slotOf,
  writeLayout,
} from "./layout.ts";
import { packedKernel } from "./packed-kernel.ts";

/**
 * Whether the packed kernel knows this model: a torus that can be cut into 128 even tiles (sides of a plane lattice multiples of 16
 * and 32, of a cubic one of 8, 8 and 16), couplings of one size and any signs, one field.
 */
export function fitsPackedKernel(lattice: Lattice): boolean {
  const [first, ...others] = lattice.directions;
  return (
    lattice.boundary === "periodic" &&
    lattice.field !== undefined &&
    lattice.disorder !== "gaussian" &&
    others.every((J) => Math.abs(J) === Math.abs(first)) &&
    fitsPacked(lattice.lattice, lattice.shape)
  );
}

/** Options of {@link packedDynamics}. */
export interface PackedDynamicsOptions {
  readonly rule: SweepRule;
  readonly rng: Rng;
  readonly kernel?: KernelOption;
}

/** Single-spin dynamics, 128 spins an instruction. */
export interface PackedDynamics extends Dynamics {
  readonly kernel: KernelName;
  readonly fallback?: string;
  load(spins: ArrayLike<number>): void;
}

/** Resolves to the dynamics of a lattice that {@link fitsPackedKernel}, all spins up. */
export async function packedDynamics(
  lattice: Lattice,
  options: PackedDynamicsOptions,
): Promise<PackedDynamics> {
  const layout = packedLayout(lattice.lattice, lattice.shape);
  const alike = lattice.coupling !== undefined;
  const addresses = packedAddresses(layout, !alike);
  const chosen = await chooseKernel(packedKernel(addresses.bytes), options.kernel);
  const { exports, memory } = chosen.implementation;
  const words = new Uint32Array(memory.buffer, 0, addresses.bytes >>> 2);
  seedTape(words, options.rng);
  writeLayout(words, layout, addresses);
  words.fill(0xffffffff, addresses.spins >>> 2, (addresses.spins >>> 2) + 4 * layout.vectors);
  if (!alike) writeSigns(words, layout, addresses, lattice);
  return new Packed(lattice, options.rule, layout, addresses, exports, words, chosen);
}

/** Writes a set bit for each negative bond, at both of its ends. */
function writeSigns(words: Uint32Array, layout: PackedLayout, at: PackedAddresses, lattice: Lattice): void {
  const { z, vectorOf } = layout;
  const mark = (site: number, slot: number) => {
    const { vector, lane } = place(layout, site);
    words[(at.signs >>> 2) + 4 * (z * vectorOf[vector] + slot) + (lane >> 5)] |= 1 << (lane & 31);
  };
  for (const { edge, step } of lattice.bonds()) {
    if (edge[2] >= 0) continue;
    mark(edge[0], slotOf(lattice.lattice, step, false));
    mark(edge[1], slotOf(lattice.lattice, step, true));
  }
}

/** Returns the site of the tile, and the tile, in which a site lies. */
export function place(layout: PackedLayout, site: number): { vector: number; lane: number } {
  const { shape, tile, tiles } = layout;
  let vector = 0;
  let lane = 0;
  let rest = site;
  let tileStride = 1;
  let laneStride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const x = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
    vector += tileStride * (x % tile[axis]);
    lane += laneStride * Math.floor(x / tile[axis]);
    tileStride *= tile[axis];
    laneStride *= tiles[axis];
  }
  return { vector, lane };
}

/** What the kernel does with the classes of spins: see assembly/packed.ts. */
export type PackedMode = 0 | 1 | 2;

/** Returns which mode serves a rule; with all ΔE ≤ 0 accepted alike, Metropolis needs fewer classes. */
export function packedMode(rule: SweepRule, field: number): PackedMode {
  return field !== 0 ? 2 : rule === "metropolis" ? 0 : 1;
}

/**
 * Writes each class's probability to flip as {@link ROUNDS} bits, a vector of ones or zeros each: for u unsatisfied bonds of z
 * flipping changes the energy by 2 |J| (z − 2u), and by 2 h σ.
 */
export function writeRounds(
  words: Uint32Array,
  address: number,
  z: number,
  mode: PackedMode,
  probability: (delta: number) => number,
  { strength, field }: { strength: number; field: number },
): void {
  const classes = mode === 0 ? (z === 6 ? 4 : 3) : z + 1;
  const signs = mode === 2 ? [-1, 1] : [0];
  const each = classes * signs.length;
  for (const [s, sign] of signs.entries()) {
    for (let u = 0; u < classes; u++) {
      const p = probability(2 * strength * (z - 2 * u) + 2 * field * sign);
      const bits = p >= 1 ? [0xffffffff, 0xffffffff] : threshold(p);
      for (let round = 0; round < ROUNDS; round++) {
        const bit = (bits[round >> 5] >>> (31 - (round & 31))) & 1;
        const at = (address >>> 2) + 4 * (each * round + s * classes + u);
        words.fill(bit === 1 ? 0xffffffff : 0, at, at + 4);
      }
    }
  }
}

class Packed implements PackedDynamics {
  readonly kernel: KernelName;
  readonly fallback?: string;
  readonly #layout: PackedLayout;
  readonly #at: PackedAddresses;
  readonly #exports: PackedExports;
  readonly #words: Uint32Array;
  readonly #rule: SweepRule;
  readonly #mode: PackedMode;
  readonly #strength: number;
  readonly #field: number;
  readonly #negative: number;
  readonly #bonds: number;
  #beta = Number.NaN;
  #updates = 0;

  constructor(
    lattice: Lattice,
    rule: SweepRule,
    layout: PackedLayout,
    at: PackedAddresses,
    exports: PackedExports,
    words: Uint32Array,
    { kernel, fallback }: { kernel: KernelName; fallback?: string },
  ) {
    this.kernel = kernel;
    if (fallback !== undefined) this.fallback = fallback;
    this.#layout = layout;
    this.#at = at;
    this.#exports = exports;
    this.#words = words;
    this.#rule = rule;
    this.#field = lattice.field ?? 0;
    this.#mode = packedMode(rule, this.#field);
    this.#strength = Math.abs(lattice.directions[0]);
    this.#negative = (lattice.coupling ?? 1) < 0 ? -1 : 0;
    this.#bonds = (lattice.variables * layout.z) / 2;
  }

  sweep(count: number, inverseTemperature: number): void {
    const { z, moves } = this.#layout;
    const { rounds, colors } = this.#at;
    if (inverseTemperature !== this.#beta) {
      const probability = (delta: number) => flipProbability(this.#rule, delta, inverseTemperature);
      writeRounds(this.#words, rounds, z, this.#mode, probability, {
        strength: this.#strength,
        field: this.#field,
      });
      this.#beta = inverseTemperature;
    }
    this.#exports.sweepPacked(z, this.#mode, colors, moves.length, this.#negative, rounds, 0, count);
    this.#updates += 2 * (this.#bonds / z) * count;
  }

  magnetization(): number {
    const { vectors } = this.#layout;
    return 2 * this.#exports.upSpins(this.#at.spins, vectors) - 128 * vectors;
  }

  energy(): number {
    const { z, moves, lattice } = this.#layout;
    // Where neighbors have two colors the first one's spins see every bond; elsewhere each spin's own half.
    const [bonds, colors] = geometries[lattice].bipartite ? [z, 1] : [z / 2, moves.length];
    const broken = this.#exports.unsatisfiedBonds(z, bonds, this.#at.colors, colors, this.#negative);
    const exchange = this.#strength * (2 * broken - this.#bonds);
    return this.#field === 0 ? exchange : exchange - this.#field * this.magnetization();
  }

  spins(out: Int8Array): Int8Array {
    this.#eachSite((site, word, bit) => {
      out[site] = (this.#words[word] >>> bit) & 1 ? 1 : -1;
    });
    return out;
  }

  load(spins: ArrayLike<number>): void {
    const from = this.#at.spins >>> 2;
    this.#words.fill(0, from, from + 4 * this.#layout.vectors);
    this.#eachSite((site, word, bit) => {
      if (spins[site] > 0) this.#words[word] |= 1 << bit;
    });
  }

  takeUpdates(): number {
    const updates = this.#updates;
    this.#updates = 0;
    return updates;
  }

  save(): DynamicsState {
    return { bytes: saveParts(this.#words.buffer as ArrayBuffer, this.#parts()), numbers: [] };
  }

  restore(state: DynamicsState): void {
    restoreParts(this.#words.buffer as ArrayBuffer, this.#parts(), state);
  }

  #parts(): [number, number][] {
    return [
      [0, TAPE_BLOCK],
      [this.#at.spins, 16 * this.#layout.vectors],
    ];
  }

  #eachSite(visit: (site: number, word: number, bit: number) => void): void {
    const { shape, vectorOf } = this.#layout;
    const from = this.#at.spins >>> 2;
    eachSite(shape, (_, site) => {
      const { vector, lane } = place(this.#layout, site);
      visit(site, from + 4 * vectorOf[vector] + (lane >> 5), lane & 31);
    });
  }
}
