import type { NumberRange } from "@basin/energy-core";
import type { State } from "./pack.ts";
import type { Rows } from "./rows.ts";

/** What a score may be made from. */
const ingredients = ["logits", "features", "labels", "head"] as const;
export type Ingredient = (typeof ingredients)[number];

/** Data, read and checked; a score meets no more than what it says it needs. */
export interface Opened {
  readonly logits: Rows;
  readonly features: Rows;
  /** A class an input, from 0 on. */
  readonly labels: ArrayLike<number>;
  /** W `[classes, d]` and b of the last layer, f(x) = W x + b. */
  readonly head: { readonly weights: Rows; readonly bias: Float64Array };
}

/** An option of a score: a number in a range, with its default where that does not depend on the data. */
export interface OptionRange extends NumberRange {
  readonly default?: number;
  readonly what: string;
}

/** One score: adding one is one file and one line in the table. */
export interface ScoreKind {
  readonly name: string;
  /** The equation in a line, for tables. */
  readonly equation: string;
  readonly source: string;
  /** What fitting takes. Scoring takes the logits and features among it, but for `fitOnly`. */
  readonly needs: readonly Ingredient[];
  /** What scoring takes, where that is less. */
  readonly scores?: readonly Ingredient[];
  /** Whether it learns from what it is fitted to: rows that set its threshold must then be others. */
  readonly learns: boolean;
  /** Whether a constant added to the logits of a row leaves it as it is, so that probabilities will do. */
  readonly shiftFree?: boolean;
  readonly options: Readonly<Record<string, OptionRange>>;
  /** Returns what it knows of the data; a state of arrays and numbers, the options among it. */
  fit(data: Opened, options: Readonly<Record<string, number | undefined>>): State;
  /** Returns one number an input, higher for outliers. @throws {ArgumentError} for what is not finite. */
  score(state: State, data: Opened): Float64Array;
}

/** Returns a number of a state. */
export const number = (state: State, name: string): number => state[name] as number;

/** Returns an array of a state. */
export const array = (state: State, name: string): Float64Array => state[name] as Float64Array;
