import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { basin, envelopeOf, resultOf } from "../../basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-experiment-"));
afterAll(() => rmSync(folder, { recursive: true }));

const experiment = (...args: string[]) => basin("jem", "experiment", ...args);

describe("basin jem experiment", () => {
  const small = ["--problems", "two moons", "--updates", "2", "--seed", "3"];

  it("q2: a row a head, kept, charted, and taken up where it was left", async () => {
    const out = join(folder, "q2");
    const first = await experiment("q2", ...small, "--seeds", "1", "--out", out, "--json");
    expect(first.code).toBe(0);
    const { result: report, seed } = envelopeOf(first.stdout);
    expect(seed).toBe(3);
    expect(report.rows.map((row: { head: string }) => row.head).sort()).toEqual([
      "centered+scalar",
      "centered+scalar",
      "logits",
      "logits",
      "logits+scalar",
      "logits+scalar",
    ]);
    const exact = report.rows.find(
      (row: { head: string; separate: boolean }) => row.head[0] === "c" && row.separate,
    );
    expect(exact.measures.movement.mean).toBeLessThan(1e-6);
    for (const file of ["two-moons-movement.svg", "two-moons-accuracy.svg"]) {
      expect(readFileSync(join(out, file), "utf8")).toMatch(/^<svg [\s\S]*centered\+scalar, two nets/);
    }
    const kept = readFileSync(join(out, "results.json"), "utf8");
    const again = await experiment("q2", ...small, "--seeds", "1", "--out", out, "--resume");
    expect(again.stdout).toContain("two moons: 2 updates, 1 seed,");
    expect(again.stdout).toContain("one step on log p(x) alone");
    expect(readFileSync(join(out, "results.json"), "utf8")).toBe(kept);
    expect(readdirSync(out).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("gives the same numbers on one thread as on two", async () => {
    const rows = async (...args: string[]) => resultOf((await experiment(...args, "--json")).stdout).rows;
    const one = await rows("q2", ...small, "--seeds", "1", "--workers", "1");
    const two = await rows("q2", ...small, "--seeds", "1", "--out", join(folder, "q2"), "--resume");
    expect(one).toEqual(two);
  }, 120_000);

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
    expect(await refused("q1", ...small, "--out", q2)).toMatch(/holds results of "q2", expected of "q1"/);
    writeFileSync(join(q2, "results.json"), "{");
    expect(await refused("q2", ...small, "--out", q2)).toMatch(/is not JSON/);
  });
});
