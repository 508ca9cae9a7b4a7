import { Tape } from "@basin/energy-core/internal";
import type { SquareExports } from "./exports.ts";

type Rule = "metropolis" | "heatBath";

// One group of the kernel: four vectors of four words.
const GROUP = 16;
const own = new Int32Array(GROUP);
const two = new Int32Array(GROUP);
const odd = new Int32Array(GROUP);
const most = new Int32Array(GROUP);
const undecided = new Int32Array(GROUP);
const hit = new Int32Array(GROUP);
const held = new Int32Array(GROUP);
const coin = new Int32Array(GROUP);

/** A lattice in memory: everything in 32-bit words. */
interface Grid {
  readonly memory: Int32Array;
  readonly width: number;
  readonly height: number;
  /** 1 when the tiles make up one torus, 0 when each is a torus of its own. */
  readonly joined: number;
}

/** The kernel of assembly/square.ts in TypeScript: the same bits in the same places of the same memory. */
export function squareTwin(buffer: ArrayBuffer): SquareExports {
  const memory = new Int32Array(buffer);
  const sweeper =
    (rule: Rule): SquareExports["metropolis"] =>
    (first, second, width, height, joined, aHigh, aLow, bHigh, bLow, _block, sweeps) => {
      const bits = new Uint32Array([aHigh, aLow, bHigh, bLow]);
      const grid = { memory, width, height, joined };
      for (let i = 0; i < sweeps; i++) {
        wrapRows(grid, second >> 2);
        updateColor(grid, rule, first >> 2, second >> 2, 0, bits);
        wrapRows(grid, first >> 2);
        updateColor(grid, rule, second >> 2, first >> 2, 1, bits);
      }
    };
  return {
    metropolis: sweeper("metropolis"),
    heatBath: sweeper("heatBath"),
    unlikeBonds: (first, second, width, height, joined) =>
      unlikeBonds({ memory, width, height, joined }, first >> 2, second >> 2),
    setBits: (color, width, height) => {
      let count = 0;
      for (let at = color >> 2; at < (color >> 2) + 4 * width * height; at++) count += popcount(memory[at]);
      return count;
    },
  };
}

function wrapRows({ memory, width, height, joined }: Grid, color: number): void {
  const row = 4 * width;
  const bottom = color + row * (height - 1);
  for (let at = 0; at < row; at++) {
    const above = memory[bottom + at];
    const below = memory[color + at];
    // A tile row is 16 bits: moving one down or up is half a word.
    const i = at & 3;
    const before = memory[bottom + at - i + ((i + 3) & 3)];
    const after = memory[color + at - i + ((i + 1) & 3)];
    memory[color - row + at] = joined ? (above << 16) | (before >>> 16) : above;
    memory[bottom + row + at] = joined ? (below >>> 16) | (after << 16) : below;
  }
}

/** Word `i` of the left (`side` 0) or right neighbors of vector `w` of a row. */
function aside({ memory, width, joined }: Grid, row: number, w: number, side: number, i: number): number {
  if (side === 0) {
    if (w > 0) return memory[row + 4 * (w - 1) + i];
    const v = memory[row + 4 * (width - 1) + i];
    return joined ? ((v << 1) & 0xfffefffe) | ((v >>> 15) & 0x00010001) : v;
  }
  if (w < width - 1) return memory[row + 4 * (w + 1) + i];
  const v = memory[row + i];
  return joined ? ((v >>> 1) & 0x7fff7fff) | ((v << 15) & 0x80008000) : v;
}

function updateColor(
  grid: Grid,
  rule: Rule,
  color: number,
  other: number,
  parity: number,
  bits: Uint32Array,
): void {
  const { memory, width, height } = grid;
  const tape = new Tape(memory);
  for (let y = 0; y < height; y += 4) {
    for (let w = 0; w < width; w++) {
      for (let g = 0; g < GROUP; g++) {
        const line = 4 * width * (y + (g >> 2));
        classify(grid, color + line, other + line, w, parity ^ ((g >> 2) & 1), g);
      }
      decide(memory, tape, rule, bits);
      for (let g = 0; g < GROUP; g++) {
        const at = color + 4 * (width * (y + (g >> 2)) + w) + (g & 3);
        if (rule === "metropolis") memory[at] = own[g] ^ (hit[g] | (two[g] & ~held[g]));
        else {
          const free = two[g] & ~most[g];
          memory[at] = own[g] ^ ((coin[g] & free) | ((hit[g] ^ most[g]) & ~free));
        }
      }
    }
  }
  tape.save();
}

