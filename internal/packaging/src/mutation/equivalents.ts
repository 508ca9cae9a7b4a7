/** A fault that changes nothing which a test could see, and why. */
interface Equivalent {
  readonly source: string;
  /** The lines before and after, with single spaces, as `pnpm verify mutation` prints them. */
  readonly was: string;
  readonly becomes: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [];
