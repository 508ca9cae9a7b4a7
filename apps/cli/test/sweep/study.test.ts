import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import type { Settings } from "../../src/command.ts";
import { places, refused } from "../../src/sweep/places.ts";
import { planOf, tasksOf } from "../../src/sweep/plan.ts";
import { parseStudy, readStudy } from "../../src/sweep/study.ts";
import { wordingOf } from "../../src/sweep/wording.ts";
import { commands } from "../../src/table.ts";
import { freshFolder } from "../folder.ts";

const folder = freshFolder("study");
const magnet = {
  command: "ising simulate",
  options: { size: 4, sweeps: 10 },
  grid: { temperature: [1, 2] },
  seed: 1,
};
const solve = { command: "ising solve", options: { files: "p.qubo" }, seeds: [1] };

let files = 0;
async function planned(study: object) {
  const name = join(folder, `${files++}.json`);
  writeFileSync(name, JSON.stringify(study));
  const file = readStudy(name);
  return [...tasksOf(planOf(file.study, await wordingOf(file)))];
}

describe("a study", () => {
  test.each([
    [{ command: "frobnicate" }, /the command "frobnicate" is not known/],
    [{ command: "sweep" }, /the command "sweep" cannot be swept; those that can: ising simulate/],
    [{ ...magnet, sheeds: 1 }, /Unrecognized key: "sheeds"/],
    [{ ...magnet, repeats: 0 }, /repeats: .*>=1 \(it is 0\)/],
    [{ ...magnet, grid: { temperature: [] } }, /grid.temperature/],
    [
      { ...magnet, options: { "--size": 4 } },
      /options.--size: expected an option as the command line writes it, without --/,
    ],
    [{ ...magnet, outputs: { png: "../x.png" } }, /outputs.png: expected a file name/],
    [[], /expected object/],
  ])("that says %j is refused with the place", (study, message) => {
    expect(() => parseStudy(JSON.stringify(study), "s.json")).toThrow(message);
    expect(() => parseStudy(JSON.stringify(study), "s.json")).toThrow(/^s.json: /);
  });

  test.each([
    [{ ...magnet, seed: undefined }, /expected either seed, .* or seeds/],
    [{ ...magnet, seeds: [1] }, /expected either seed, .* or seeds/],
    [{ ...magnet, seed: undefined, seeds: [1], repeats: 2 }, /repeats goes with seed/],
    [{ command: "ising exact", options: { temperature: 1 }, seed: 1 }, /ising exact draws nothing at random/],
    [{ ...magnet, options: { sise: 4 } }, /ising simulate has no option sise. Did you mean size\?/],
    [{ ...magnet, options: { ...magnet.options, workers: 2 } }, /workers is not an option of a study/],
    [{ ...magnet, options: { ...magnet.options, temperature: 2 } }, /temperature stands in two of/],
    [{ ...magnet, grid: { temperature: [1, -1] } }, /'--temperature <T>' argument '-1' is invalid/],
    [{ ...magnet, grid: { ...magnet.grid, algorithm: ["wolf"] } }, /Did you mean wolff\?/],
    [{ ...magnet, grid: { temperature: [2, "2"] } }, /tasks 0 and 1 of the study are the same/],
    [{ ...magnet, options: { size: true } }, /size is "true"|argument 'true' is invalid/],
    [{ ...magnet, options: { sweeps: 10 } }, /ising simulate needs size/],
    [{ ...magnet, list: [{ size: 4 }, { algorithm: "wolff" }], options: {} }, /a row of the list lacks size/],
    [{ ...solve, options: { files: "p.qubo", out: "x.json" } }, /out writes a file: name it under outputs/],
    [
      { ...magnet, options: { ...magnet.options, "checkpoint-every": "1s" } },
      /checkpoint-every.*a task that is cut short is run anew/,
    ],
    [{ ...solve, options: { files: "missing.qubo" } }, /there is no missing.qubo in/],
    [{ ...solve, options: { files: "../p.qubo" } }, /"..\/p.qubo" is not allowed/],
    [{ ...solve, options: { files: "/etc/passwd" } }, /"\/etc\/passwd" is not allowed/],
    [{ ...solve, options: { files: "link.qubo" } }, /link.qubo in .* is a link or a device/],
    [{ ...solve, options: { files: "linked/p.qubo" } }, /linked\/p.qubo in .* is a link or a device/],
  ])("of a command that says %j is refused with the remedy", async (study, message) => {
    writeFileSync(join(folder, "p.qubo"), "1 1\n");
    mkdirSync(join(folder, "real"), { recursive: true });
    try {
      symlinkSync(join(folder, "p.qubo"), join(folder, "link.qubo"));
      symlinkSync(join(folder, "real"), join(folder, "linked"));
      linkSync(join(folder, "p.qubo"), join(folder, "real/p.qubo"));
    } catch {
      // An earlier case has made them.
    }
    await expect(planned(study)).rejects.toThrow(message);
  });
});

