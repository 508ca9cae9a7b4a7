import { ArgumentError } from "@basin/energy-core";
import { parseNpy } from "@basin/energy-core/data";
import { variableOver } from "./axes.ts";
import type { FilePart, ReadOptions } from "./file-draws.ts";
import { partOf } from "./inference-data.ts";

/**
 * Returns what a NumPy array holds: draws of one quantity where it has one axis; with more, `axes` must name them.
 *
 * @throws {ArgumentError} for an array of two axes or more whose axes are not named.
 */
export function npyPart(bytes: Uint8Array, { axes }: ReadOptions): FilePart {
  const { data, shape, stride } = parseNpy(bytes, { file: "this file" });
  if (shape.includes(0) || shape.length === 0)
    throw new ArgumentError(`this array has the shape [${shape.join(", ")}] and holds no draws`);
  if (axes === undefined && shape.length > 1) {
    const readings = shape.length === 2 ? ["chain,draw", "draw,x"] : ["chain,draw,x", "draw,chain,x"];
    throw new ArgumentError(
      `this array has the shape [${shape.join(", ")}]; say what its axes are: axes "${readings[0]}" (--axes ${readings[0]}) or "${readings[1]}" (--axes ${readings[1]}), other words being names of axes`,
    );
  }
  const named = axes ?? ["draw"];
  const labels = new Map(
    named.map((axis, i) => [axis, Array.from({ length: shape[i] ?? 0 }, (_, at) => at)]),
  );
  const variable = variableOver("x", named, { data, shape, stride }, labels);
  const words = named.map((axis, i) => `${shape[i]} ${axis}s`).join(" by ");
  return { ...partOf([variable], []), readAs: `NumPy's array of ${words}` };
}
