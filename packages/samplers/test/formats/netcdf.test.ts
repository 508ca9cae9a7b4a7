import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { readDraws } from "../../src/formats/index.ts";
import { series, statistic } from "../../src/index.ts";

const fixture = new Uint8Array(readFileSync(new URL("../fixtures/h5netcdf.nc", import.meta.url)));
const read = (content: Uint8Array) => readDraws([{ name: "draws.nc", content }]);

describe("an InferenceData that h5netcdf 1.6 wrote, compressed", () => {
  test("is read with its labels, axes by name, types and statistics", async () => {
    const draws = await read(fixture);
    expect(draws.readAs).toBe("ArviZ's InferenceData in netCDF");
    expect(draws.names).toEqual(
      [
        "mu",
        "packed",
        "theta[Choate]",
        "theta[Deerfield]",
        "theta[Andover]",
        "turned[0]",
        "turned[1]",
      ].toSorted((a, b) => draws.names.indexOf(a) - draws.names.indexOf(b)),
    );
    expect({ chains: draws.chains.length, draws: draws.draws }).toEqual({ chains: 2, draws: 5 });
    expect([...series(draws, "mu")[1]]).toEqual([5, 6, 7, 8, 9]);
    expect([...series(draws, "theta[Deerfield]")[1]]).toEqual([16, 19, 22, 25, 28]);
    // Written as [draw, theta_dim, chain].
    expect([...series(draws, "turned[1]")[0]]).toEqual([2, 6, 10, 14, 18]);
    expect([...series(draws, "packed")[0]]).toEqual([10, 10.5, 11, Number.NaN, 12]);
    expect([...statistic(draws, "diverged")[0]]).toEqual([1, 0, 0, 1, 0]);
    expect([...statistic(draws, "energy")[1]]).toEqual([5, 6, 7, 8, 9]);
  });
  test("with what is not read or used in the notes, and nothing else printed", async () => {
    const complaints = vi.spyOn(console, "warn");
    const { notes } = await read(fixture);
    expect(notes).toEqual([
      'the variable "word" is not read: it holds text',
      "not used of sample_stats: largest_eigval",
    ]);
    expect(complaints).not.toHaveBeenCalled();
    complaints.mockRestore();
  });
});

test("a file that is cut, and one that is no netCDF, are refused", async () => {
  await expect(read(fixture.subarray(0, 400))).rejects.toThrow("draws.nc: this is not a complete HDF5 file");
  await expect(read(Uint8Array.of(0x89, 0x48, 0x44, 0x46))).rejects.toThrow(
    "draws.nc: this is not a complete HDF5 file",
  );
});

test("the groups beside the posterior that ArviZ 0.23.4 wrote", async () => {
  const content = new Uint8Array(readFileSync(new URL("../fixtures/arviz-groups.nc.gz", import.meta.url)));
  const { names, notes, posteriorPredictive, logLikelihood } = await read(content);
  expect([names, notes]).toEqual([["mu"], []]);
  expect(posteriorPredictive?.names).toEqual(["y[0]", "y[1]"]);
  expect(logLikelihood && series(logLikelihood, "y[1]").map((chain) => [...chain])).toEqual([
    [-1, -3, -5],
    [-7, -9, -11],
  ]);
});