describe("the tasks of a study", () => {
  it("are rows times grid times repeats, the last axis fastest", async () => {
    const tasks = await planned({
      ...{
        command: "ising simulate",
        options: { sweeps: 10 },
        list: [{ size: 4 }, { size: "4x6" }],
        seed: 1,
        repeats: 2,
      },
      grid: { temperature: [1, 2], algorithm: ["wolff", "metropolis"] },
    });
    expect(tasks).toHaveLength(16);
    expect(tasks.map(({ repeat }) => repeat).slice(0, 4)).toEqual([0, 1, 0, 1]);
    expect(tasks[3].task.options).toEqual({
      algorithm: "metropolis",
      size: "4",
      sweeps: "10",
      temperature: "1",
    });
    expect(tasks[15].task.options).toMatchObject({ algorithm: "metropolis", size: "4x6", temperature: "2" });
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(16);
    expect(new Set(tasks.map(({ task }) => task.seed)).size).toBe(16);
  });

  it("differ in all repeats, also in two whose seeds agree in 32 bits", async () => {
    const name = join(folder, "many.json");
    const options = { size: 4, temperature: 2, sweeps: 20, algorithm: "metropolis" };
    writeFileSync(name, JSON.stringify({ command: "ising simulate", options, seed: 1, repeats: 100_000 }));
    const file = readStudy(name);
    const plan = planOf(file.study, await wordingOf(file));
    expect(plan.task(9306).id).not.toBe(plan.task(13187).id);
  });

  it("keep their names and seeds when the study is edited around them", async () => {
    const before = await planned(magnet);
    const after = await planned({ ...magnet, grid: { temperature: [0.5, 2, 3, 1] }, repeats: 2 });
    const names = new Map(after.map(({ id, task }) => [id, task.seed]));
    for (const { id, task } of before) expect(names.get(id)).toBe(task.seed);
  });

  it("do not depend on the order or the writing of the file", async () => {
    const [a] = await planned(magnet);
    const name = join(folder, "same.yaml");
    writeFileSync(
      name,
      "seed: 1\ngrid:\n  temperature: [1.0, 0x2]\noptions: {sweeps: 1e1, size: '4'} # so\ncommand: ising simulate",
    );
    const file = readStudy(name);
    const [b] = tasksOf(planOf(file.study, await wordingOf(file)));
    expect(b).toEqual(a);
  });

  it("change their names with the seed, with an option and with what an input holds", async () => {
    writeFileSync(join(folder, "q.qubo"), "one");
    const study = { ...solve, options: { files: "q.qubo" } };
    const [first] = await planned(study);
    const [other] = await planned({ ...study, seeds: [2] });
    writeFileSync(join(folder, "q.qubo"), "two");
    const [edited] = await planned(study);
    expect(new Set([first.id, other.id, edited.id]).size).toBe(3);
    expect(edited.task.inputs).toEqual({
      "q.qubo": "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3",
    });
  });

  it("have the names that they always had", async () => {
    expect((await planned(magnet)).map(({ id, task }) => [id, task.seed])).toMatchInlineSnapshot(`
      [
        [
          "27c29fd22943633226d991f79e303b95",
          3953416046898408,
        ],
        [
          "3501288d3ec8fd8e346990c68555fbe7",
          3621214478461438,
        ],
      ]
    `);
  });

  it("are shared out among shards, each to one", async () => {
    const name = join(folder, "shards.json");
    writeFileSync(name, JSON.stringify({ ...magnet, repeats: 5 }));
    const file = readStudy(name);
    const plan = planOf(file.study, await wordingOf(file));
    const parts = [1, 2, 3].map((number) => [...tasksOf(plan, { number, of: 3 })].map(({ id }) => id));
    expect(parts.map((part) => part.length)).toEqual([4, 3, 3]);
    expect(parts.flat().sort()).toEqual([...tasksOf(plan)].map(({ id }) => id).sort());
  });
});

describe("the table of places", () => {
  it("names commands and options that there are, and each option that reads or writes a file", async () => {
    for (const [path, { inputs = [], sources = [], modules = [] }] of Object.entries(places)) {
      const options: Settings = (await commands[path].load?.())?.default.options ?? {};
      const writing = Object.keys(options).filter((name) => options[name].writes !== undefined);
      const named = [...inputs, ...sources, ...modules, ...writing];
      expect([path, named.filter((name) => !(name in options))]).toEqual([path, []]);
      const hints = Object.entries(options).filter(
        ([name, { hint }]) =>
          /^<(file|folder|model|what|source|module|detector|batch|images)s?(\.\.\.)?>$/.test(hint) &&
          !(name in refused),
      );
      expect([path, hints.map(([name]) => name).filter((name) => !named.includes(name))]).toEqual([path, []]);
    }
  });
});
