import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterAll, describe, expect, it } from "vitest";
import { basin, resultOf } from "../basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-hopfield-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hopfield = (...args: string[]) => basin("hopfield", ...args);

describe("basin hopfield recall", () => {
  it("recalls ten digits by the pseudo-inverse, where Hebb's rule fails, with the picture asked for", async () => {
    const png = join(folder, "recall.png");
    const common = ["recall", "--patterns", "mnist", "--seed", "1", "--json"];
    const inverse = resultOf((await hopfield(...common, "--rule", "pseudo-inverse", "--png", png)).stdout);
    expect(inverse).toMatchObject({ patterns: 10, neurons: 784, converged: 1 });
    expect(inverse.overlap.mean).toBeGreaterThanOrEqual(0.99);
    expect(inverse.results.length).toBe(10);
    expect(decode(readFileSync(png))).toMatchObject({ width: 472, height: 64 });
    const hebb = resultOf((await hopfield(...common, "--rule", "hebbian")).stdout);
    expect(hebb.overlap.mean).toBeLessThan(0.85);
    const overlaps: number[] = hebb.results.map(({ overlap }: { overlap: number }) => overlap);
    const squares = overlaps.reduce((sum, overlap) => sum + (overlap - hebb.overlap.mean) ** 2, 0);
    expect(hebb.overlap.standardError).toBeCloseTo(Math.sqrt(squares / 9 / 10), 12);
  });

  it("fills in what is masked or cropped, and reads patterns from a file", async () => {
    for (const mask of ["lower", "0.4", "crop:0.8"]) {
      const { stdout } = await hopfield(
        ...["recall", "--patterns", "mnist", "--rule", "pseudo-inverse", "--mask", mask, "--json"],
      );
      expect([mask, resultOf(stdout).exactRecall]).toEqual([mask, 1]);
    }
    const csv = join(folder, "patterns.csv");
    writeFileSync(csv, "a,b,c,d\n1,1,-1,-1\n1,-1,1,-1\n");
    const { code, stdout } = await hopfield("recall", "--patterns", csv, "--flip", "0", "--json");
    expect(code).toBe(0);
    expect(resultOf(stdout)).toMatchObject({
      patterns: 2,
      neurons: 4,
      binarization: "+1 where a value is above 0",
    });
  });
});

describe("basin hopfield generate, capacity and landscape", () => {
  it("says where random starts end", async () => {
    const { stdout } = await hopfield(
      ...["generate", "--count", "3", "--neurons", "100", "--starts", "200", "--seed", "1", "--json"],
    );
    const { shares } = resultOf(stdout);
    const sum = ["stored", "inverse", "mixture", "spurious"].reduce((s, kind) => s + shares[kind].mean, 0);
    expect(sum).toBeCloseTo(1, 12);
    const { mean, standardError } = shares.stored;
    expect(standardError).toBeCloseTo(Math.sqrt((mean * (1 - mean)) / 200), 12);
  });

  it("measures the curve that was asked for, and draws it", async () => {
    const svg = join(folder, "capacity.svg");
    const { stdout } = await hopfield(
      ...["capacity", "--neurons", "100", "--rules", "hebbian,pseudo-inverse", "--loads", "0.05:0.3:0.25"],
      ...["--networks", "3", "--probes", "3", "--seed", "1", "--plot", svg, "--json"],
    );
    const { curve } = resultOf(stdout);
    expect(curve.map((row: { rule: string; load: number }) => [row.rule, row.load])).toEqual([
      ["hebbian", 0.05],
      ["hebbian", 0.3],
      ["pseudo-inverse", 0.05],
      ["pseudo-inverse", 0.3],
    ]);
    expect(curve[1].overlap.mean).toBeLessThan(curve[3].overlap.mean);
    expect(curve[1].overlap.standardError).toBeGreaterThan(0);
    expect(curve[3].exactRecall.mean).toBe(1);
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg/);
  });

  it("gives the same figures on two threads, and maps load against noise", async () => {
    const svg = join(folder, "map.svg");
    const plan = [
      "--loads",
      "0.1,0.3",
      "--noises",
      "0,0.2",
      "--networks",
      "2",
      "--probes",
      "2",
      "--seed",
      "1",
    ];
    const rules = ["--rules", "hebbian,polynomial:3", "--neurons", "60", "--json"];
    const one = resultOf((await hopfield("capacity", ...plan, ...rules)).stdout);
    const two = await hopfield("capacity", ...plan, ...rules, "--workers", "2", "--plot", svg);
    expect(resultOf(two.stdout).curve).toEqual(one.curve);
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg.*share of flipped bits/s);
    const starts = ["generate", "--neurons", "50", "--starts", "60", "--seed", "2", "--json"];
    const [both, alone] = [await hopfield(...starts, "--workers", "2"), await hopfield(...starts)];
    expect(resultOf(both.stdout)).toEqual(resultOf(alone.stdout));
  });

  it("draws the weights", async () => {
    const png = join(folder, "weights.png");
    await hopfield("recall", "--count", "3", "--neurons", "49", "--seed", "1", "--weights-png", png);
    const { width, height, data } = decode(readFileSync(png));
    expect([width, height, data[0], data[50]]).toEqual([49, 49, 128, 128]);
  });

  it("draws the landscape between two patterns", async () => {
    const png = join(folder, "landscape.png");
    const { stdout } = await hopfield(
      ...[
        "landscape",
        "--count",
        "2",
        "--neurons",
        "64",
        "--resolution",
        "9",
        "--seed",
        "1",
        "--plot",
        png,
        "--json",
      ],
    );
    const { lowest, energyOfPatterns, energy, axis } = resultOf(stdout);
    expect(axis.length).toBe(9);
    expect(energy[4][8]).toBeCloseTo(energyOfPatterns[0], 9);
    expect(energy[0][0]).toBe("NaN");
    expect(lowest).toBeLessThanOrEqual(energyOfPatterns[0]);
    expect(existsSync(png)).toBe(true);
  });
});

it.each([
  [["recall", "--mask", "smear:1"], /the hidden part is "smear:1", expected lower, upper/],
  [["recall", "--rule", "exponential", "--weights-png", "never.png"], /no weights to draw/],
  [["landscape", "--resolution", "4"], /resolution is 4, expected an odd number/],
  [["recall", "--flip", "2"], /at most 1/],
  [["recall", "--rule", "oja"], /unknown rule "oja"; known: hebbian/],
  [["recall", "--patterns", "/no/such/file.npy"], /no such file/],
  [["recall", "--dynamics", "slow"], /Allowed choices are asynchronous, synchronous/],
  [["generate", "--starts", "0"], /at least 1/],
  [["capacity", "--loads", "0"], /above 0/],
  [["capacity", "--rules", "oja"], /unknown rule "oja"/],
  [["capacity", "--neurons", "1e99"], /at most/],
  [["landscape", "--pair", "0,99"], /two indices below 10/],
])("refuses %j with code 2", async (args, message) => {
  const { code, stdout, stderr } = await hopfield(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
