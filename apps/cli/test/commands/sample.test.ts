import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { samplerNames } from "@basin/samplers/names";
import { afterAll, describe, expect, it } from "vitest";
import { basin, envelopeOf, resultOf } from "../basin.ts";

const energy = join(import.meta.dirname, "../fixtures/pair-energy.ts");
const spins = join(import.meta.dirname, "../fixtures/spin-energy.ts");
const failing = join(import.meta.dirname, "../fixtures/failing-energies.ts");
const folder = mkdtempSync(join(tmpdir(), "basin-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("basin sample and basin diagnose", () => {
  it("draw, write, and read back the same verdict", async () => {
    const csv = join(folder, "draws.csv");
    const { code, stdout } = await basin(
      "sample",
      energy,
      "--seed",
      "1",
      "--workers",
      "2",
      "--out",
      csv,
      "--json",
    );
    expect(code).toBe(0);
    const { result, warnings, seed } = envelopeOf(stdout);
    expect(result).toMatchObject({ kernel: "nuts", chains: 4, draws: 1000, divergences: 0 });
    expect([seed, warnings]).toEqual([1, []]);
    expect(Math.abs(result.summary["x[0]"].sd - Math.sqrt(4 / 3))).toBeLessThan(0.08);
    const files = [1, 2, 3, 4].map((k) => join(folder, `draws_${k}.csv`));
    const again = resultOf((await basin("diagnose", ...files, "--json")).stdout);
    expect(again).toMatchObject({ summary: result.summary, readAs: "CmdStan's CSV", notes: [] });
    // One file is one chain, and its name without a number is none.
    expect(resultOf((await basin("diagnose", files[2], "--json")).stdout)).toMatchObject({
      chains: 1,
      draws: 1000,
    });
    const whole = await basin("diagnose", csv);
    expect(whole).toMatchObject({ code: 2, stdout: "" });
    expect(whole.stderr).toContain(
      `there is no ${csv}, but ${files[0]}: its chains are in a file each; give all of them`,
    );
    const fewer = await basin("sample", energy, "--chains", "3", "--out", csv);
    expect(fewer).toMatchObject({ code: 2, stdout: "" });
    expect(fewer.stderr).toContain(`${files[3]} is there from a run of more chains; remove it first`);
  });

  it("write ArviZ's JSON, print a table, and name what is wrong", async () => {
    const json = join(folder, "draws.json");
    const { stdout } = await basin(
      "sample",
      energy,
      "--seed",
      "2",
      "--chains",
      "1",
      "--draws",
      "50",
      "--out",
      json,
    );
    expect(stdout).toContain("ESS bulk");
    expect(stdout).toContain("there is one chain only, so R-hat is undefined; run at least two.");
    expect(JSON.parse(readFileSync(json, "utf8")).posterior.x[0]).toHaveLength(50);
    expect((await basin("diagnose", json)).stdout).toContain(
      "Read as ArviZ's InferenceData as JSON.\n1 chain of 50 draws\n",
    );
  });

  it.each([
    [["sample", energy, "--kernel", "slicer"], "Allowed choices are nuts, walnuts, hmc"],
    [["sample", energy, "--draws", "0"], "Expected an integer at least 4"],
    [["sample", energy, "--out", "draws.txt"], "expected a name that ends in .csv, .json or .zarr"],
    [["sample", energy, "--export", "model"], 'exports no "model"'],
    [["sample", energy, "--kernel-options", "[1]"], "Expected a JSON object"],
    [["sample", "missing.ts"], "ENOENT"],
    [
      ["sample", energy, "--kernel", "gibbs"],
      'basin: --kernel is "gibbs", which does not fit this energy: gibbs needs states that are values at sites; 2 reals are not; kernels that fit: nuts,',
    ],
    [["diagnose", energy], "pair-energy.ts: this is not CSV: Invalid Opening Quote"],
    [["diagnose", "missing.csv"], "ENOENT"],
    [
      ["diagnose", energy, "--format", "parquet"],
      "Allowed choices are zarr, netcdf, npy, arviz-json, posteriordb, csv",
    ],
    [["diagnose", import.meta.dirname], "this is a folder and no Zarr hierarchy"],
    [["diagnose", energy, import.meta.dirname], "this is a folder and no Zarr hierarchy"],
  ])("refuse %j with exit code 2 and nothing on stdout", async (args, message) => {
    const { code, stdout, stderr } = await basin(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("write Zarr whole over one that is there, and over nothing else", async () => {
    const zarr = join(folder, "draws.zarr");
    const sampled = ["sample", energy, "--draws", "50", "--out", zarr, "--json"];
    await basin(...sampled, "--seed", "3");
    const { code, stdout } = await basin(...sampled, "--seed", "4");
    expect(code).toBe(0);
    const again = await basin("diagnose", zarr, "--json");
    const [first, second] = [stdout, again.stdout].map(resultOf);
    expect(second.summary).toEqual(first.summary);
    expect(second.perChain).toEqual(first.perChain);
    expect(readdirSync(folder).filter((name) => name.startsWith("draws.zarr"))).toEqual(["draws.zarr"]);
    const precious = join(folder, "precious.zarr");
    mkdirSync(precious);
    const refused = await basin("sample", energy, "--out", precious);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("is no Zarr hierarchy; remove it first");
  });

  it("say what a file was taken for and what was left out, and take options where it has two readings", async () => {
    const table = join(folder, "table.csv");
    const rows = Array.from(
      { length: 8 },
      (_, t) => `${t < 4 ? 3 : 5},${(t * 7) % 5},${t === 3 ? "NA" : t / 2}`,
    );
    writeFileSync(table, `walker,mu,tau\n${rows.join("\n")}\n`);
    const refused = await basin("diagnose", table);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain(
      'the column "walker" is constant over 2 blocks of 4 rows: it may label chains',
    );
    const { stdout } = await basin("diagnose", table, "--chain-column", "walker");
    expect(stdout).toContain(
      'Read as a table of draws, chains by the column "walker".\nNote: tau lacks 1 of 8 values',
    );
    expect(stdout).toContain("2 chains of 4 draws");
    const one = resultOf((await basin("diagnose", table, "--chain-column", "none", "--json")).stdout);
    expect(Object.keys(one.summary)).toEqual(["walker", "mu", "tau"]);
    writeFileSync(table, rows.join("\n"));
    const bare = resultOf((await basin("diagnose", table, "--no-header", "--chains", "2", "--json")).stdout);
    expect(bare).toMatchObject({
      chains: 2,
      draws: 4,
      notes: ["the columns have no names and are numbered", "x[2] lacks 1 of 8 values, the first on line 4"],
    });
  });

  it("leave out one observation after another where a file has the log likelihood", async () => {
    const file = join(folder, "likelihood.json");
    const chain = (shift: number) => Array.from({ length: 50 }, (_, t) => Math.sin(t * t + shift));
    const log = (shift: number) => chain(shift).map((mu) => [0, 1, 9].map((y) => -0.5 * (y - mu) ** 2));
    const groups = { posterior: { mu: [chain(0), chain(1)] }, log_likelihood: { y: [log(0), log(1)] } };
    writeFileSync(file, JSON.stringify(groups));
    const { stdout } = await basin("diagnose", file);
    expect(stdout).toMatch(
      /Leaving out one of 3 observations \(PSIS-LOO\): expected log density -[\d.]+ ± [\d.]+, effective parameters [\d.]+, greatest k-hat -?[\d.]+\n/,
    );
    const { result, warnings } = envelopeOf((await basin("diagnose", file, "--json")).stdout);
    expect(result.leaveOneOut.pointwise).toHaveLength(3);
    expect(warnings).toEqual(expect.arrayContaining(result.leaveOneOut.warnings));
  });

  it("list the formats in the help of diagnose", async () => {
    const { stdout } = await basin("diagnose", "--help");
    for (const [name, description] of Object.entries(samplerNames.format)) {
      expect(stdout).toContain(`  ${name.padEnd(12)} ${description}`);
    }
  });

  it("read CmdStan's files of a chain each", async () => {
    const text = (shift: number) =>
      ["# max_depth = 2", "lp__,accept_stat__,treedepth__,divergent__,energy__,mu"]
        .concat(
          Array.from({ length: 8 }, (_, t) => `${-t},0.9,${1 + (t % 2)},0,${t + 1},${(t * 7 + shift) % 5}`),
        )
        .join("\n");
    const files = [1, 2].map((k) => join(folder, `chain-${k}.csv`));
    for (const [k, file] of files.entries()) writeFileSync(file, text(k));
    const { stdout } = await basin("diagnose", ...files, "--json");
    const { result, warnings } = envelopeOf(stdout);
    expect(result).toMatchObject({ chains: 2, draws: 8, perChain: { "chain 0": { saturated: 4 } } });
    expect(warnings.join()).toContain("8 of 16 draws stopped at the greatest tree depth");
  });

  it.each([
    ["nuts", energy, {}],
    ["hmc", energy, { metric: "dense" }],
    ["mala", energy, {}],
    ["random-walk", energy, { metric: "dense" }],
    ["slice", energy, {}],
    ["ula", energy, { stepSize: 0.1 }],
    ["sgld", energy, { stepSize: 0.1 }],
    ["metropolis", spins, {}],
    ["heat-bath", spins, { order: "sequential" }],
    ["gibbs", spins, { neighbors: [[1], [0, 2], [1]] }],
    ["gibbs-with-gradients", spins, {}],
    ["discrete-langevin", spins, {}],
  ])("sample with %s", async (kernel, module, options) => {
    const { code, stdout } = await basin(
      ...["sample", module, "--kernel", kernel, "--kernel-options", JSON.stringify(options)],
      ...["--seed", "5", "--chains", "2", "--warmup", "200", "--draws", "400", "--json"],
    );
    expect(code).toBe(0);
    const result = resultOf(stdout);
    expect(result).toMatchObject({ kernel, draws: 400 });
    expect(Object.keys(result.summary)).toEqual(
      module === spins ? ["left", "middle", "right"] : ["x[0]", "x[1]"],
    );
    expect(result.perChain["chain 1"].acceptance).toBeGreaterThan(0.05);
  });

  it.each([
    ["climbing", "in coordinate 1 it is"],
    ["throwing", "The last failed with: no data"],
    ["nowhere", "no start was found in 100 random states"],
    ["factory", "threw: the data file is missing"],
  ])("name what is wrong with an energy: %s", async (name, message) => {
    const { code, stdout, stderr } = await basin("sample", failing, "--export", name, "--seed", "1");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("warn of a region of NaN, with its place and what to do", async () => {
    const { code, stdout } = await basin("sample", failing, "--export", "undefinedAbove", "--seed", "1");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /draws met an energy or gradient of NaN, the first in chain \d at draw \d+ near x\[0\] = /,
    );
  });

  it("keep the chains that were finished when a thread dies, and run the rest when asked again", async () => {
    process.env.BASIN_TEST_DYING = join(folder, "died");
    const checkpoint = join(folder, "run.bin");
    const args = ["sample", failing, "--export", "dying", "--seed", "6", "--json"];
    const died = await basin(...args, "--checkpoint", checkpoint);
    expect(died).toMatchObject({ code: 2, stdout: "" });
    expect(died.stderr).toContain(
      `its thread died (exit code 9) (2 of 4 chains were finished; they are kept in ${checkpoint}, and the same command with --resume runs the rest)`,
    );
    const resumed = resultOf((await basin(...args, "--checkpoint", checkpoint, "--resume")).stdout);
    const whole = resultOf((await basin(...args)).stdout);
    expect(resumed.summary).toEqual(whole.summary);
    expect(resumed.perChain).toEqual(whole.perChain);
  });
});
