import { CapabilityError } from "@basin/energy-core";
import { checkOptions, chooseKernel, seedTape } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { WalkersState } from "@basin/samplers/internal";
import { geometries } from "../lattice/geometries.ts";
import { Lattice } from "../lattice/lattice.ts";
import { restoreParts, saveParts } from "../sweep/memory-parts.ts";
import { type KernelReport, OneState, oneByOne, type SpinWalkerKernel } from "../sweep/one-state.ts";
import { flipProbability, type SweepRule, threshold } from "../sweep/rules.ts";
import { misfit, type SweepOptions } from "../sweep/square-walkers.ts";
import { isStaggered } from "../sweep/start.ts";
import { TAPE_BLOCK } from "../sweep/tiles.ts";
import type { PackedExports } from "./exports.ts";
import {
  eachSite,
  fitsPacked,
  type PackedAddresses,
  type PackedLayout,
  packedAddresses,
  packedLayout,
  packingOf,
  ROUNDS,
  writeLayout,
} from "./layout.ts";
import { packedKernel } from "./packed-kernel.ts";

/**
 * Whether the packed kernel can hold this model: a torus that can be cut into 128 even tiles (sides of a plane lattice
 * multiples of 16 and 32, of a cubic one of 8, 8 and 16), couplings of one size and any signs, one field.
 */
export function fitsPackedKernel(lattice: Lattice): boolean {
  if (!(lattice instanceof Lattice)) return false;
  const [first, ...others] = lattice.directions;
  return (
    lattice.boundary === "periodic" &&
    lattice.field !== undefined &&
    lattice.disorder !== "gaussian" &&
    others.every((J) => Math.abs(J) === Math.abs(first)) &&
    fitsPacked(lattice.lattice, lattice.shape)
  );
}

/**
 * Returns single-spin dynamics of tori with one size of coupling, any signs and one field: 128 spins in one
 * instruction. A step is a sweep. The sides must be multiples of 16 and 32 in the plane, or of 8, 8 and 16 in space.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { createModel, packed } from "@basin/ising";
 *
 * const walkers = await packed({ rule: "heat-bath" }).walkers(createModel("triangular", 32), { groups: 2, streams: (group) => createRng(1).split(group) });
 * walkers.step(20, [0.2, 0.6]);
 * console.log(walkers.energies(new Float64Array(2)), walkers.can.magnetizations(new Float64Array(2)));
 * ```
 */
export function packed(options: SweepOptions = {}): SpinWalkerKernel<Lattice> {
  checkOptions("packed", options, "rule start kernel");
  const { rule = "metropolis", start, kernel } = options;
  return oneByOne(rule, async (lattice) => {
    if (!fitsPackedKernel(lattice)) throw new CapabilityError(misfit("packed"));
    const layout = packedLayout(lattice.lattice, lattice.shape);
    const alike = lattice.coupling !== undefined;
    const addresses = packedAddresses(layout, !alike);
    const chosen = await chooseKernel(packedKernel(addresses.bytes), kernel);
    const { exports, memory } = chosen.implementation;
    const words = new Uint32Array(memory.buffer, 0, addresses.bytes >>> 2);
    writeLayout(words, layout, addresses);
    if (!alike) writeSigns(words, layout, addresses, lattice);
    return new PackedWalker(lattice, { rule, start }, layout, addresses, exports, words, chosen);
  });
}

/** Writes a set bit for each negative bond, at both of its ends. */
function writeSigns(words: Uint32Array, layout: PackedLayout, at: PackedAddresses, lattice: Lattice): void {
  const { z, vectorOf } = layout;
  const { slot } = packingOf(lattice.lattice);
  const mark = (site: number, neighbor: number) => {
    const { vector, lane } = place(layout, site);
    words[(at.signs >>> 2) + 4 * (z * vectorOf[vector] + neighbor) + (lane >> 5)] |= 1 << (lane & 31);
  };
  for (const { edge, step } of lattice.bonds()) {
    if (edge[2] >= 0) continue;
    mark(edge[0], slot(step, false));
    mark(edge[1], slot(step, true));
  }
}

/** Returns the site of the tile, and the tile, in which a site lies. */
function place(layout: PackedLayout, site: number): { vector: number; lane: number } {
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
 * Writes each class's probability to flip as {@link ROUNDS} bits, a vector of ones or zeros each: for u unsatisfied
 * bonds of z flipping changes the energy by 2 |J| (z − 2u), and by 2 h σ.
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

class PackedWalker extends OneState {
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
  readonly #staggered: boolean;
  #beta = Number.NaN;

  constructor(
    lattice: Lattice,
    { rule, start }: SweepOptions & { rule: SweepRule },
    layout: PackedLayout,
    at: PackedAddresses,
    exports: PackedExports,
    words: Uint32Array,
    chosen: KernelReport,
  ) {
    super(lattice, chosen, start);
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
    this.#staggered = isStaggered(lattice);
  }

  protected seed(rng: Rng): void {
    seedTape(this.#words, rng);
  }

  /** All up where that is the order: no array of spins is needed. */
  protected override order(): void {
    if (this.#staggered) {
      super.order();
      return;
    }
    const from = this.#at.spins >>> 2;
    this.#words.fill(0xffffffff, from, from + 4 * this.#layout.vectors);
  }

  protected sweep(count: number, inverseTemperature: number): void {
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
    this.updates += 2 * (this.#bonds / z) * count;
  }

  protected magnetization(): number {
    const { vectors } = this.#layout;
    return 2 * this.#exports.upSpins(this.#at.spins, vectors) - 128 * vectors;
  }

  protected energy(): number {
    const { z, moves, lattice } = this.#layout;
    // Where neighbors have two colors the first one's spins see every bond; elsewhere each spin's own half.
    const [bonds, colors] = geometries[lattice].bipartite ? [z, 1] : [z / 2, moves.length];
    const broken = this.#exports.unsatisfiedBonds(z, bonds, this.#at.colors, colors, this.#negative);
    const exchange = this.#strength * (2 * broken - this.#bonds);
    return this.#field === 0 ? exchange : exchange - this.#field * this.magnetization();
  }

  protected spins(out: Int8Array): Int8Array {
    this.#eachSite((site, word, bit) => {
      out[site] = (this.#words[word] >>> bit) & 1 ? 1 : -1;
    });
    return out;
  }

  protected load(spins: ArrayLike<number>): void {
    const from = this.#at.spins >>> 2;
    this.#words.fill(0, from, from + 4 * this.#layout.vectors);
    this.#eachSite((site, word, bit) => {
      if (spins[site] > 0) this.#words[word] |= 1 << bit;
    });
  }

  save(): WalkersState {
    return { bytes: saveParts(this.#words.buffer as ArrayBuffer, this.#parts()), numbers: [] };
  }

  restore(state: WalkersState): void {
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
