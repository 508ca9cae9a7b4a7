import type { NumberRange } from "@basin/energy-core";
import type { State } from "./pack.ts";
import type { Rows } from "./rows.ts";

/** The parts of data that a score may use. */
const ingredients = ["logits", "features", "labels", "head"] as const;
export type Ingredient = (typeof ingredients)[number];

/** Data, read and checked. A score receives only the parts that it names. */
export interface Opened {
  readonly logits: Rows;
  readonly features: Rows;
  /** The class of each input, from 0. */
  readonly labels: ArrayLike<number>;
  /** W `[classes, d]` and b of the last layer, f(x) = W x + b. */
  readonly head: { readonly weights: Rows; readonly bias: Float64Array };
}

/** An option of a score: a number in a range, with a default unless that depends on the data. */
export interface OptionRange extends NumberRange {
  readonly default?: number;
  readonly what: string;
}

/** One score. To add a score, add one file and one line in the table. */
export interface ScoreKind {
  readonly name: string;
  /** The equation in one line, for tables. */
  readonly equation: string;
  readonly source: string;
  /** The parts that fitting needs. Scoring needs the logits and features among them, except for `fitOnly`. */
  readonly needs: readonly Ingredient[];
  /** The parts that scoring needs, if fewer. */
  readonly scores?: readonly Ingredient[];
  /** Whether it learns from the data it is fitted to. If so, other rows must set its threshold. */
  readonly learns: boolean;
  /** Whether adding a constant to the logits of a row leaves it unchanged, so that probabilities suffice. */
  readonly shiftFree?: boolean;
  readonly options: Readonly<Record<string, OptionRange>>;
  /** Returns what the score learns from the data: a state of arrays and numbers, including the options. */
  fit(data: Opened, options: Readonly<Record<string, number | undefined>>): State;
  /**
   * Returns one number for each input, higher for outliers. @throws {ArgumentError} for numbers that are not finite.
   */
  score(state: State, data: Opened): Float64Array;
}

/** Returns a number of a state. */
export const number = (state: State, name: string): number => state[name] as number;

/** Returns an array of a state. */
export const array = (state: State, name: string): Float64Array => state[name] as Float64Array;
