import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { numberList } from "../src/options/readers.ts";
import { toJson, withError } from "../src/output.ts";

const main = new URL("../src/main.ts", import.meta.url).pathname;

function basin(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const flags = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, main, ...args], {
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

describe("basin", () => {
  it("refuses what it does not know with code 2, on stderr alone", () => {
    for (const args of [
      ["frobnicate"],
      ["tour", "--seed", "-1"],
      ["tour", "--seed", "1e99"],
      ["tour", "--nope"],
    ]) {
      const { code, stdout, stderr } = basin(...args);
      expect([args, code, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toMatch(/^basin: /);
    }
    expect(basin("tour", "--seed", "-1").stderr).toMatch(/integer at least 0/);
  });

  it("gives help with code 0", () => {
    const { code, stdout } = basin("--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: basin/);
  });
});

describe("options and output", () => {
  it("reads lists and ranges with both ends", async () => {
    expect(await numberList()("1.5:1.8:0.1,3")).toEqual([1.5, 1.6, 1.7, 1.8, 3]);
    for (const text of ["", "1:2", "2:1:0.1", "1:2:0", "1:1e9:1e-9", "a"])
      await expect(numberList()(text)).rejects.toThrow();
  });

  it("keeps what JSON would lose", () => {
    expect(JSON.parse(toJson({ a: Float64Array.of(1, NaN), b: -Infinity }))).toEqual({
      a: [1, "NaN"],
      b: "-Infinity",
    });
  });

  it("rounds a mean to the place of its error", () => {
    expect(withError({ mean: 0.911321, standardError: 0.000123 })).toBe("0.91132 ± 0.00012");
    expect(withError({ mean: 12.3456, standardError: 0 })).toBe("12.3456");
    expect(withError({ mean: 0.9985, standardError: 1e-17 })).toBe("0.9985");
  });
});
