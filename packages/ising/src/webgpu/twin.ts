import { nextWord } from "@basin/energy-core/internal";
import { geometries } from "../lattice/geometries.ts";
import type { Lattice } from "../lattice/lattice.ts";
import type { DeviceEngine } from "./engine.ts";
import { type Plan, siteAt } from "./plan.ts";

/** Room of a twin for counts. */
export const ROUNDS = 64;

/** A bond as one of its ends sees it. */
export interface Bond {
  readonly site: number;
  sign: number;
}

/**
 * The engine in plain TypeScript: site by site, on the lattice's own list of bonds, with one random bit after another.
 * It gives the same bits as the GPU.
 *
 * @param classes how many numbers of unsatisfied bonds are told apart, and 2 where the spin is.
 */
export function deviceTwin(
  lattice: Lattice,
  plan: Plan,
  slots: number,
  { counts, signs }: { counts: number; signs: 1 | 2 },
): DeviceEngine {
  const bonds = bondsOf(lattice);
  const spins = Array.from({ length: slots }, () => new Int8Array(lattice.variables).fill(-1));
  const generators = Array.from({ length: slots }, () => new Int32Array(4 * plan.bands));
  let limits = new Uint32Array(0);
  let counted: number[] = [];

  const kindOf = (own: Int8Array, site: number) =>
    Math.min(unsatisfied(bonds[site], own, site), counts - 1) + (signs === 2 && own[site] > 0 ? counts : 0);

  const flip = (slot: number, color: number, band: number, row: number, word: number) => {
    const own = spins[slot];
    const open = new Map<number, number>();
    for (let bit = 0; bit < plan.bits; bit++)
      open.set(bit, kindOf(own, siteAt(plan, color, row, 32 * word + bit)));
    const digit = (round: number, kind: number) =>
      (limits[(2 * slot + (round >> 5)) * counts * signs + kind] >>> (31 - (round & 31))) & 1;
    for (const bit of below(open, () => nextWord(generators[slot], 4 * band, 1), digit))
      own[siteAt(plan, color, row, 32 * word + bit)] *= -1;
  };

  const sweepColor = (slot: number, color: number) => {
    for (let band = 0; band < plan.bands; band++) {
      const first = Math.floor(band / plan.words) * plan.rowsEach;
      for (let i = 0; i < plan.rowsEach; i++) flip(slot, color, band, first + i, band % plan.words);
    }
  };

  return {
    rounds: ROUNDS,
    thresholds: (words) => {
      limits = words.slice();
    },
    sweep: (first, count, sweeps) => {
      for (let slot = first; slot < first + count; slot++)
        for (let k = 0; k < sweeps; k++)
          for (let color = 0; color < plan.neighbors.length; color++) sweepColor(slot, color);
    },
    measure: () => {
      for (const own of spins) counted.push(allUnsatisfied(bonds, own) / 2, own.filter((s) => s > 0).length);
    },
    totals: async () => {
      const all = Float64Array.from(counted);
      counted = [];
      return all;
    },
    write: (slot, words) => unpack(plan, words, spins[slot]),
    seed: (slot, words) => generators[slot].set(words),
    read: async (list) =>
      list.map((slot) => ({
        states: pack(plan, spins[slot]),
        generators: new Uint32Array(generators[slot]),
      })),
    dispose: () => {},
  };
}

/**
 * Returns the bits whose uniform number is below the limit of their kind: digit by digit from the top, each round one
 * random word for all.
 */
function below(
  open: Map<number, number>,
  next: () => number,
  digit: (round: number, kind: number) => number,
): number[] {
  const found: number[] = [];
  for (let round = 0; round < 64 && open.size > 0; round++) {
    const random = next();
    for (const [bit, kind] of open) {
      const wanted = digit(round, kind);
      if (((random >>> bit) & 1) === wanted) continue;
      open.delete(bit);
      if (wanted === 1) found.push(bit);
    }
  }
  return found;
}

const unsatisfied = (list: readonly Bond[], own: Int8Array, site: number) =>
  list.filter((bond) => own[site] * own[bond.site] * bond.sign < 0).length;

/** Each unsatisfied bond, from both of its ends. */
const allUnsatisfied = (bonds: readonly Bond[][], own: Int8Array) =>
  bonds.reduce((sum, list, site) => sum + unsatisfied(list, own, site), 0);

/** Returns the bonds of each site. */
export function bondsOf(lattice: Lattice): Bond[][] {
  const lists: Bond[][] = Array.from({ length: lattice.variables }, () => []);
  for (const { edge } of lattice.bonds()) {
    const [a, b, J] = edge;
    lists[a].push({ site: b, sign: Math.sign(J) });
    lists[b].push({ site: a, sign: Math.sign(J) });
  }
  return lists;
}

/** Returns the words of spins in site order. */
export function pack(plan: Plan, spins: ArrayLike<number>): Uint32Array {
  const words = new Uint32Array(plan.neighbors.length * plan.size);
  eachBit(plan, (word, bit, site) => {
    if (spins[site] > 0) words[word] |= 1 << bit;
  });
  return words;
}

/** Writes the spins of words in site order. */
export function unpack(plan: Plan, words: Uint32Array, spins: Int8Array): Int8Array {
  eachBit(plan, (word, bit, site) => {
    spins[site] = (words[word] >>> bit) & 1 ? 1 : -1;
  });
  return spins;
}

function eachBit(plan: Plan, visit: (word: number, bit: number, site: number) => void): void {
  for (let word = 0; word < plan.neighbors.length * plan.size; word++) {
    const [color, at] = [Math.floor(word / plan.size), word % plan.size];
    const [row, column] = [Math.floor(at / plan.words), at % plan.words];
    for (let bit = 0; bit < plan.bits; bit++) visit(word, bit, siteAt(plan, color, row, 32 * column + bit));
  }
}

/**
 * Returns a set bit for each negative bond: z words for each word of spins, in the order of the plan's neighbors; an
 * array for each color, or one for all where a workgroup holds the lattice.
 */
export function packSigns(plan: Plan, lattice: Lattice): Uint32Array[] {
  const isNegative = negativeEnds(lattice);
  const all = new Uint32Array(plan.neighbors.length * plan.size * plan.z);
  eachBit(plan, (word, bit, site) => {
    const [color, at] = [Math.floor(word / plan.size), word % plan.size];
    const row = Math.floor(at / plan.words);
    const odd = (Math.floor(row / plan.rows) + (row % plan.rows)) & 1;
    for (const [n, { bond }] of plan.neighbors[color].entries())
      if (isNegative(site, bond[odd])) all[word * plan.z + n] |= 1 << bit;
  });
  const each = plan.held ? all.length : plan.size * plan.z;
  return Array.from({ length: all.length / each }, (_, c) => all.slice(c * each, (c + 1) * each));
}

/** Returns whether a bond of a site is negative: bond 2k leads along step k, 2k + 1 back. */
export function negativeEnds(lattice: Lattice): (site: number, bond: number) => boolean {
  const each = 2 * geometries[lattice.lattice].steps.length;
  const found = new Set<number>();
  for (const { edge, step } of lattice.bonds()) {
    if (edge[2] >= 0) continue;
    found.add(edge[0] * each + 2 * step);
    found.add(edge[1] * each + 2 * step + 1);
  }
  return (site, bond) => found.has(site * each + bond);
}
