import type { Section } from "./report.ts";

/** What a part of the tour is given. */
export interface PartContext {
  /** Whether the short road is walked: the same computations with less statistics. */
  readonly quick: boolean;
  readonly seed: number;
  /** Shows how far the part is, as a share from 0 to 1. */
  readonly progress: (share: number, note?: string) => void;
  readonly signal: AbortSignal;
}

/** What a part of the tour gives: its entry in `results.json`, and its section of the report. */
export interface PartResult {
  readonly results: Readonly<Record<string, unknown>>;
  readonly section: Omit<Section, "seconds" | "id">;
}

/** A part of the tour. */
export interface Part {
  /** Key in `results.json` and anchor in the report. */
  readonly id: string;
  /** What the progress line says. */
  readonly label: string;
  readonly run: (context: PartContext) => Promise<PartResult>;
}

/** A measured mean beside its exact value; z = (mean − exact) / standardError. */
export interface Comparison {
  readonly mean: number;
  readonly standardError: number;
  readonly exact: number;
  readonly z: number;
}

/** Returns the comparison of an estimate with the exact value. */
export function compare(estimate: { mean: number; standardError: number }, exact: number): Comparison {
  const { mean, standardError } = estimate;
  return { mean, standardError, exact, z: (mean - exact) / standardError };
}
