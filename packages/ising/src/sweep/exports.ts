/**
 * The functions of the square-lattice kernel; assembly/square.ts in wasm, square-twin.ts in TypeScript. Addresses are
 * in bytes, thresholds 64-bit numbers as two words.
 */
export interface SquareExports {
  metropolis: SquareSweep;
  heatBath: SquareSweep;
  /** Returns the number of bonds between unlike bits. */
  unlikeBonds(first: number, second: number, width: number, height: number, joined: number): number;
  /** Returns the number of set bits of a color. */
  setBits(color: number, width: number, height: number): number;
}

/**
 * Runs `sweeps` sweeps: every site of the first color, then every site of the second. `joined` is 1 when the 128 tiles
 * make up one torus, 0 when each is a torus of its own.
 */
export type SquareSweep = (
  first: number,
  second: number,
  width: number,
  height: number,
  joined: number,
  aHigh: number,
  aLow: number,
  bHigh: number,
  bLow: number,
  block: number,
  sweeps: number,
) => void;
