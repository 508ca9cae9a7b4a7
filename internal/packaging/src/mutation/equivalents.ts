/** A fault that changes nothing which a test could see, and why. */
interface Equivalent {
  readonly source: string;
  /** The lines before and after, with single spaces, as `pnpm verify mutation` prints them. */
  readonly was: string;
  readonly becomes: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    source: "packages/jem/src/dense/net.ts",
    was: "for (let i = 0; i < inputs; i++)",
    becomes: "for (let i = 0; i <= inputs; i++)",
    reason: "the row beyond the last is an empty subarray, and setting it writes nothing",
  },
  {
    source: "packages/ising/src/solve/bits/twin.ts",
    was: "for (let replica = 0; replica < 128; replica++) {",
    becomes: "for (let replica = 0; replica <= 128; replica++) {",
    reason: "a mask has four words, and a write to a fifth is ignored",
  },
];
