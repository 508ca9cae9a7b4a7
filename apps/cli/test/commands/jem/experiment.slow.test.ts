import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { basin, envelopeOf } from "../../basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-experiment-"));
afterAll(() => rmSync(folder, { recursive: true }));

const experiment = (...args: string[]) => basin("jem", "experiment", ...args);
const small = ["--problems", "two moons", "--updates", "2", "--seed", "3"];

describe("basin jem experiment", () => {
  it("q1 prints a row a method and k", async () => {
    const { code, stdout: text } = await experiment("q1", ...small, "--seeds", "1");
    expect(code).toBe(0);
    for (const name of ["CD", "PCD", "CD, time-reversal weights", "PGD + cross-entropy", "PGD + BCE"]) {
      for (const k of [1, 5, 20]) expect(text).toContain(`\n${name}, k = ${k} `);
    }
  });

  it("q2: a row a head, kept, charted, and taken up where it was left", async () => {
    const out = join(folder, "q2");
    const first = await experiment("q2", ...small, "--seeds", "1", "--workers", "2", "--out", out, "--json");
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
});
