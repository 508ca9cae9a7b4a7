import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { basin, envelopeOf, lastOfEach, resultOf } from "../basin.ts";

const potts = (...args: string[]) => basin("potts", ...lastOfEach(args));

describe("basin potts simulate", () => {
  const base = ["simulate", "--states", "3", "--size", "8", "--temperature", "0.9", "--draws", "2000"];

  it("prints a table with errors, the same for the same seed", async () => {
    const [one, two] = [await potts(...base, "--seed", "1"), await potts(...base, "--seed", "1")];
    expect(one.code).toBe(0);
    expect(one.stdout).toContain(
      "3 labels on square 8 × 8, T = 0.9, wolff: 400 + 2000 steps, start ordered, seed 1",
    );
    expect(one.stdout).toMatch(/order parameter +0\.\d+ ± 0\.\d+ +τ = /);
    expect(one.stdout).toContain("T_c of the infinite lattice 0.994973");
    expect(two.stdout).toBe(one.stdout);
  });

  it("prints one JSON object, and a picture with a color for each label", async () => {
    const folder = mkdtempSync(join(tmpdir(), "basin-"));
    const png = join(folder, "labels.png");
    const { stdout } = await potts(...base, "--temperature", "3", "--seed", "2", "--json", "--png", png);
    const { result: figures, options, seed } = envelopeOf(stdout);
    expect(figures).toMatchObject({ states: 3, sites: 64, algorithm: "wolff" });
    expect([options.size, options.png, seed]).toEqual([8, png, 2]);
    for (const name of ["orderParameter", "energyPerSite", "specificHeat", "susceptibility", "binder"])
      expect(figures[name].standardError).toBeGreaterThan(0);
    expect(figures.orderParameter.mean).toBeLessThan(0.5);
    expect(figures.exact.criticalTemperature).toBeCloseTo(1 / Math.log(1 + Math.sqrt(3)), 12);
    const { width, height, data } = decode(readFileSync(png));
    expect([width, height]).toEqual([8, 8]);
    const colors = new Set(Array.from({ length: 64 }, (_, i) => String(data.slice(3 * i, 3 * i + 3))));
    expect(colors.size).toBe(3);
    rmSync(folder, { recursive: true });
  });

  it("shows both phases of a transition of first order, where the run met both", async () => {
    const ten = [
      "simulate",
      "--states",
      "10",
      "--size",
      "8",
      "--algorithm",
      "swendsen-wang",
      "--draws",
      "12000",
    ];
    const { stdout } = await potts(...ten, "--temperature", "0.72", "--seed", "1", "--json");
    const { phases } = resultOf(stdout);
    expect(phases.low.visits).toBeGreaterThan(3);
    expect(phases.low.peak).toBeLessThan(phases.high.peak);
    expect((await potts(...ten, "--temperature", "0.72", "--seed", "1")).stdout).toMatch(
      /disordered +peak at -\d/,
    );
    expect((await potts(...ten, "--temperature", "5", "--seed", "1")).stdout).not.toContain("peak at");
  });

  it("takes a field for each label, and says nothing of T_c then", async () => {
    const { stdout } = await potts(...base, "--field", "0,2,0", "--seed", "1", "--json");
    const figures = resultOf(stdout);
    expect(figures.exact).toBeUndefined();
    expect(figures.energyPerSite.mean).toBeLessThan(-3.9);
  });

  it("says why --device auto took no GPU", async () => {
    const { code, stdout } = await potts(...base, "--seed", "1", "--device", "auto");
    expect([code, stdout]).toEqual([0, expect.stringContaining("no GPU is used: a GPU runs metropolis and")]);
  });

  it("refuses bad input with code 2", async () => {
    for (const [args, message] of [
      [[...base, "--coupling", "-1"], "expected at least 0 for wolff"],
      [[...base, "--field", "1,2"], "field has length 2, expected 192"],
      [[...base, "--states", "1"], "at least 2"],
      [[...base, "--algorithm", "kawasaki"], "wolff, swendsen-wang, heat-bath, metropolis"],
      [["simulate", "--size", "8", "--temperature", "1"], "--states"],
      [[...base, "--device", "gpu"], "a GPU runs metropolis and heat-bath, not wolff"],
    ] as const) {
      const { code, stdout, stderr } = await potts(...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(message);
    }
  });
});

describe("basin potts scan", () => {
  const base = [
    "scan",
    "--states",
    "3",
    "--sizes",
    "4,8",
    "--temperatures",
    "0.9:1.2:0.1",
    "--draws",
    "1500",
  ];

  it("prints every point and where the ratios of two sizes cross", async () => {
    const { stdout } = await potts(...base, "--seed", "1");
    expect(stdout.match(/^[48] /gm)).toHaveLength(8);
    expect(stdout).toMatch(/U4 of L = 4 and 8 cross at T = [01]\.\d+ ± /);
    expect(stdout).toContain("T_c of the infinite lattice 0.994973");
  });

  it("prints them as JSON, with the temperatures that were asked for", async () => {
    const figures = resultOf((await potts(...base, "--seed", "1", "--json")).stdout);
    expect(figures.points).toHaveLength(8);
    expect(figures.points[0]).toMatchObject({ size: 4, states: 3 });
    expect(figures.crossings[0].sizes).toEqual([4, 8]);
  });
});
