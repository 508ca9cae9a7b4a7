import { ArgumentError } from "@basin/energy-core";
import { checkOptions, encodeText, rowMajorStride } from "@basin/energy-core/internal";
import type * as Zarr from "zarrita";
import type { Draws, StateArray } from "../run/draws.ts";
import type { ArvizGroups } from "./file-draws.ts";
import {
  checkWritable,
  groupsOf,
  posteriorVariables,
  statisticVariables,
  type Variable,
} from "./inference-data.ts";
import { storeBelow } from "./store-below.ts";
import type { ZarrStore } from "./zarr-store.ts";

type Node = Readonly<Record<string, unknown>>;

/**
 * Writes draws as an ArviZ InferenceData in Zarr (format 2, not compressed): the groups `posterior`, `sample_stats` and
 * those given, with consolidated metadata, as `az.from_zarr`, `xarray.open_zarr` and `xarray.open_datatree` read them.
 *
 * @throws {ArgumentError} for a store that cannot be written to, draws that were not kept, and names that no file can
 * have (`a/b`) or that are those of axes (`chain`, `draw`).
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample } from "@basin/samplers";
 * import { readDraws, writeArvizZarr } from "@basin/samplers/formats";
 *
 * const store = new Map<string, Uint8Array>();
 * await writeArvizZarr(await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, draws: 10 }), store);
 * console.log((await readDraws([{ name: "draws.zarr", content: store }])).names); // ["x[0]", "x[1]"]
 * ```
 */
export async function writeArvizZarr<X extends StateArray>(
  draws: Draws<X>,
  store: ZarrStore,
  groups: ArvizGroups = {},
): Promise<void> {
  checkOptions("writeArvizZarr", groups, "posteriorPredictive logLikelihood");
  if (store.set === undefined)
    throw new ArgumentError("this Zarr store has no `set`, so nothing can be written");
  const written = groupsOf(draws, groups).map(([name, own]) => {
    const variables = posteriorVariables(own);
    checkFileNames(own, variables);
    return { name, own, variables };
  });
  const zarr = await import("zarrita");
  const writer = new Writer(zarr, store);
  const attributes = { seed: draws.seed, kernel: draws.kernel, inference_library: "basin" };
  await writer.group("", attributes);
  for (const { name, own, variables } of written)
    await writer.dataset(`/${name}`, own, variables, attributes);
  await writer.dataset("/sample_stats", draws, statisticVariables(draws), attributes);
  await writer.consolidate();
}

function checkFileNames<X extends StateArray>(draws: Draws<X>, variables: readonly Variable[]): void {
  const axes = variables.flatMap(({ name, labels }) => labels.map((_, axis) => `${name}_dim_${axis}`));
  checkWritable(draws, ["chain", "draw", ...axes, ...variables.map(({ name }) => name)]);
  for (const { name } of variables) {
    if (name !== "" && !/[/\\\0]|^\.|^__/.test(name)) continue;
    throw new ArgumentError(
      `the coordinate "${name}" cannot name an array of a Zarr hierarchy; rename it, or write JSON`,
    );
  }
}

const TYPES = new Map(
  Object.entries({
    n_steps: "<i8",
    tree_depth: "<i8",
    diverging: "|b1",
    reached_max_treedepth: "|b1",
    undefined_energy: "|b1",
  }),
);

/** Writes format 2, which zarrita reads and fills but creates no metadata for; ArviZ 0.x reads no other. */
class Writer {
  readonly #zarr: typeof Zarr;
  readonly #store: ZarrStore;
  readonly #metadata: Record<string, Node> = {};

  constructor(zarr: typeof Zarr, store: ZarrStore) {
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
      await this.#array(`${path}/${name}`, ["chain", "draw", ...axes], shape, TYPES.get(name) ?? "<f8", data);
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
    const array = await zarr.open.v2(zarr.root(storeBelow(this.#store, path)), { kind: "array" });
    await zarr.set(array, null, {
      data: this.#typed(dtype, data),
      shape: [...shape],
      stride: rowMajorStride(shape),
    } as never);
  }

  #typed(dtype: string, data: Float64Array): unknown {
    if (dtype === "<f8") return data;
    if (dtype === "<i8") return BigInt64Array.from(data, BigInt);
    return new this.#zarr.BoolArray(Uint8Array.from(data).buffer);
  }

  async #put(key: string, value: Node): Promise<void> {
    this.#metadata[key.slice(1)] = value;
    await this.#store.set?.(key, encodeText(JSON.stringify(value)));
  }
}
