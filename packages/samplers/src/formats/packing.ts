import { ArgumentError } from "@basin/energy-core";

/** How numbers are packed, by the attributes that the CF conventions name. */
export interface Packing {
  readonly scale?: unknown;
  readonly offset?: unknown;
  /** Numbers that stand for nothing; what is no number is not looked at. */
  readonly nothing: readonly unknown[];
}

/**
 * Returns numbers as they are meant: times the scale plus the offset, those that stand for nothing as NaN.
 *
 * @throws {ArgumentError} for text.
 */
export function unpacked(raw: Iterable<unknown>, { scale, offset, nothing }: Packing): Float64Array {
  const missing = nothing.filter((value) => typeof value === "number");
  const packed = isPacked({ scale, offset });
  return Float64Array.from(raw, (value) => {
    if (typeof value === "string") throw new ArgumentError("it holds text");
    const number = Number(value);
    if (missing.includes(number)) return Number.NaN;
    return packed ? number * Number(scale ?? 1) + Number(offset ?? 0) : number;
  });
}

/** Whether numbers have a scale or an offset. */
export function isPacked({ scale, offset }: Pick<Packing, "scale" | "offset">): boolean {
  return Number(scale ?? 1) !== 1 || Number(offset ?? 0) !== 0;
}

/** Returns the labels of an axis where they tell its places apart, else their numbers. */
export function axisLabels(values: ArrayLike<unknown>, length: number): (string | number)[] {
  const labels = Array.from(values, (label) => (typeof label === "string" ? label : Number(label)));
  const apart = labels.length === length && new Set(labels).size === length && !labels.includes(Number.NaN);
  return apart ? labels : Array.from({ length }, (_, i) => i);
}
