import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { readArvizZarr } from "../../src/formats/arviz-zarr.ts";
import { writeArvizZarr } from "../../src/formats/index.ts";
import { nuts, sample, series, statistic } from "../../src/index.ts";
import energy from "../fixtures/module-energy.ts";

type Store = Map<string, Uint8Array>;
const json = (store: Store, key: string) => JSON.parse(new TextDecoder().decode(store.get(key)));
const withoutConsolidated = (store: Store): Store => {
  const copy = new Map(store);
  copy.delete("/.zmetadata");
  return copy;
};

describe("what is written", async () => {
  const draws = await sample(energy, nuts(), { seed: 2, chains: 2, draws: 20, warmup: 100 });
  const store: Store = new Map();
  await writeArvizZarr(draws, store);
  test("is read back without consolidated metadata", async () => {
    const back = await readArvizZarr(withoutConsolidated(store));
    expect(back.chains.map(({ positions, stats }) => ({ positions, stats }))).toEqual(
      draws.chains.map(({ positions, stats }) => ({ positions, stats })),
    );
  });
  test("is format 2 with ArviZ's names, types and dimensions", () => {
    expect(json(store, "/.zgroup")).toEqual({ zarr_format: 2 });
    expect(json(store, "/posterior/x/.zarray")).toMatchObject({
      shape: [2, 20, 2],
      chunks: [1, 20, 2],
      dtype: "<f8",
    });
    expect(json(store, "/posterior/x/.zattrs")).toEqual({ _ARRAY_DIMENSIONS: ["chain", "draw", "x_dim_0"] });
    expect(json(store, "/sample_stats/diverging/.zarray")).toMatchObject({ dtype: "|b1", fill_value: null });
    expect(json(store, "/sample_stats/n_steps/.zarray")).toMatchObject({ dtype: "<i8", fill_value: null });
    // A chunk is the draws of one chain, little-endian.
    const chunk = store.get("/posterior/x/1.0.0") as Uint8Array;
    const numbers = new Float64Array(
      chunk.buffer.slice(chunk.byteOffset, chunk.byteOffset + chunk.byteLength),
    );
    expect(numbers).toEqual(draws.chains[1].positions);
    expect(Object.keys(json(store, "/.zmetadata").metadata)).toContain("sample_stats/energy/.zarray");
  });
  test("coordinates of matrices come back with the indices they had", async () => {
    const names = ["m[1,1]", "m[1,2]", "m[2,1]", "m[2,2]", "lone[3]", "sigma"];
    const positions = draws.chains.map(() => Float64Array.from({ length: 20 * 6 }, (_, at) => at));
    const chains = draws.chains.map((chain, k) => ({ ...chain, positions: positions[k] }));
    const matrix: Store = new Map();
    await writeArvizZarr({ ...draws, names, dimension: 6, chains }, matrix);
    expect(json(matrix, "/posterior/m/.zarray").shape).toEqual([2, 20, 2, 2]);
    const back = await readArvizZarr(matrix);
    expect([...back.names].sort()).toEqual([...names].sort());
    for (const [i, name] of names.entries()) expect(series(back, name)[1][3]).toBe(18 + i);
  });
});

describe("a hierarchy that xarray 2023.1 wrote, compressed by Blosc", () => {
  const fixture = readFileSync(new URL("../fixtures/xarray-zarr.json", import.meta.url), "utf8");
  const entries = Object.entries(JSON.parse(fixture) as Record<string, string>);
  const store: Store = new Map(
    entries.map(([key, text]) => [key, new Uint8Array(Buffer.from(text, "base64"))]),
  );
  test.each([
    ["by its consolidated metadata", store],
    ["by its keys", withoutConsolidated(store)],
  ])("is read %s, with its labels, types and statistics", async (_, kept) => {
    const draws = await readArvizZarr(kept);
    expect([...draws.names].sort()).toEqual([
      "cov[0,0]",
      "cov[0,1]",
      "cov[1,0]",
      "cov[1,1]",
      "mu",
      "theta[Choate]",
      "theta[Deerfield]",
      "theta[Phillips Andover]",
    ]);
    expect({ chains: draws.chains.length, draws: draws.draws }).toEqual({ chains: 2, draws: 10 });
    expect([...series(draws, "theta[Deerfield]")[1].slice(0, 2)]).toEqual([31, 34]);
    expect([...series(draws, "cov[1,0]")[0].slice(0, 2)]).toEqual([2, 6]);
    expect([...statistic(draws, "diverged")[0]]).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);
    expect([...statistic(draws, "treeDepth")[1]]).toEqual(new Array(10).fill(3));
  });
});

