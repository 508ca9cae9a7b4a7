import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { readArvizZarr, writeArvizZarr } from "../../src/formats/index.ts";
import { nuts, sample, series, statistic, summary } from "../../src/index.ts";
import energy from "../fixtures/module-energy.ts";

type Store = Map<string, Uint8Array>;
const json = (store: Store, key: string) => JSON.parse(new TextDecoder().decode(store.get(key)));
const withoutConsolidated = (store: Store): Store => {
  const copy = new Map(store);
  copy.delete("/.zmetadata");
  return copy;
};

describe("what is written is read back", async () => {
  const draws = await sample(energy, nuts(), { seed: 2, chains: 2, draws: 20, warmup: 100 });
  const store: Store = new Map();
  await writeArvizZarr(draws, store);
  test.each([
    ["by its consolidated metadata", store],
    ["by its keys", withoutConsolidated(store)],
  ])("%s", async (_, kept) => {
    const back = await readArvizZarr(kept);
    expect(back.names).toEqual(draws.names);
    for (const [k, chain] of back.chains.entries()) {
      expect(chain.positions).toEqual(draws.chains[k].positions);
      expect(chain.stats).toEqual(draws.chains[k].stats);
    }
    expect(summary(back)).toEqual(summary(draws));
  });
  test("as format 2 with ArviZ's names, types and dimensions", () => {
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
