import { Tape } from "@basin/energy-core/internal";
import { popcount } from "../sweep/square-twin.ts";
import type { PackedExports } from "./exports.ts";
import { moveLanes } from "./moves.ts";

const OWN_ROUNDS = 6;
const ROUNDS = 64;
const FIELD = 2;

/** A color as the kernel's memory describes it, addresses in words. */
interface Color {
  readonly from: number;
  readonly count: number;
  readonly neighbors: number;
  readonly signs: number;
}

/** The kernel of assembly/packed.ts in TypeScript: the same bits in the same places of the same memory. */
export function packedTwin(buffer: ArrayBuffer): PackedExports {
  const memory = new Int32Array(buffer);
  return {
    sweepPacked: (z, mode, colors, count, negative, rounds, _block, sweeps) => {
      for (let i = 0; i < sweeps; i++) {
        for (let c = 0; c < count; c++) {
          updateColor(memory, z, mode, prepare(memory, colors, c), negative, rounds >>> 2);
        }
      }
    },
    unsatisfiedBonds: (z, bonds, colors, count, negative) => {
      let sum = 0;
      for (let c = 0; c < count; c++) {
        const color = prepare(memory, colors, c);
        for (let v = 0; v < color.count; v++) {
          for (let i = 0; i < 4; i++) {
            for (let k = 0; k < bonds; k++) sum += popcount(unsatisfied(memory, z, color, v, k, i, negative));
          }
        }
      }
      return sum;
    },
    upSpins: (from, count) => {
      let sum = 0;
      for (let at = from >>> 2; at < (from >>> 2) + 4 * count; at++) sum += popcount(memory[at]);
      return sum;
    },
  };
}

function prepare(memory: Int32Array, colors: number, c: number): Color {
  const at = (colors >>> 2) + 6 * c;
  moveLanes(memory, memory[at + 4], memory[at + 5]);
  return {
    from: memory[at] >>> 2,
    count: memory[at + 1],
    neighbors: memory[at + 2] >>> 2,
    signs: memory[at + 3] >>> 2,
  };
}

/** Where bond k of 32 of the spins of vector v is unsatisfied. */
function unsatisfied(
  memory: Int32Array,
  z: number,
  { from, neighbors, signs }: Color,
  v: number,
  k: number,
  i: number,
  negative: number,
): number {
  const bond = z * v + k;
  const sign = signs === 0 ? 0 : memory[signs + 4 * bond + i];
  return memory[from + 4 * v + i] ^ negative ^ memory[(memory[neighbors + bond] >>> 2) + i] ^ sign;
}

const masks = Array.from({ length: 4 }, () => new Int32Array(14));
const undecided = new Int32Array(4);
const hit = new Int32Array(4);

function updateColor(
  memory: Int32Array,
  z: number,
  mode: number,
  color: Color,
  negative: number,
  rounds: number,
): void {
  const tape = new Tape(memory);
  const classes = mode === 0 ? (z === 6 ? 4 : 3) : z + 1;
  const each = mode === FIELD ? 2 * classes : classes;
  for (let v = 0; v < color.count; v++) {
    for (let i = 0; i < 4; i++) classify(memory, z, mode, color, v, i, negative, classes);
    undecided.fill(-1);
    hit.fill(0);
    tape.need(OWN_ROUNDS);
    for (let round = 0; round < ROUNDS; round++) {
      if (round >= OWN_ROUNDS) {
        if (undecided.every((word) => word === 0)) break;
        tape.need(1);
      }
      compare(memory, tape.at, rounds + 4 * each * round, each);
      tape.at += 4;
    }
    for (let i = 0; i < 4; i++) memory[color.from + 4 * v + i] ^= hit[i];
  }
  tape.save();
}

/**
 * Marks the class of each of 32 spins: its number of unsatisfied bonds, the highest classes merged, and in a field its
 * sign.
 */
function classify(
  memory: Int32Array,
  z: number,
  mode: number,
  color: Color,
  v: number,
  i: number,
  negative: number,
  classes: number,
): void {
  const mask = masks[i];
  mask.fill(0);
  for (let bit = 0; bit < 32; bit++) {
    let number = 0;
    for (let k = 0; k < z; k++) number += (unsatisfied(memory, z, color, v, k, i, negative) >>> bit) & 1;
    number = Math.min(number, classes - 1);
    const up = (memory[color.from + 4 * v + i] >>> bit) & 1;
    mask[mode === FIELD && up ? classes + number : number] |= 1 << bit;
  }
}

function compare(memory: Int32Array, random: number, round: number, classes: number): void {
  for (let i = 0; i < 4; i++) {
    let target = 0;
    for (let k = 0; k < classes; k++) target |= masks[i][k] & memory[round + 4 * k];
    const decided = undecided[i] & (memory[random + i] ^ target);
    hit[i] |= decided & target;
    undecided[i] &= ~decided;
  }
}