test("format 3 is read, and what is no InferenceData is refused", async () => {
  const store: Store = new Map();
  const root = zarr.root(store as never);
  await zarr.create(root);
  await zarr.create(root.resolve("posterior"));
  const array = await zarr.create(root.resolve("posterior/mu"), {
    shape: [1, 4],
    chunkShape: [1, 4],
    dtype: "float64",
    dimensionNames: ["chain", "draw"],
  });
  await zarr.set(array as never, null, {
    data: Float64Array.of(1, 2, 3, 4),
    shape: [1, 4],
    stride: [4, 1],
  } as never);
  const draws = await readArvizZarr(store);
  expect([...series(draws, "mu")[0]]).toEqual([1, 2, 3, 4]);
  await expect(readArvizZarr(new Map())).rejects.toThrow('no group "posterior" of arrays');
  await expect(readArvizZarr({ get: () => undefined })).rejects.toThrow("cannot be listed");
  await expect(writeArvizZarr(draws, { get: () => undefined })).rejects.toThrow("has no `set`");
});

/**
 * Returns format 2 by hand: arrays of 0, 1, 2 … in the order of `axes`, whatever the order of memory and the chunks.
 */
function byHand(
  arrays: Record<
    string,
    {
      axes?: string[];
      shape: number[];
      order?: "C" | "F";
      chunks?: number[];
      dtype?: string;
      attributes?: object;
      fill?: unknown;
      filters?: unknown;
      values?: number[];
    }
  >,
): Store {
  const store: Store = new Map();
  const put = (key: string, value: unknown) =>
    store.set(key, new TextEncoder().encode(JSON.stringify(value)));
  put("/.zgroup", { zarr_format: 2 });
  put("/posterior/.zgroup", { zarr_format: 2 });
  for (const [name, array] of Object.entries(arrays)) {
    const {
      axes,
      shape,
      order = "C",
      chunks = shape,
      dtype = "<f8",
      attributes,
      fill = null,
      filters = null,
      values,
    } = array;
    const rest = { compressor: null, filters, fill_value: fill, zarr_format: 2 };
    put(`/posterior/${name}/.zarray`, { shape, chunks, dtype, order, ...rest });
    put(`/posterior/${name}/.zattrs`, { ...(axes && { _ARRAY_DIMENSIONS: axes }), ...attributes });
    const Type =
      { "<f8": Float64Array, "<i2": Int16Array, "<c16": Float64Array, "|b1": Uint8Array }[dtype] ??
      Float32Array;
    for (const chunk of boxes(shape.map((length, axis) => Math.ceil(length / chunks[axis])))) {
      const numbers = boxes(order === "C" ? chunks : chunks.toReversed()).map((place) => {
        const inside = order === "C" ? place : place.toReversed();
        const index = inside.map((at, axis) => chunk[axis] * chunks[axis] + at);
        const at = index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);
        return values?.[at] ?? at;
      });
      store.set(`/posterior/${name}/${chunk.join(".")}`, new Uint8Array(Type.from(numbers).buffer));
    }
  }
  return store;
}

/** Returns all indices below a shape in row-major order. */
function boxes(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );
}

describe("axes go by name, in any order of names, memory and chunks", () => {
  const lengths: Record<string, number> = { chain: 2, draw: 4, i: 3 };
  const orders = [
    ["chain", "draw", "i"],
    ["draw", "chain", "i"],
    ["i", "draw", "chain"],
    ["draw", "i", "chain"],
    ["i", "chain", "draw"],
    ["chain", "i", "draw"],
  ];
  const cases = orders.flatMap((axes) =>
    (["C", "F"] as const).flatMap((order) => [4, 2, 1].map((most) => ({ axes, order, most }))),
  );
  test.each(cases)("$axes, $order, chunks of $most", async ({ axes, order, most }) => {
    const shape = axes.map((axis) => lengths[axis]);
    const chunks = shape.map((length) => Math.min(length, most));
    const draws = await readArvizZarr(byHand({ mu: { axes, shape, order, chunks } }));
    for (const [chain, draw, i] of boxes([2, 4, 3])) {
      const index: Record<string, number> = { chain, draw, i };
      const expected = axes.reduce((sum, axis) => sum * lengths[axis] + index[axis], 0);
      expect(series(draws, `mu[${i}]`)[chain][draw]).toBe(expected);
    }
  });
});

describe("values are unpacked", () => {
  const axes = ["chain", "draw"];
  const packed = { axes, shape: [1, 5], dtype: "<i2", values: [0, 100, -1, 7, 0] };
  const nan = Number.NaN;
  test.each<[string, object, unknown, number[]]>([
    ["scale and offset", { scale_factor: 0.5, add_offset: 10 }, null, [10, 60, 9.5, 13.5, 10]],
    ["offset alone", { add_offset: 1 }, null, [1, 101, 0, 8, 1]],
    ["a fill value of packed numbers", { scale_factor: 0.5 }, 0, [nan, 50, -0.5, 3.5, nan]],
    ["a fill value", {}, -1, [0, 100, nan, 7, 0]],
    ["a fill value of 0, which Zarr writes unasked", {}, 0, [0, 100, -1, 7, 0]],
    ["_FillValue and missing_value", { _FillValue: 7, missing_value: -1 }, null, [0, 100, nan, nan, 0]],
  ])("%s", async (_, attributes, fill, expected) => {
    const draws = await readArvizZarr(byHand({ mu: { ...packed, attributes, fill } }));
    expect([...series(draws, "mu")[0]]).toEqual(expected);
  });
  test("and booleans are 0 and 1", async () => {
    const draws = await readArvizZarr(
      byHand({ mu: { axes, shape: [1, 3], dtype: "|b1", values: [1, 0, 1] } }),
    );
    expect([...series(draws, "mu")[0]]).toEqual([1, 0, 1]);
  });
});

