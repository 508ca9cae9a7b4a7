import { ArgumentError } from "@basin/energy-core";
import type * as Zarr from "zarrita";
import type { Draws, StateArray } from "../run/draws.ts";
import { drawsOf, posteriorVariables, statisticVariables, type Variable } from "./inference-data.ts";

/** Where a Zarr hierarchy lies: a `Map`, or a store of zarrita's such as `FileSystemStore`. Keys are paths such as `/posterior/.zgroup`. */
export interface ZarrStore {
  get(key: string): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Needed for writing only. */
  set?(key: string, value: Uint8Array): unknown;
  /** All keys, as a `Map` has: needed to read a hierarchy without consolidated metadata. */
  keys?(): Iterable<string>;
}

type Node = Readonly<Record<string, unknown>>;

/**
 * Writes draws as an ArviZ InferenceData in Zarr (format 2, not compressed): groups `posterior` and `sample_stats` with consolidated
 * metadata, as `az.from_zarr`, `xarray.open_zarr` and `xarray.open_datatree` read them.
 *
 * @throws {ArgumentError} for a store that cannot be written to.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample } from "@basin/samplers";
 * import { readArvizZarr, writeArvizZarr } from "@basin/samplers/formats";
 *
 * const store = new Map<string, Uint8Array>();
 * await writeArvizZarr(await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, draws: 10 }), store);
 * console.log((await readArvizZarr(store)).names); // ["x[0]", "x[1]"]
 * ```
 */
export async function writeArvizZarr<X extends StateArray>(draws: Draws<X>, store: ZarrStore): Promise<void> {
  if (store.set === undefined)
    throw new ArgumentError("this Zarr store has no `set`, so nothing can be written");
  const zarr = await import("zarrita");
  const writer = new Writer(zarr, store as Zarr.Mutable);
  const attributes = { seed: draws.seed, kernel: draws.kernel, inference_library: "basin" };
  await writer.group("", attributes);
  await writer.dataset("/posterior", draws, posteriorVariables(draws), attributes);
  await writer.dataset("/sample_stats", draws, statisticVariables(draws), attributes);
  await writer.consolidate();
}

const TYPES: Readonly<Record<string, string>> = {
  n_steps: "<i8",
  tree_depth: "<i8",
  diverging: "|b1",
  reached_max_treedepth: "|b1",
  undefined_energy: "|b1",
};

/** Writes format 2, which zarrita reads and fills but creates no metadata for; ArviZ 0.x reads no other. */
class Writer {
  readonly #zarr: typeof Zarr;
  readonly #store: Zarr.Mutable;
  readonly #metadata: Record<string, Node> = {};

  constructor(zarr: typeof Zarr, store: Zarr.Mutable) {
    this.#zarr = zarr;
    this.#store = store;
  }

  async group(path: string, attributes: Node): Promise<void> {
    await this.#put(`${path}/.zgroup`, { zarr_format: 2 });
    await this.#put(`${path}/.zattrs`, attributes);
  }

  async dataset<X extends StateArray>(
    path: string,
    draws: Draws<X>,
    variables: readonly Variable[],
    attributes: Node,
  ): Promise<void> {
    await this.group(path, attributes);
    const count = (length: number) => Float64Array.from({ length }, (_, i) => i);
    await this.#array(`${path}/chain`, ["chain"], [draws.chains.length], "<i8", count(draws.chains.length));
    await this.#array(`${path}/draw`, ["draw"], [draws.draws], "<i8", count(draws.draws));
    for (const { name, shape, labels, data } of variables) {
      const axes = labels.map((_, axis) => `${name}_dim_${axis}`);
      for (const [axis, values] of labels.entries()) {
        const numbers = Float64Array.from(values, Number);
        await this.#array(`${path}/${axes[axis]}`, [axes[axis]], [numbers.length], "<i8", numbers);
      }
      await this.#array(`${path}/${name}`, ["chain", "draw", ...axes], shape, TYPES[name] ?? "<f8", data);
    }
  }

  async consolidate(): Promise<void> {
    await this.#put("/.zmetadata", { zarr_consolidated_format: 1, metadata: { ...this.#metadata } });
  }

  async #array(
    path: string,
    dimensions: readonly string[],
    shape: readonly number[],
    dtype: string,
    data: Float64Array,
  ): Promise<void> {
    // One chunk a chain.
    const chunks = dimensions[0] === "chain" && shape.length > 1 ? [1, ...shape.slice(1)] : shape;
    // A fill value of whole numbers would be taken for missing draws.
    const fill_value = dtype === "<f8" ? "NaN" : null;
    const rest = { compressor: null, filters: null, order: "C", dimension_separator: "." };
    await this.#put(`${path}/.zarray`, { zarr_format: 2, shape, chunks, dtype, fill_value, ...rest });
    await this.#put(`${path}/.zattrs`, { _ARRAY_DIMENSIONS: dimensions });
    const zarr = this.#zarr;
    const array = await zarr.open.v2(zarr.root(this.#store).resolve(path), { kind: "array" });
    await zarr.set(array, null, {
      data: this.#typed(dtype, data),
      shape: [...shape],
      stride: strides(shape),
    } as never);
  }

  #typed(dtype: string, data: Float64Array): unknown {
    if (dtype === "<f8") return data;
    if (dtype === "<i8") return BigInt64Array.from(data, BigInt);
    return new this.#zarr.BoolArray(Uint8Array.from(data).buffer);
  }

  async #put(key: string, value: Node): Promise<void> {
    this.#metadata[key.slice(1)] = value;
    await this.#store.set(key as `/${string}`, new TextEncoder().encode(JSON.stringify(value)));
  }
}

