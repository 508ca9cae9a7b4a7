import type { Section } from "./report.ts";

/** The input of a part of the tour. */
export interface PartContext {
  /** Whether samples are smaller: the same computations with less statistics. */
  readonly quick: boolean;
  readonly seed: number;
  /** Shows the progress of the part, from 0 to 1. */
  readonly progress: (share: number, note?: string) => void;
  readonly signal: AbortSignal;
}

/** The output of a part of the tour: its entry in `results.json`, and its section of the report. */
export interface PartResult {
  readonly results: Readonly<Record<string, unknown>>;
  readonly section: Omit<Section, "seconds" | "id">;
}

/** A part of the tour. */
export interface Part {
  /** Key in `results.json` and anchor in the report. */
  readonly id: string;
  /** Title of the progress bar. */
  readonly label: string;
  readonly run: (context: PartContext) => Promise<PartResult>;
}

/** A measured mean with its exact value; z = (mean − exact) / standardError. */
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
