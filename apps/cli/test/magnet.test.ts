import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { describe, expect, it, vi } from "vitest";
import { buildProgram } from "../src/program.ts";
import { run } from "../src/run.ts";

/** Runs the command in this process: a new one for each case would cost a second each. */
async function ising(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      out[stream] += text;
      return true;
    }),
  );
  try {
    return { code: await run(buildProgram(), ["node", "basin", "ising", ...args]), ...out };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe("basin ising simulate", () => {
  const base = ["simulate", "--lattice", "square", "--size", "64", "--temperature", "2.0", "--sweeps", "400"];

  it("prints one JSON object with the figures, the exact values and the speed", async () => {
    const { code, stdout } = await ising(...base, "--algorithm", "metropolis", "--seed", "1", "--json");
    expect(code).toBe(0);
    const figures = JSON.parse(stdout);
    for (const name of ["magnetization", "absoluteMagnetization", "energyPerSpin"]) {
      expect(figures[name].standardError).toBeGreaterThan(0);
      expect(Math.abs(figures[name].mean)).toBeGreaterThan(0.8);
    }
    expect(figures.exact.magnetization).toBeCloseTo(0.911319, 6);
    expect(figures.exact.energyPerSpin).toBeCloseTo(-1.745565, 5);
    expect(figures.performance.flipsPerNanosecond).toBeGreaterThan(0);
    expect(figures).toMatchObject({ start: "ordered", warmup: 200, sweeps: 400, seed: 1, lattice: "square" });
  });

  it("prints a table, and repeats it for the same seed", async () => {
    const table = async () => (await ising(...base, "--seed", "7")).stdout.replace(/.* flips\/ns.*/, "");
    const tables = [await table(), await table()];
    expect(tables[0]).toContain("exact 0.91131938");
    expect(tables[1]).toBe(tables[0]);
  });

  it.each([
    [["--lattice", "hexagon"], "known: chain, square, triangular, honeycomb, cubic"],
    [["--temperature", "-1"], "at least 0"],
    [["--size", "0"], "at least 1 and at most 32768"],
    [["--sweeps", "1e99"], "at most 1000000000"],
    [["--algorithm", "magic"], "known: metropolis, heat-bath, wolff, swendsen-wang, kawasaki"],
    [["--start", "hot"], "known: ordered, random"],
    [["--boundary", "twisted"], "known: periodic, open"],
    [["--size", "many"], "Expected a side"],
    [["--field", "0.1", "--algorithm", "wolff"], "metropolis or heat-bath"],
  ])("refuses %j with code 2, saying what is allowed", async (wrong, message) => {
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
    const { infinite, torus } = JSON.parse(stdout);
    expect(infinite.magnetization).toBe(0);
    expect(torus.energyPerSpin).toBeCloseTo(-1.107292, 6);
    expect((await ising("exact", "--temperature", "2")).stdout).toContain("0.9113");
    expect((await ising("exact", "--temperature", "2", "--size", "0")).code).toBe(2);
  });
});

describe("basin ising scan", () => {
  const base = ["scan", "--temperatures", "2.1,2.4", "--sizes", "8,16", "--sweeps", "300", "--seed", "3"];

  it("prints every point and where the cumulants cross, and writes a table and plots", async () => {
    const folder = mkdtempSync(join(tmpdir(), "basin-"));
    const csv = join(folder, "scan.csv");
    const { code, stdout } = await ising(...base, "--json", "--csv", csv, "--svg", folder);
    expect(code).toBe(0);
    const { points, crossings } = JSON.parse(stdout);
    expect(points).toHaveLength(4);
    expect(points[3]).toMatchObject({ size: 16, temperature: 2.4 });
    expect(crossings[0].sizes).toEqual([8, 16]);
    expect(readFileSync(csv, "utf8").trim().split("\n")).toHaveLength(5);
    for (const name of ["magnetization", "susceptibility", "specific-heat", "binder"]) {
      expect(readFileSync(join(folder, `${name}.svg`), "utf8")).toMatch(/^<svg/);
    }
    rmSync(folder, { recursive: true });
  });

  it("prints a table", async () => {
    const { stdout } = await ising(...base);
    expect(stdout.split("\n").filter((line) => line.startsWith("16"))).toHaveLength(2);
  });

  it("refuses sizes before it simulates any", async () => {
    expect((await ising(...base, "--lattice", "honeycomb", "--sizes", "8,7")).code).toBe(2);
    expect((await ising(...base, "--temperatures", "0")).stderr).toContain("above 0");
  });
});