function strides(shape: readonly number[]): number[] {
  const out = new Array<number>(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis], axis--) out[axis] = step;
  return out;
}

/**
 * Returns the draws of an ArviZ InferenceData in Zarr, format 2 or 3, compressed or not: the variables of the group `posterior` as
 * coordinates `name` or `name[label,…]`, labeled by the variables of their axes, and the statistics of `sample_stats`.
 *
 * @throws {ArgumentError} for a store without a group `posterior`, or one whose contents cannot be listed.
 *
 * @example
 * ```ts
 * import { readArvizZarr } from "@basin/samplers/formats";
 *
 * await readArvizZarr(new Map()).catch((error) => console.log(error.message)); // … no group "posterior" …
 * ```
 */
export async function readArvizZarr(store: ZarrStore): Promise<Draws> {
  const zarr = await import("zarrita");
  const reader = new Reader(zarr, store);
  const posterior = await reader.variables("posterior");
  return drawsOf(posterior, await reader.variables("sample_stats"));
}

class Reader {
  readonly #zarr: typeof Zarr;
  readonly #store: ZarrStore;

  constructor(zarr: typeof Zarr, store: ZarrStore) {
    this.#zarr = zarr;
    this.#store = store;
  }

  /** Returns the variables of a group that lie over chains and draws. */
  async variables(group: string): Promise<Variable[]> {
    const names = (await this.#arrays()).flatMap((path) => {
      const [first, name, ...deeper] = path.slice(1).split("/");
      return first === group && name !== undefined && deeper.length === 0 ? [name] : [];
    });
    if (names.length === 0 && group === "posterior") {
      throw new ArgumentError(
        'this Zarr hierarchy has no group "posterior" of arrays, as an InferenceData has',
      );
    }
    const found = await Promise.all(
      names.map(async (name) => ({ name, array: await this.#open(`/${group}/${name}`) })),
    );
    const axes = new Map(found.map(({ name, array }) => [name, array]));
    const variables: Variable[] = [];
    for (const { name, array } of found) {
      const dimensions = dimensionsOf(array);
      if (dimensions[0] !== "chain" || dimensions[1] !== "draw") continue;
      const { data } = await this.#zarr.get(array);
      const labels = await Promise.all(
        array.shape.slice(2).map((length, axis) => this.#labels(axes.get(dimensions[axis + 2]), length)),
      );
      variables.push({ name, shape: array.shape, labels, data: numbers(data) });
    }
    return variables;
  }

  #open(path: `/${string}`): Promise<Zarr.Array<Zarr.DataType, Zarr.Readable>> {
    return this.#zarr.open(this.#zarr.root(this.#store as Zarr.Readable).resolve(path), { kind: "array" });
  }

  async #labels(
    axis: Zarr.Array<Zarr.DataType, Zarr.Readable> | undefined,
    length: number,
  ): Promise<(string | number)[]> {
    const count = Array.from({ length }, (_, i) => i);
    if (axis === undefined || axis.shape.length !== 1 || axis.shape[0] !== length) return count;
    try {
      const { data } = await this.#zarr.get(axis);
      return Array.from(data as Iterable<unknown>, (label) =>
        typeof label === "string" ? label : Number(label),
      );
    } catch {
      // Labels of a type that zarrita does not decode, dates say, are counted instead.
      return count;
    }
  }

  async #arrays(): Promise<string[]> {
    const store = await this.#zarr.withMaybeConsolidatedMetadata(this.#store as Zarr.AsyncReadable);
    if ("contents" in store) {
      return store.contents().flatMap(({ path, kind }) => (kind === "array" ? [path] : []));
    }
    if (this.#store.keys === undefined) {
      throw new ArgumentError(
        "this Zarr store has neither consolidated metadata nor `keys`, so it cannot be listed",
      );
    }
    const paths = [...this.#store.keys()].flatMap((key) => {
      const match = /^(\/.+)\/(\.zarray|zarr\.json)$/.exec(key);
      return match === null ? [] : [match[1]];
    });
    return this.#onlyArrays(paths);
  }

  /** A `zarr.json` may be a group's. */
  async #onlyArrays(paths: readonly string[]): Promise<string[]> {
    const kept: string[] = [];
    for (const path of paths) {
      const node = await this.#zarr.open(this.#zarr.root(this.#store as Zarr.Readable).resolve(path));
      if (node instanceof this.#zarr.Array) kept.push(path);
    }
    return kept;
  }
}

function dimensionsOf(array: Zarr.Array<Zarr.DataType, Zarr.Readable>): readonly string[] {
  const names = array.dimensionNames ?? array.attrs._ARRAY_DIMENSIONS;
  return Array.isArray(names) ? names.map(String) : [];
}

function numbers(data: unknown): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data as Iterable<unknown>, Number);
}
