import { ArgumentError } from "@basin/energy-core";
import { decodeText } from "@basin/energy-core/internal";
import type * as Zarr from "zarrita";
import { variableOver } from "./axes.ts";
import { type FileDraws, type FilePart, joinParts } from "./file-draws.ts";
import { groupNames, partOf, readGroups, statisticOf, type Variable } from "./inference-data.ts";
import { axisLabels, isPacked, unpacked } from "./packing.ts";
import { storeBelow } from "./store-below.ts";
import type { ZarrStore } from "./zarr-store.ts";

/**
 * Returns the draws of an ArviZ InferenceData in Zarr, format 2 or 3, compressed or not: the variables of the group
 * `posterior` (or of the root, if one group was saved alone) as coordinates `name` or `name[label,…]`, labeled by the
 * variables of their axes, and the statistics of `sample_stats`. Axes are identified by name, in any order; packed
 * values are unpacked (`scale_factor`, `add_offset`, `_FillValue`). Variables that cannot be read, such as complex
 * ones, are named in `notes`.
 *
 * @throws {ArgumentError} for a store without a group `posterior`, or one whose contents cannot be listed.
 */
export async function readArvizZarr(store: ZarrStore): Promise<FileDraws> {
  return joinParts([{ file: "this hierarchy", part: await zarrPart(store) }]);
}

/** Returns what a Zarr hierarchy holds. */
export async function zarrPart(store: ZarrStore): Promise<FilePart> {
  const zarr = await import("zarrita");
  const reader = new Reader(zarr, store);
  const paths = await reader.arrays();
  const group = (name: string) =>
    paths.filter((path) => path.startsWith(name) && !path.slice(name.length).includes("/"));
  const saved = group("/posterior/");
  const alone = saved.length === 0 ? group("/") : [];
  const posterior = await reader.variables([...saved, ...alone]);
  if (posterior.length === 0 && reader.notes.length === 0) {
    throw new ArgumentError(
      'this Zarr hierarchy has no group "posterior" of arrays over draws, as an InferenceData has',
    );
  }
  if (posterior.length === 0)
    throw new ArgumentError(`no variable could be read; ${reader.notes.join("; ")}`);
  const stats = group("/sample_stats/");
  const nameOf = (path: string) => path.slice("/sample_stats/".length);
  const known = stats.filter((path) => statisticOf(nameOf(path)) !== undefined);
  const unused = stats
    .filter((path) => !known.includes(path))
    .map(nameOf)
    .filter((name) => name !== "chain" && name !== "draw");
  const part = partOf(posterior, await reader.variables(known));
  const beside = new Map<string, Variable[]>();
  for (const name of groupNames) beside.set(name, await reader.variables(group(`/${name}/`)));
  const { groups, notes } = readGroups((name) => beside.get(name) ?? []);
  if (unused.length > 0) notes.push(`not used of sample_stats: ${unused.join(", ")}`);
  const what = alone.length > 0 ? "one group of ArviZ's InferenceData" : "ArviZ's InferenceData";
  return { ...part, readAs: `${what} in Zarr`, groups, notes: [...reader.notes, ...notes] };
}

type ZarrArray = Zarr.Array<Zarr.DataType, Zarr.Readable>;

class Reader {
  readonly notes: string[] = [];
  readonly #zarr: typeof Zarr;
  readonly #store: ZarrStore;

  constructor(zarr: typeof Zarr, store: ZarrStore) {
    this.#zarr = zarr;
    this.#store = store;
  }