describe("what cannot be read is named, and the rest is read", () => {
  const axes = ["chain", "draw"];
  const mu = { axes, shape: [1, 4] };
  test.each<[string, object, RegExp]>([
    [
      "complex numbers",
      { axes, shape: [1, 4], dtype: "<c16", values: [] },
      /^the variable "z" is not read: it holds complex numbers \(<c16\)/,
    ],
    [
      "dates",
      { axes, shape: [1, 4], dtype: "<M8[ns]" },
      /^the variable "z" is not read: its type <M8\[ns\] is not one of numbers/,
    ],
    [
      "an unknown codec",
      { axes, shape: [1, 4], filters: [{ id: "quantize", digits: 3 }] },
      /^the variable "z" is not read: Unknown codec: numcodecs\.quantize/,
    ],
    ["axes without names", { shape: [1, 4] }, /^the variable "z" is not read: its axes have no names/],
    [
      "other axes",
      { axes: ["a", "b"], shape: [1, 4] },
      /^the variable "z" is not read: its axes are a,b, without "draw"/,
    ],
  ])("%s", async (_, z, note) => {
    const draws = await readArvizZarr(byHand({ mu, z: z as never }));
    expect(draws.names).toEqual(["mu"]);
    expect(draws.notes).toHaveLength(1);
    expect(draws.notes[0]).toMatch(note);
    await expect(readArvizZarr(byHand({ z: z as never }))).rejects.toThrow(
      'no variable could be read; the variable "z" is not read',
    );
  });
  test("a chunk that is cut off", async () => {
    const store = byHand({ mu, z: mu });
    store.set("/posterior/z/0.0", (store.get("/posterior/z/0.0") as Uint8Array).slice(0, 24));
    const { names, notes } = await readArvizZarr(store);
    expect(names).toEqual(["mu"]);
    expect(notes).toEqual([
      'the variable "z" is not read: its chunk 0.0 holds 3 of 4 numbers: it is cut off or damaged',
    ]);
  });
  test("a variable without chains is one chain", async () => {
    const draws = await readArvizZarr(byHand({ mu: { axes: ["draw"], shape: [4] } }));
    expect(draws.chains).toHaveLength(1);
    expect(draws.notes).toEqual(['"mu" has no axis "chain" and is taken for one chain']);
  });
  test("a group saved alone is a posterior", async () => {
    const store = new Map([...byHand({ mu })].map(([key, value]) => [key.replace("/posterior", ""), value]));
    const draws = await readArvizZarr(store);
    expect(draws).toMatchObject({ names: ["mu"], readAs: "one group of ArviZ's InferenceData in Zarr" });
  });
});

test("names that no file can have, and those of axes, are refused", async () => {
  const draws = await sample(energy, nuts(), { seed: 2, chains: 1, draws: 4, warmup: 10 });
  const write = (...names: string[]) => writeArvizZarr({ ...draws, names }, new Map());
  for (const name of ["", "a/b", ".a", "__a", "a\\b"]) {
    await expect(write(name, "b")).rejects.toThrow(
      `the coordinate "${name}" cannot name an array of a Zarr hierarchy`,
    );
  }
  await expect(write("chain", "b")).rejects.toThrow('the column "chain" comes twice');
  await expect(
    writeArvizZarr({ ...draws, dimension: 2, names: ["a[1]", "a_dim_0"] }, new Map()),
  ).rejects.toThrow("a_dim_0");
});

test("shards of format 3 are read in parts", async () => {
  const store: Store = new Map();
  const put = (key: string, value: unknown) =>
    store.set(key, new TextEncoder().encode(JSON.stringify(value)));
  const little = { name: "bytes", configuration: { endian: "little" } };
  put("/zarr.json", { zarr_format: 3, node_type: "group" });
  put("/posterior/zarr.json", { zarr_format: 3, node_type: "group" });
  put("/posterior/mu/zarr.json", {
    zarr_format: 3,
    node_type: "array",
    shape: [1, 4],
    data_type: "float64",
    chunk_grid: { name: "regular", configuration: { chunk_shape: [1, 4] } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    codecs: [
      {
        name: "sharding_indexed",
        configuration: { chunk_shape: [1, 2], codecs: [little], index_codecs: [little] },
      },
    ],
    fill_value: "NaN",
    dimension_names: ["chain", "draw"],
  });
  const index = BigUint64Array.of(0n, 16n, 16n, 16n);
  const bytes = [Float64Array.of(1, 2, 3, 4), index].flatMap(({ buffer }) => [...new Uint8Array(buffer)]);
  store.set("/posterior/mu/c/0/0", Uint8Array.from(bytes));
  expect([...series(await readArvizZarr(store), "mu")[0]]).toEqual([1, 2, 3, 4]);
});
