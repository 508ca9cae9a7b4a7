import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { basin, resultOf } from "../../basin.ts";
import { freshFolder } from "../../folder.ts";

const ising = (...args: string[]) => basin("ising", ...args);

const folder = freshFolder("solve");

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
      "--method",
      "anneal",
      "--out",
      out,
      "--json",
    );
    expect(code).toBe(0);
    expect(resultOf(stdout)).toMatchObject({ cut: 400, energy: -400, certificate: "local", reads: 128 });
    const { states } = resultOf(stdout);
    const { spins, assignment, states: written } = JSON.parse(readFileSync(out, "utf8"));
    expect(spins).toHaveLength(40);
    expect(written).toHaveLength(5);
    expect(written[0]).toMatchObject({ spins, assignment, cut: 400, energy: -400 });
    expect(states).toEqual(written.map(({ spins: _, ...rest }: { spins: number[] }) => rest));
    expect([assignment["1"], assignment["40"]]).toEqual([spins[0], spins[39]]);
    expect(await ising("verify", graph, out)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/cut 400.*as the/),
    });
    const lie = file("lie.json", JSON.stringify({ spins, cut: 401 }));
    const caught = await ising("verify", graph, lie, "--json");
    expect([caught.code, resultOf(caught.stdout).agrees]).toEqual([1, false]);
  });

  it("proves what is small, whatever the format, and obeys the clock", async () => {
    const text = "p qubo 0 2 1 1\n0 0 -1\n0 1 2\n";
    const { stdout } = await ising("solve", file("a.qubo", text), "--json");
    expect(resultOf(stdout)).toMatchObject({
      energy: -1,
      certificate: "exact",
      assignment: { 0: 1, 1: 0 },
    });
    const timed = await ising("solve", file("k50.txt", complete(50)), "--until", "time=200ms", "--json");
    expect(resultOf(timed.stdout)).toMatchObject({ cut: 625, stopped: "timeLimit" });
    expect((await ising("solve", file("k10.txt", complete(10)))).stdout).toMatch(
      /read as gset.*numbered from 1[\s\S]*cut 25 .*\nproven/,
    );
  });

  it("searches on the CPU where auto finds no GPU that serves, says so, and refuses what a GPU has no use for", async () => {
    const graph = file("dense.txt", complete(300));
    const asked = ["solve", graph, "--method", "anneal", "--sweeps", "9"];
    const { code, stdout } = await ising(...asked, "--device", "auto", "--json");
    expect([code, resultOf(stdout).device]).toEqual([0, "cpu"]);
    expect(JSON.parse(stdout).warnings).toEqual([
      expect.stringContaining("no GPU is used: the GPU anneals sparse graphs"),
    ]);
    const refused = await ising(...asked, "--device", "gpu");
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("takes 300 colors")]);
    const threads = await ising(...asked, "--device", "gpu", "--workers", "2");
    expect([threads.code, threads.stderr]).toEqual([2, expect.stringContaining("a GPU has no threads")]);
  });

  it("takes what a file does not say from the command line", async () => {
    const pairs = file("pairs.txt", "2 3\n1 1 -3\n2 2 -3\n1 2 1\n");
    const asked = ["--kind", "qubo", "--maximize", "--offset", "2", "--inverse-temperatures", "0.5:4"];
    const { stdout } = await ising("solve", pairs, ...asked, "--json");
    expect(resultOf(stdout)).toMatchObject({ kind: "qubo", energy: -2, objective: 2, numberedFrom: 1 });
    const range = await ising(
      "solve",
      file("k40.txt", complete(40)),
      "--sweeps",
      "9",
      ...asked.slice(5),
      "--json",
    );
    expect(resultOf(range.stdout)).toMatchObject({ inverseTemperatures: [0.5, 4] });
    const people = file("people.csv", "person,friend\nann,bob\nbob,cy\n");
    expect((await ising("solve", people, "--heading")).stdout).toMatch(/ann = -?1, bob = -?1, cy = -?1/);
  });

  it("goes on after a file that cannot be read, and ends with code 2", async () => {
    const files = [
      file("good.txt", complete(3)),
      file("odd.txt", "3 1\n1 2 nan\n"),
      join(folder, "missing.txt"),
      file("good.csv", "a,b\nb,c\n"),
    ];
    const { code, stdout, stderr } = await ising("solve", ...files, "--json");
    expect([code, resultOf(stdout).map(({ cut }: { cut?: number }) => cut)]).toEqual([
      2,
      [2, undefined, undefined, 2],
    ]);
    expect(stderr).toMatch(/odd\.txt, line 2[\s\S]*ENOENT/);
  });

  it.each(["auto", "exact", "elimination", "anneal", "tempering", "tabu"])(
    "has an answer where the reduction leaves nothing, by %s",
    async (method) => {
      const single = file("single.coo", "# vartype=SPIN\n0 0 1\n");
      const { code, stdout } = await ising("solve", single, "--method", method, "--json");
      expect([code, resultOf(stdout)]).toMatchObject([0, { energy: -1, assignment: { 0: -1 } }]);
    },
  );

  it.each([
    [["solve", join(folder, "missing.txt")], /ENOENT/],
    [["solve", file("bad.txt", "2 1\n1 3 1\n")], /line 2, column 3: a node is "3"/],
    [["solve", file("bad.txt", "2 1\n1 3 1\n"), "--format", "gml"], /Allowed choices are auto, gset, dimacs/],
    [["solve", file("b.txt", complete(3)), "--until", "time=soon"], /duration above 0/],
    [["solve", file("b.txt", complete(3)), "--reads", "0"], /integer/],
    [
      ["solve", file("b.txt", complete(3)), "--method", "guess"],
      /Allowed choices are auto, exact, elimination, anneal/,
    ],
    [["verify", file("b.txt", complete(3)), file("c.json", '{"spins": [1, 1]}')], /2 spins, the problem 3/],
    [["verify", file("b.txt", complete(3)), file("d.json", '{"spins": [1, 1, 0]}')], /spins\[2\] is 0/],
    [["verify", file("b.txt", complete(3)), file("e.json", "{")], /not valid JSON/],
    [
      ["verify", file("b.txt", complete(3)), file("f.json", '{"assignment": {"1": 1, "2": 1}}')],
      /nothing to the variable "3"/,
    ],
    [["solve", file("b.txt", complete(3)), "--inverse-temperatures", "8:1"], /hot ≤ cold/],
    [
      ["solve", file("b.txt", complete(3)), file("b.txt", complete(3)), "--out", "x.json"],
      /--out is of one file, but there are 2/,
    ],
    [["solve", file("loops.txt", "2 2\n1 1 5\n1 2 1\n")], /loops\.txt, 1 pair of the file joins.*--kind/],
  ])("refuses %j with code 2", async (args, message) => {
    const { code, stdout, stderr } = await ising(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});

describe("basin ising verify", () => {
  const penalty = file("penalty.qubo", "p qubo 0 2 2 1\n0 0 -0.2\n1 1 -0.325\n0 1 1000000.0\n");
  it.each([
    [{ energy: -0.325, spins: [-1, 1] }, 0],
    [{ energy: -0.325, bits: [0, 1] }, 0],
    [{ energy: -0.32500000000000001, assignment: { 0: 0, 1: 1 } }, 0],
    [{ energy: -0.3250000000001, bits: [0, 1] }, 1],
    [{ energy: "-0.325", bits: [0, 1] }, 1],
  ])("compares over the file's own terms, up to their rounding: %j", async (solution, code) => {
    const found = await ising("verify", penalty, file("claim.json", JSON.stringify(solution)), "--json");
    expect([found.code, resultOf(found.stdout)]).toMatchObject([
      code,
      { energy: -0.325, agrees: code === 0 },
    ]);
    expect(resultOf(found.stdout).tolerance).toBeLessThan(1e-15);
  });
});