  /** Returns the variables among the arrays of a group that lie over draws; coordinates are left out, others noted. */
  async variables(paths: readonly string[]): Promise<Variable[]> {
    const variables: Variable[] = [];
    for (const path of paths) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      try {
        const variable = await this.#variable(path, name);
        if (variable !== undefined) variables.push(variable);
      } catch (error) {
        this.notes.push(`the variable "${name}" is not read: ${await this.#reason(path, error as Error)}`);
      }
    }
    return variables;
  }

  async #variable(path: string, name: string): Promise<Variable | undefined> {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const axes = await this.#axes(path);
    if (axes === undefined) throw new ArgumentError("its axes have no names (_ARRAY_DIMENSIONS)");
    if (!axes.includes("draw") || name === "draw") {
      if (axes.length > 1) throw new ArgumentError(`its axes are ${axes.join(",")}, without "draw"`);
      return undefined;
    }
    const array = await this.#open(path);
    const { data, shape, stride } = (await this.#zarr.get(array)) as Zarr.Chunk<Zarr.DataType>;
    const labels = new Map<string, (string | number)[]>();
    for (const [i, axis] of axes.entries()) {
      if (axis !== "chain" && axis !== "draw")
        labels.set(axis, await this.#labels(`${folder}${axis}`, shape[i]));
    }
    if (!axes.includes("chain")) this.notes.push(`"${name}" has no axis "chain" and is taken for one chain`);
    return variableOver(name, axes, { data: await this.#unpacked(path, array, data), shape, stride }, labels);
  }

  async #open(path: string): Promise<ZarrArray> {
    const array: ZarrArray = await this.#zarr.open(this.#zarr.root(storeBelow(this.#store, path)), {
      kind: "array",
    });
    const getChunk = array.getChunk.bind(array);
    const size = array.chunks.reduce((product, length) => product * length, 1);
    // Of a chunk that is cut off zarrita takes what is missing for zeros.
    array.getChunk = async (at, ...rest) => {
      const chunk = await getChunk(at, ...rest);
      const { length } = chunk.data as ArrayLike<unknown>;
      if (length === size) return chunk;
      throw new ArgumentError(
        `its chunk ${at.join(".")} holds ${length} of ${size} numbers: it is cut off or damaged`,
      );
    };
    return array;
  }

  /** Metadata as written: they say more of a type that cannot be read than an error does. */
  async #json(path: string): Promise<Readonly<Record<string, unknown>>> {
    const bytes = await this.#store.get(path);
    return bytes === undefined ? {} : JSON.parse(decodeText(bytes));
  }

  async #axes(path: string): Promise<string[] | undefined> {
    const attributes = await this.#json(`${path}/.zattrs`);
    const { dimension_names: names } = await this.#json(`${path}/zarr.json`);
    const axes = names ?? attributes._ARRAY_DIMENSIONS;
    return Array.isArray(axes) ? axes.map(String) : undefined;
  }

  async #reason(path: string, error: Error): Promise<string> {
    const { dtype } = await this.#json(`${path}/.zarray`);
    const { data_type: type } = await this.#json(`${path}/zarr.json`);
    const named = JSON.stringify(type ?? dtype ?? "unknown").replaceAll('"', "");
    if (/^(complex|[<>]c)/.test(named)) {
      return `it holds complex numbers (${named}); save real and imaginary parts as separate variables`;
    }
    // Of a type it does not know, zarrita says that there is no array.
    const foreign = this.#zarr.isZarritaError(error, "NotFoundError", "InvalidMetadataError");
    return foreign ? `its type ${named} is not one of numbers` : error.message;
  }

  async #unpacked(path: string, array: ZarrArray, data: unknown): Promise<Float64Array> {
    const { scale_factor: scale, add_offset: offset, _FillValue, missing_value } = array.attrs ?? {};
    const { fill_value } = await this.#json(`${path}/.zarray`);
    // A fill value of 0 that packs nothing is what Zarr writes where nobody asked for one.
    const fill = isPacked({ scale, offset }) || fill_value !== 0 ? fill_value : undefined;
    return unpacked(data as Iterable<unknown>, { scale, offset, nothing: [_FillValue, missing_value, fill] });
  }

  async #labels(path: string, length: number): Promise<(string | number)[]> {
    try {
      const { data } = await this.#zarr.get(await this.#open(path));
      return axisLabels([...(data as Iterable<unknown>)], length);
    } catch {
      // An axis without labels, or with labels of a type that zarrita does not decode, dates say, is counted.
      return axisLabels([], length);
    }
  }

  /** Returns the paths of all arrays. */
  async arrays(): Promise<string[]> {
    const store = await this.#zarr.withMaybeConsolidatedMetadata(this.#store as Zarr.AsyncReadable);
    if ("contents" in store) {
      return store.contents().flatMap(({ path, kind }) => (kind === "array" ? [path] : []));
    }
    if (this.#store.keys === undefined) {
      throw new ArgumentError(
        "this Zarr store has neither consolidated metadata nor `keys`, so it cannot be listed",
      );
    }
    const arrays: string[] = [];
    for (const key of this.#store.keys()) {
      const match = /^(\/.+)\/(\.zarray|zarr\.json)$/.exec(key);
      if (match === null) continue;
      const isArray = match[2] === ".zarray" || (await this.#json(key)).node_type === "array";
      if (isArray) arrays.push(match[1]);
    }
    return arrays;
  }
}
