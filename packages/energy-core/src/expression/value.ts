import type { MatrixLike } from "../matrix.ts";

declare const traced: unique symbol;

/** A value of a formula while it is traced: a number, a vector or a matrix that depends on the state. */
export interface Value {
  /** `[]`, `[n]` or `[rows, columns]`. */
  readonly shape: readonly number[];
  readonly [traced]: true;
}

/**
 * What operations take: values of the formula and data, which are arrays, nested arrays or anything laid out
 * like an ndarray.
 */
export type Operand = Value | number | ArrayLike<number> | MatrixLike;
