/**
 * The functions of the packed kernel; assembly/packed.ts in wasm, packed-twin.ts in TypeScript. Addresses are in bytes.
 */
export interface PackedExports {
  /** Runs sweeps over the colors; see the assembly for what lies where. */
  sweepPacked(
    z: number,
    mode: number,
    colors: number,
    count: number,
    negative: number,
    rounds: number,
    block: number,
    sweeps: number,
  ): void;
  /** Returns the number of unsatisfied bonds among the first `bonds` of each spin of the colors. */
  unsatisfiedBonds(z: number, bonds: number, colors: number, count: number, negative: number): number;
  /** Returns the number of set bits of `count` vectors. */
  upSpins(from: number, count: number): number;
}
