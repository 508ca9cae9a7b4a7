/// <reference path="./jsfive.d.ts" />
import { ArgumentError } from "@basin/energy-core";
import { rowMajorStride } from "@basin/energy-core/internal";
import type { Dataset, Group } from "jsfive";
import { variableOver } from "./axes.ts";
import type { FilePart } from "./file-draws.ts";
import { partOf, readGroups, statisticOf, type Variable } from "./inference-data.ts";
import { axisLabels, unpacked } from "./packing.ts";

/**
 * Returns the contents of an ArviZ InferenceData in netCDF 4 (HDF5): the group `posterior`, or a group saved alone, and
 * `sample_stats`. Axes are identified by name, packed values are unpacked, and the notes name variables that cannot be
 * read.
 *
 * @throws {ArgumentError} for a damaged file, and for one without variables over draws.
 */
export async function netcdfPart(bytes: Uint8Array): Promise<FilePart> {
  const { File } = await import("jsfive");
  const file = reading(
    "this is not a complete HDF5 file",
    () => new File(Uint8Array.from(bytes).buffer, "draws"),
  );
  const notes: string[] = [];
  const saved = file.keys.includes("posterior");
  const posterior = variablesOf(saved ? (file.get("posterior") as Group) : file, notes, () => true);
  if (posterior.length === 0) {
    const why = notes.length === 0 ? 'it has no group "posterior" of variables over draws' : notes.join("; ");
    throw new ArgumentError(`no variable could be read: ${why}`);
  }
  const unused: string[] = [];
  const used = (name: string) => {
    const known = statisticOf(name) !== undefined;
    if (!known) unused.push(name);
    return known;
  };
  const stats = file.keys.includes("sample_stats") ? (file.get("sample_stats") as Group) : undefined;
  const part = partOf(posterior, stats === undefined ? [] : variablesOf(stats, notes, used));
  const beside = readGroups((name) =>
    file.keys.includes(name) ? variablesOf(file.get(name) as Group, notes, () => true) : [],
  );
  notes.push(...beside.notes);
  if (unused.length > 0) notes.push(`not used of sample_stats: ${unused.join(", ")}`);
  const what = saved ? "ArviZ's InferenceData" : "one group of ArviZ's InferenceData";
  return { ...part, readAs: `${what} in netCDF`, groups: beside.groups, notes };
}

/**
 * Returns the variables of a group that lie over draws. Attributes of axes are not looked at: jsfive complains of them.
 */
function variablesOf(group: Group, notes: string[], wanted: (name: string) => boolean): Variable[] {
  const names = new Map(Object.entries(group._links).map(([name, address]) => [address, name]));
  const datasets = group.keys.flatMap((name) => {
    const member = group.get(name);
    return "shape" in member ? [[name, member] as const] : [];
  });
  const axes = new Set(["chain", "draw"]);
  const variables: Variable[] = [];
  for (const [name, dataset] of datasets.toSorted(([, a], [, b]) => b.shape.length - a.shape.length)) {
    if (axes.has(name) || !wanted(name)) continue;
    try {
      const own = axesOf(dataset, names);
      for (const axis of own) axes.add(axis);
      variables.push(variableOf(group, name, dataset, own));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notes.push(`the variable "${name}" is not read: ${reason}`);
    }
  }
  const order = new Map(datasets.map(([name], i) => [name, i]));
  return variables.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
}

/** Axes are references to the datasets that label them. */
function axesOf({ attrs }: Dataset, names: ReadonlyMap<number, string>): string[] {
  const references = attrs.DIMENSION_LIST as readonly (readonly (readonly number[])[])[] | undefined;
  if (!Array.isArray(references)) throw new ArgumentError("its axes have no names (DIMENSION_LIST)");
  return references.map(([[address]]) => names.get(address) ?? `axis at ${address}`);
}

function variableOf(group: Group, name: string, dataset: Dataset, axes: readonly string[]): Variable {
  const { shape, attrs } = dataset;
  if (!axes.includes("draw")) throw new ArgumentError(`its axes are ${axes.join(",")}, without "draw"`);
  const raw = reading("its values cannot be decoded", () => Array.from(dataset.value));
  const size = shape.reduce((product, length) => product * length, 1);
  if (raw.length !== size) throw new ArgumentError(`it has ${raw.length} values, expected ${size}`);
  const numbers = unpacked(raw, {
    scale: single(attrs.scale_factor),
    offset: single(attrs.add_offset),
    nothing: [single(attrs._FillValue), single(attrs.missing_value)],
  });
  const labels = new Map(
    axes.map((axis, i) => {
      const values = group.keys.includes(axis) ? (group.get(axis) as Dataset).value : [];
      return [axis, axisLabels(values, shape[i])] as const;
    }),
  );
  return variableOver(name, axes, { data: numbers, shape, stride: rowMajorStride(shape) }, labels);
}

/** Attributes of one value are lists of one. */
function single(value: unknown): unknown {
  return Array.isArray(value) || ArrayBuffer.isView(value)
    ? (value as unknown as ArrayLike<unknown>)[0]
    : value;
}

/** Returns `work()`; what jsfive throws are texts. */
function reading<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ArgumentError(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
