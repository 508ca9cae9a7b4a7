import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { buildProgram } from "../src/program.ts";
import { run } from "../src/run.ts";

async function basin(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      out[stream] += text;
      return true;
    }),
  );
  try {
    return { code: await run(buildProgram(), ["node", "basin", ...args]), ...out };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const energy = join(import.meta.dirname, "fixtures/pair-energy.ts");
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
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      seed: 1,
      kernel: "nuts",
      chains: 4,
      draws: 1000,
      divergences: 0,
      warnings: [],
    });
    expect(Math.abs(result.summary["x[0]"].sd - Math.sqrt(4 / 3))).toBeLessThan(0.08);
    const again = JSON.parse((await basin("diagnose", csv, "--json")).stdout);
    expect(again.summary).toEqual(result.summary);
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
    expect((await basin("diagnose", json)).stdout).toContain("1 chains of 50 draws by file");
  });

  it.each([
    [["sample", energy, "--kernel", "slicer"], 'unknown kernel "slicer"; known: nuts, hmc'],
    [["sample", energy, "--draws", "0"], "Expected an integer at least 4"],
    [["sample", energy, "--out", "draws.txt"], "expected a name that ends in .csv or .json"],
    [["sample", energy, "--export", "model"], 'exports no "model"'],
    [["sample", energy, "--kernel-options", "[1]"], "expected a JSON object"],
    [["sample", "missing.ts"], "ENOENT"],
    [["diagnose", energy], "file 0"],
  ])("refuse %j with exit code 2 and nothing on stdout", async (args, message) => {
    const { code, stdout, stderr } = await basin(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