/** Finds, for 32 sites, which have at least two, an odd number, and at least three unlike neighbors. */
function classify(grid: Grid, mine: number, row: number, w: number, side: number, g: number): void {
  const { memory, width } = grid;
  const i = g & 3;
  const at = 4 * w + i;
  const s = memory[mine + at];
  const x0 = s ^ memory[row + at];
  const x1 = s ^ aside(grid, row, w, side, i);
  const x2 = s ^ memory[row - 4 * width + at];
  const x3 = s ^ memory[row + 4 * width + at];
  own[g] = s;
  two[g] = (x0 & x1) | (x2 & x3) | ((x0 | x1) & (x2 | x3));
  odd[g] = x0 ^ x1 ^ x2 ^ x3;
  most[g] = (x0 & x1 & (x2 | x3)) | (x2 & x3 & (x0 | x1));
}

/** Draws the events of one group, bit by bit, with as many vectors of the tape as the kernel takes. */
function decide(memory: Int32Array, tape: Tape, rule: Rule, bits: Uint32Array): void {
  for (let g = 0; g < GROUP; g++) {
    undecided[g] = rule === "metropolis" ? ~two[g] : ~(two[g] & ~most[g]);
    hit[g] = 0;
    held[g] = -1;
  }
  tape.need(24);
  for (let g = 0; g < GROUP; g++) coin[g] = memory[tape.at + g];
  let round = 0;
  for (; round < 6; round++) {
    for (let g = 0; g < GROUP; g++) held[g] &= memory[tape.at + g];
    fullRound(memory, tape, bits, round);
  }
  while (overlaps()) {
    tape.need(4);
    fullRound(memory, tape, bits, round++);
  }
  while (undecided.some((word) => word !== 0)) {
    tape.need(1);
    for (let g = 0; g < GROUP; g++) compare(g, memory[tape.at + (g & 3)], bits, round);
    tape.at += 4;
    round++;
  }
}

function fullRound(memory: Int32Array, tape: Tape, bits: Uint32Array, round: number): void {
  for (let g = 0; g < GROUP; g++) compare(g, memory[tape.at + g], bits, round);
  tape.at += GROUP;
}

/** Compares bit `round` of 32 random numbers with that of their thresholds. */
function compare(g: number, random: number, bits: Uint32Array, round: number): void {
  const a = bitOf(bits[0], bits[1], round);
  const b = bitOf(bits[2], bits[3], round);
  const target = (a & odd[g]) | (b & ~odd[g]);
  const decided = undecided[g] & (random ^ target);
  hit[g] |= decided & target;
  undecided[g] &= ~decided;
}

function bitOf(high: number, low: number, round: number): number {
  if (round >= 64) return 0;
  return -(((round < 32 ? high : low) >>> (31 - (round & 31))) & 1);
}

function overlaps(): boolean {
  for (let i = 0; i < 4; i++) {
    const [a, b, c, d] = [undecided[i], undecided[4 + i], undecided[8 + i], undecided[12 + i]];
    if (((a & b) | (c & d) | ((a | b) & (c | d))) !== 0) return true;
  }
  return false;
}

function unlikeBonds(grid: Grid, first: number, second: number): number {
  wrapRows(grid, second);
  const { memory, width, height } = grid;
  const row = 4 * width;
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let at = 0; at < row; at++) {
      const s = memory[first + row * y + at];
      const here = second + row * y;
      const side = aside(grid, here, at >> 2, y & 1, at & 3);
      count += popcount(s ^ memory[here + at]) + popcount(s ^ side);
      count += popcount(s ^ memory[here + at - row]) + popcount(s ^ memory[here + at + row]);
    }
  }
  return count;
}

/** Number of set bits of a 32-bit word. */
export function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
