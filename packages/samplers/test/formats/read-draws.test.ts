import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type DrawFormatName, drawFormatNames, drawFormats } from "../../src/formats/draw-formats.ts";
import { readDraws } from "../../src/formats/index.ts";
import { series } from "../../src/index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le"));

describe("what a file is, is found from what it holds and not from its name", () => {
  test.each<[string, Uint8Array, string]>([
    ["draws.json", bytes("mu\n1\n2\n"), "a table of draws, a column a quantity"],
    ["draws.csv", bytes('\uFEFF {"posterior": {"mu": [[1, 2]]}}'), "ArviZ's InferenceData as JSON"],
    ["draws.txt", bytes('[{"mu": [1, 2]}]'), "posteriordb's JSON, an object a chain"],
    ["draws", gzipSync("mu\n1\n2\n"), "a table of draws, a column a quantity"],
    ["draws.csv", utf16("mu\n1\n2\n"), "a table of draws, a column a quantity"],
  ])("%s", async (name, content, readAs) => {
    const draws = await readDraws([{ name, content }]);
    expect(draws.readAs).toBe(readAs);
    expect(series(draws, "mu").map((chain) => [...chain])).toEqual([[1, 2]]);
  });
  test("files of several formats are chains of one run", async () => {
    const draws = await readDraws([
      { name: "a.csv", content: bytes("mu\n1\n2\n") },
      { name: "b.json", content: bytes('{"posterior": {"mu": [[3, 4], [5, 6]]}}') },
    ]);
    expect(draws.chains).toHaveLength(3);
    expect(draws.readAs).toBe("a table of draws, a column a quantity; ArviZ's InferenceData as JSON");
  });
});

describe("files that are not read say what they are and what to do", () => {
  test.each<[string, Uint8Array, string]>([
    ["a.nc", bytes("CDF\x01"), "this file is netCDF 3"],
    ["a.npz", bytes("PK\x03\x04"), "this file is a ZIP archive"],
    ["a.parquet", bytes("PAR1"), "this file is Parquet"],
    ["a.rds", gzipSync("X\n\0\0\0\x03"), "this file is R's own format; in R: write.csv"],
    ["a.pkl", Uint8Array.of(0x80, 4, 0x95), "this file is a Python pickle"],
    ["a.bin", Uint8Array.of(1, 2, 0, 3), "this file is binary and of no format that Basin knows"],
    ["a.p", bytes("[ID: 123]\nGen\tLnL\n1\t-5\n"), "a table of MrBayes, whose first line is no heading"],
    ["a.gz", gzipSync("mu\n1\n").subarray(0, 12), "a.gz: damaged gzip data"],
  ])("%s", async (name, content, message) => {
    await expect(readDraws([{ name, content }])).rejects.toThrow(message);
  });
});

test("one bad file among many is the one that is named", async () => {
  const good = Array.from({ length: 20 }, (_, k) => ({
    name: `chain_${k}.csv`,
    content: bytes(`mu,tau\n${k},1\n2,3\n`) as Uint8Array,
  }));
  const with13 = (content: Uint8Array) => good.toSpliced(13, 1, { name: "chain_13.csv", content });
  const bad: [string, RegExp][] = [
    ["mu,tau\n1,x\n2,3\n", /^chain_13\.csv: line 2 has "x" as tau, expected a number$/],
    ["mu\n1\n2\n", /^chain_13\.csv has other quantities than chain_0\.csv: it lacks "tau"$/],
    ["mu,tau\n1,2\n", /^chain_13\.csv has 1 draws, chain_0\.csv has 2; chains must be equally long$/],
    ["mu,tau\n7,1\n2,3\n", /^two of the files hold the same draws \(chain_7\.csv and chain_13\.csv\)/],
    ["", /^chain_13\.csv: this text holds no draws$/],
    ["{", /^chain_13\.csv: this is not JSON/],
  ];
  for (const [text, message] of bad) await expect(readDraws(with13(bytes(text)))).rejects.toThrow(message);
  expect((await readDraws(good)).chains).toHaveLength(20);
});

test("the table of formats names each and refuses the rest", async () => {
  expect(drawFormatNames).toEqual(["zarr", "netcdf", "npy", "arviz-json", "posteriordb", "csv"]);
  for (const { description } of Object.values(drawFormats)) expect(description).toMatch(/^\S.*[^.]$/);
  const content = bytes("mu\n1\n");
  const as = (format: string) => readDraws([{ name: "a", content }], { format: format as DrawFormatName });
  await expect(as("parquet")).rejects.toThrow('unknown format "parquet"; known: zarr, netcdf');
  await expect(as("zarr")).rejects.toThrow("a: this is a file, and a Zarr hierarchy is a folder");
  await expect(as("npy")).rejects.toThrow(
    "a: this file, byte 0: found 109, expected 147 of the .npy signature",
  );
  await expect(as("arviz-json")).rejects.toThrow("a: this is not JSON");
  const folder = readDraws([{ name: "a", content: new Map<string, Uint8Array>() }], { format: "csv" });
  await expect(folder).rejects.toThrow("a: this is a folder, expected a file");
});

describe("values that are no files of draws", () => {
  const file = { name: "a.csv", content: "mu\n1\n2\n" };

  test.each<[unknown, string]>([
    [undefined, "files is undefined, expected a list of files { name, content }"],
    ["a.csv", 'files is the string "a.csv"'],
    [Uint8Array.of(1), "files is a Uint8Array"],
    [[undefined], "files[0] is undefined, expected { name, content }"],
    [[file, { name: "b.csv" }], "files[1] is an object with the keys name, expected { name, content }"],
    [[{ content: "mu\n1\n" }], "files[0] is an object with the keys content"],
    [[{ name: "a.csv", content: 5 }], "the content of a.csv is 5, expected text, a Uint8Array, or the store"],
    [[{ name: "a.csv", content: [1] }], "the content of a.csv is an array of length 1"],
  ])("are named: %o", async (files, message) => {
    await expect(readDraws(files as never)).rejects.toThrow(message);
  });

  test.each<[object, string]>([
    [{ chains: "2" }, 'chains is the string "2", expected an integer at least 1'],
    [{ header: "yes" }, 'header is the string "yes", expected true or false'],
    [{ axes: "chain,draw" }, 'axes is the string "chain,draw", expected a list of names'],
    [{ chainColumn: 1 }, "chainColumn is 1, expected the name of a column"],
  ])("so are options: %o", async (options, message) => {
    await expect(readDraws([file], options as never)).rejects.toThrow(message);
  });
});
