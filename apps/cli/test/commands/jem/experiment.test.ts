import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { basin } from "../../basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-experiment-"));
afterAll(() => rmSync(folder, { recursive: true }));

const experiment = (...args: string[]) => basin("jem", "experiment", ...args);

describe("basin jem experiment", () => {
  const small = ["--problems", "two moons", "--updates", "2", "--seed", "3"];

  it("refuses what it does not know, with nothing on stdout and nothing written", async () => {
    const bad = join(folder, "bad");
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await experiment(...args);
      expect([args, code, stdout]).toEqual([args, 2, ""]);
      return stderr;
    };
    expect(await refused("q3")).toMatch(/Known: q1, q2, density/);
    expect(await refused("q1", "--problems", "cifar", "--out", bad)).toMatch(/unknown problem "cifar"/);
    expect(await refused("q1", "--seeds", "0")).toMatch(/at least 1/);
    expect(existsSync(bad)).toBe(false);
    const q2 = join(folder, "q2");
    mkdirSync(q2);
    writeFileSync(join(q2, "results.json"), JSON.stringify({ experiment: "q2", seed: 3, results: [] }));
    expect(await refused("q1", ...small, "--out", q2)).toMatch(/holds results of "q2", expected of "q1"/);
    writeFileSync(join(q2, "results.json"), "{");
    expect(await refused("q2", ...small, "--out", q2)).toMatch(/is not JSON/);
  });
});
