import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { basin } from "./basin.ts";

const ising = (...args: string[]) => basin("ising", ...args);

const folder = mkdtempSync(join(tmpdir(), "basin-solve-"));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The complete graph of n nodes: its largest cut is ⌊n²/4⌋. */
function complete(n: number): string {
  const lines: string[] = [];
  for (let i = 1; i <= n; i++) for (let j = i + 1; j <= n; j++) lines.push(`${i} ${j} 1`);
  return `${n} ${lines.length}\n${lines.join("\n")}\n`;
}

afterEach(() => {
  process.exitCode = 0;
});

describe("basin ising solve", () => {
  it("anneals a graph and writes a solution that verify confirms", async () => {
    const graph = file("k40.txt", complete(40));
    const out = join(folder, "solution.json");
    const { code, stdout } = await ising(
      "solve",
      graph,
      "--seed",
      "1",
      "--sweeps",
      "100",
      "--out",
      out,
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      cut: 400,
      energy: -400,
      certificate: "local",
      reads: 128,
      seed: 1,
    });
    const { spins } = JSON.parse(readFileSync(out, "utf8"));
    expect(spins).toHaveLength(40);
    expect(await ising("verify", graph, out)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/cut 400.*as the/),
    });
    const lie = file("lie.json", JSON.stringify({ spins, cut: 401 }));
    const caught = await ising("verify", graph, lie, "--json");
    expect([caught.code, JSON.parse(caught.stdout).agrees]).toEqual([1, false]);
  });

  it("proves what is small, whatever the format, and obeys the clock", async () => {
    const text = "p qubo 0 2 1 1\n0 0 -1\n0 1 2\n";
    const { stdout } = await ising("solve", file("a.qubo", text), "--json");
    expect(JSON.parse(stdout)).toMatchObject({ energy: -1, certificate: "exact" });
    const timed = await ising("solve", file("k50.txt", complete(50)), "--time", "200ms", "--json");
    expect(JSON.parse(timed.stdout)).toMatchObject({ cut: 625 });
    expect((await ising("solve", file("k10.txt", complete(10)))).stdout).toMatch(/cut 25 .*\nproven/);
  });

  it.each([
    [["solve", join(folder, "missing.txt")], /ENOENT/],
    [["solve", file("bad.txt", "2 1\n1 3 1\n")], /line 2, column 3: a node is "3"/],
    [["solve", file("bad.txt", "2 1\n1 3 1\n"), "--format", "gml"], /known: gset, dimacs/],
    [["solve", file("b.txt", complete(3)), "--time", "soon"], /duration above 0/],
    [["solve", file("b.txt", complete(3)), "--reads", "0"], /integer/],
    [["solve", file("b.txt", complete(3)), "--method", "guess"], /known: auto, exact, elimination, anneal/],
    [["verify", file("b.txt", complete(3)), file("c.json", '{"spins": [1, 1]}')], /2 spins, the problem 3/],
    [["verify", file("b.txt", complete(3)), file("d.json", '{"spins": [1, 1, 0]}')], /spins\[2\] is 0/],
    [["verify", file("b.txt", complete(3)), file("e.json", "{")], /not valid JSON/],
  ])("refuses %j with code 2", async (args, message) => {
    const { code, stdout, stderr } = await ising(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});
