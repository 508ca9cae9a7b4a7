import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

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
