import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { basin, envelopeOf, lastOfEach, resultOf } from "../basin.ts";

const ising = (...args: string[]) => basin("ising", ...lastOfEach(args));

describe("basin ising simulate", () => {
  const base = ["simulate", "--lattice", "square", "--size", "64", "--temperature", "2.0", "--sweeps", "400"];

  it("prints one JSON object with the figures, the exact values and the speed", async () => {
    const { code, stdout } = await ising(...base, "--algorithm", "metropolis", "--seed", "1", "--json");
    expect(code).toBe(0);
    const { result: figures, seed, options } = envelopeOf(stdout);
    for (const [name, truth] of [
      ["magnetization", 0.911319],
      ["absoluteMagnetization", 0.911319],
      ["energyPerSite", -1.745565],
    ] as const) {
      expect(figures[name].standardError).toBeLessThan(0.01);
      expect(Math.abs(figures[name].mean - truth)).toBeLessThan(4.89 * figures[name].standardError);
    }
    expect(figures.exact.magnetization).toBeCloseTo(0.911319, 6);
    expect(figures.exact.energyPerSite).toBeCloseTo(-1.745565, 5);
    expect(figures.performance.flipsPerNanosecond).toBeTypeOf("number");
    expect(figures).toMatchObject({ start: "ordered", warmup: 200, sweeps: 400 });
    expect([seed, options.lattice]).toEqual([1, "square"]);
  });

  it("prints a table, and repeats it for the same seed", async () => {
    const table = async () => (await ising(...base, "--seed", "7")).stdout.replace(/.* flips\/ns.*/, "");
    const tables = [await table(), await table()];
    expect(tables[0]).toMatch(/\|magnetization\| .* exact 0.91131938 of the infinite lattice\n/);
    expect(tables[1]).toBe(tables[0]);
  });

  it("takes replicas together, with the same figures on any number of threads", async () => {
    const figures = async (...more: string[]) => {
      const found = await ising(...base, "--seed", "3", "--replicas", "3", "--json", ...more);
      expect(found.code).toBe(0);
      const { runs, performance: _, ...pooled } = resultOf(found.stdout);
      return { ...pooled, series: runs.map((run: { energyPerSite: object }) => run.energyPerSite) };
    };
    const [one, two] = [await figures(), await figures("--workers", "2")];
    expect(two).toEqual(one);
    expect(one).toMatchObject({ replicas: 3, seed: 3, algorithm: "metropolis" });
    expect(one.series).toHaveLength(3);
    expect((await ising(...base, "--replicas", "2")).stdout).toContain("2 × 200 + 400 sweeps");
  });

  it("keeps a run and goes on with its seed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "basin-"));
    const kept = ["--checkpoint", join(folder, "run"), "--json"];
    const first = envelopeOf((await ising(...base, ...kept)).stdout);
    expect((await ising(...base, ...kept)).stderr).toContain("holds a run already; give --resume to go on");
    kept.push("--resume");
    const again = envelopeOf((await ising(...base, ...kept)).stdout);
    expect([again.seed, again.result.energyPerSite]).toEqual([first.seed, first.result.energyPerSite]);
    const other = await ising(...base, ...kept, "--coupling", "2");
    expect([other.code, other.stdout]).toEqual([2, ""]);
    expect(other.stderr).toContain("the checkpoint is of another run: its model is");
    const several = await ising(...base, ...kept, "--replicas", "2");
    expect(several.stderr).toContain('the checkpoint is of "simulate", expected one of "simulateAll"');
    rmSync(folder, { recursive: true });
  });

  it("takes a coupling for each direction", async () => {
    const { stdout } = await ising(...base, "--coupling", "1,0.5", "--json");
    expect(envelopeOf(stdout).options.coupling).toEqual([1, 0.5]);
    expect((await ising(...base, "--coupling", "1,2,3")).code).toBe(2);
  });

  it.each([
    [["--lattice", "hexagon"], "Allowed choices are chain, square, triangular, honeycomb, kagome, cubic"],
    [["--temperature", "-1"], "at least 0"],
    [["--size", "0"], "integers from 1 to 32768"],
    [["--sweeps", "1e99"], "at most 1000000000"],
    [["--algorithm", "magic"], "Allowed choices are metropolis, heat-bath, wolff, swendsen-wang, kawasaki"],
    [["--start", "hot"], "Allowed choices are ordered, random"],
    [["--boundary", "twisted"], "Allowed choices are periodic, open"],
    [["--size", "many"], "Expected a side"],
    [["--field", "0.1", "--algorithm", "wolff"], "metropolis or heat-bath"],
  ])("refuses %j with code 2, saying what is allowed", async (wrong, message) => {
    // What is missing is said only when nothing is wrong.
    const alone = wrong.length === 2 && (await ising("simulate", ...wrong)).stderr;
    if (alone) expect(alone).toContain(message);
    const { code, stdout, stderr } = await ising(...base, ...wrong);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

describe("basin ising snapshot and exact", () => {
  it("draws a pixel a spin", async () => {
    const folder = mkdtempSync(join(tmpdir(), "basin-"));
    const png = join(folder, "spins.png");
    const { code } = await ising(
      "snapshot",
      "--size",
      "32x64",
      "--temperature",
      "1",
      "--sweeps",
      "50",
      "--seed",
      "1",
      "--png",
      png,
    );
    expect(code).toBe(0);
    expect(decode(readFileSync(png))).toMatchObject({ width: 64, height: 32, channels: 1 });
    rmSync(folder, { recursive: true });
  });

  it("prints exact values", async () => {
    const { stdout } = await ising("exact", "--temperature", "2.5", "--size", "32", "--json");
    const { infinite, torus } = resultOf(stdout);
    expect(infinite.magnetization).toBe(0);
    expect(torus.energyPerSite).toBeCloseTo(-1.107292, 6);
    expect((await ising("exact", "--temperature", "2")).stdout).toContain("0.9113");
    expect((await ising("exact", "--temperature", "2", "--size", "0")).code).toBe(2);
  });
});

describe("basin ising exact, for chains and strips", () => {
  const exact = async (...args: string[]) => ising("exact", "--temperature", "2", "--json", ...args);

  it("solves them by transfer matrices", async () => {
    const found = resultOf((await exact("--lattice", "chain", "--size", "1", "--infinite")).stdout);
    expect(found.strip.energyPerSite).toBeCloseTo(-Math.tanh(0.5), 12);
    const scaled = resultOf((await exact("--size", "6x4", "--coupling", "2")).stdout);
    const strip = resultOf((await exact("--size", "6x4", "--coupling", "2,2.0000001")).stdout);
    expect(strip.strip.energyPerSite).toBeCloseTo(scaled.torus.energyPerSite, 5);
    expect(scaled.infinite.criticalTemperature).toBeCloseTo(2 * 2.269185, 5);
  });

  it.each([
    [["--lattice", "triangular"], "without --size"],
    [["--field", "1"], "without --size"],
    [["--size", "20", "--field", "1"], "rows of 20 spins are too wide"],
    [["--lattice", "cubic", "--size", "3"], "not for a cubic one"],
    [["--lattice", "chain", "--size", "4", "--temperature", "0"], "temperature is 0"],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await exact(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

describe("basin ising temper", () => {
  const base = [
    "temper",
    "--size",
    "6",
    "--disorder",
    "plus-minus",
    "--temperatures",
    "0.6:1.8:0.4",
    "--sweeps",
    "200",
    "--seed",
    "2",
  ];

  it("prints each temperature with its overlap, and the swaps", async () => {
    const { levels, swapRates } = resultOf((await ising(...base, "--json")).stdout);
    expect(levels.map(({ temperature }: { temperature: number }) => temperature)).toEqual([1.8, 1.4, 1, 0.6]);
    expect(levels[3].overlap.absolute.mean).toBeGreaterThan(levels[0].overlap.absolute.mean);
    expect(swapRates).toHaveLength(3);
    const { code, stdout } = await ising(...base, "--replicas", "1");
    expect(code).toBe(0);
    expect(stdout).not.toContain("chi_SG");
  });

  it("refuses a ladder that repeats", async () => {
    expect((await ising(...base, "--temperatures", "1,1")).stderr).toContain("It has 1 twice");
  });
});

describe("basin ising scan", () => {
  const base = ["scan", "--temperatures", "2.1,2.4", "--sizes", "8,16", "--sweeps", "300", "--seed", "3"];

  it("prints every point and where the cumulants cross, and writes a table and plots", async () => {
    const folder = mkdtempSync(join(tmpdir(), "basin-"));
    const csv = join(folder, "scan.csv");
    const { code, stdout } = await ising(...base, "--json", "--csv", csv, "--plot", join(folder, "scan.svg"));
    expect(code).toBe(0);
    const { points, crossings } = resultOf(stdout);
    expect(points).toHaveLength(4);
    expect(points[3]).toMatchObject({ size: 16, temperature: 2.4 });
    expect(crossings[0].sizes).toEqual([8, 16]);
    expect(readFileSync(csv, "utf8").trim().split("\n")).toHaveLength(5);
    const chart = readFileSync(join(folder, "scan.svg"), "utf8");
    for (const title of ["Magnetization per spin", "Susceptibility", "Specific heat", "Binder's cumulant"])
      expect(chart).toContain(title);
    rmSync(folder, { recursive: true });
  });

  it("prints the same table on any number of threads", async () => {
    const { stdout } = await ising(...base);
    expect((await ising(...base, "--workers", "2")).stdout).toBe(stdout);
    expect(stdout.split("\n").filter((line) => line.startsWith("16"))).toHaveLength(2);
  });

  it("refuses sizes before it simulates any", async () => {
    expect((await ising(...base, "--lattice", "honeycomb", "--sizes", "8,7")).code).toBe(2);
    expect((await ising(...base, "--temperatures", "0")).stderr).toContain("above 0");
  });
});
