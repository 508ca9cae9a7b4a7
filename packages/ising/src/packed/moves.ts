/** How the bits of a vector move between tiles: the codes of assembly/lib/moves.ts. */
export const MOVES = {
  plane: [
    [2, 3],
    [0, 1],
  ],
  solid: [
    [8, 9],
    [6, 7],
    [4, 5],
  ],
  none: 10,
} as const;

const moved = new Int32Array(4);

/** Writes the vector at word `from`, moved, to word `to`. */
function moveVector(memory: Int32Array, from: number, to: number, code: number): void {
  for (let i = 0; i < 4; i++) moved[i] = movedWord(memory, from, i, code);
  memory.set(moved, to);
}

function movedWord(memory: Int32Array, from: number, i: number, code: number): number {
  const v = memory[from + i];
  const before = memory[from + ((i + 3) & 3)];
  const after = memory[from + ((i + 1) & 3)];
  switch (code) {
    case 0:
      return ((v << 1) & 0xfffefffe) | ((v >>> 15) & 0x00010001);
    case 1:
      return ((v >>> 1) & 0x7fff7fff) | ((v << 15) & 0x80008000);
    case 2:
      return (v << 16) | (before >>> 16);
    case 3:
      return (v >>> 16) | (after << 16);
    case 4:
      return ((v << 1) & 0xfefefefe) | ((v >>> 7) & 0x01010101);
    case 5:
      return ((v >>> 1) & 0x7f7f7f7f) | ((v << 7) & 0x80808080);
    case 6:
      return (v << 8) | (v >>> 24);
    case 7:
      return (v >>> 8) | (v << 24);
    case 8:
      return before;
    case 9:
      return after;
    default:
      return v;
  }
}

/** Carries out a list of moves (from, to, code), whose addresses are in bytes, as assembly/lib/moves.ts does. */
export function moveLanes(memory: Int32Array, list: number, count: number): void {
  for (let at = list >> 2; at < (list >> 2) + 3 * count; at += 3) {
    moveVector(memory, memory[at] >>> 2, memory[at + 1] >>> 2, memory[at + 2]);
  }
}
