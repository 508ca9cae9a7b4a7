import { ArgumentError } from "@basin/energy-core";
import type { Variable } from "./inference-data.ts";

/** Numbers over axes with strides. */
export interface Strided {
  readonly data: ArrayLike<number | bigint | boolean>;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/**
 * Returns a variable over `[chain, draw, …]` from an array whose axes have names, in any order; without `chain` it is
 * one chain.
 *
 * @throws {ArgumentError} for an array without an axis `draw`, and for another number of names.
 */
export function variableOver(
  name: string,
  axes: readonly string[],
  { data, shape, stride }: Strided,
  labels: ReadonlyMap<string, readonly (string | number)[]>,
): Variable {
  if (axes.length !== shape.length) {
    throw new ArgumentError(
      `there are ${axes.length} names of axes (${axes.join(",")}) for the shape [${shape.join(", ")}]`,
    );
  }
  if (!axes.includes("draw") || new Set(axes).size < axes.length) {
    throw new ArgumentError(
      `the axes are ${axes.join(",")}, expected different names with "draw" among them`,
    );
  }
  const rest = axes.filter((axis) => axis !== "chain" && axis !== "draw");
  const order = ["chain", "draw", ...rest].map((axis) => axes.indexOf(axis));
  const lengths = order.map((axis) => (axis < 0 ? 1 : shape[axis]));
  const steps = order.map((axis) => (axis < 0 ? 0 : stride[axis]));
  const out = new Float64Array(lengths.reduce((product, length) => product * length, 1));
  const index = new Array<number>(lengths.length).fill(0);
  for (let at = 0, from = 0; at < out.length; at++) {
    out[at] = Number(data[from]);
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < lengths[axis]) break;
      from -= steps[axis] * lengths[axis];
      index[axis] = 0;
    }
  }
  const counted = (axis: string) => Array.from({ length: shape[axes.indexOf(axis)] }, (_, i) => i);
  return { name, shape: lengths, data: out, labels: rest.map((axis) => labels.get(axis) ?? counted(axis)) };
}
