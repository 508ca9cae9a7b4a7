import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { basin, resultOf } from "../basin.ts";
import { freshFolder } from "../folder.ts";
import { records } from "./records.ts";

const main = new URL("../../src/main.ts", import.meta.url).pathname;
const magnet = {
  ...{ command: "ising simulate", options: { size: 4, sweeps: 50 }, grid: { temperature: [1, 2, 3] } },
  ...{ seed: 1, repeats: 4 },
};

afterEach(() => {
  process.exitCode = undefined;
});

/** Returns a folder with a study in it, and how to call the command on it. */
function place(study: object, name = "study.json") {
  const folder = freshFolder("sweep");
  const file = join(folder, name);
  const write = (changed: object) => writeFileSync(file, JSON.stringify(changed));
  write(study);
  const out = join(folder, "out");
  const sweep = (...words: string[]) => basin("sweep", file, "--out", out, ...words);
  return { folder, file, out, write, sweep };
}

describe("basin sweep", () => {
  it("says the count first, and ends with a table, CSV and charts", async () => {
    const { out, sweep } = place(magnet);
    const { code, stdout } = await sweep();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\S+study.json: 12 tasks of ising simulate\n/);
    expect(stdout).toMatch(/temperature +repeats +magnetization .*\n1 +4 +/);
    expect(stdout).toContain("12 of 12 tasks are done: 12 came now, 0 were known");
    const csv = readFileSync(join(out, "results.csv"), "utf8").trim().split("\n");
    expect(csv).toHaveLength(13);
    expect(csv[0]).toMatch(/^task,temperature,repeat,seed,.*energyPerSite.mean,.*,attempts,seconds$/);
    expect(readFileSync(join(out, "magnetization-over-temperature.svg"), "utf8")).toMatch(
      /^<svg[\s\S]*magnetization/,
    );
  });

  it("gives the results of the command itself, whatever the number of threads", async () => {
    const [one, two] = [place(magnet), place(magnet)];
    await one.sweep();
    await two.sweep("--workers", "2");
    expect(records(two.out)).toEqual(records(one.out));
    const { task, seed } = firstTask(one.out);
    const alone = await basin(
      "ising",
      "simulate",
      "--size",
      "4",
      "--sweeps",
      "50",
      "--temperature",
      "1",
      "--seed",
      seed,
      "--json",
    );
    const { performance: _, ...result } = resultOf(alone.stdout);
    expect(JSON.parse(records(one.out)[task]).result).toEqual(result);
  });

  it("runs what is new alone after the grid was edited", async () => {
    const { write, sweep, out } = place(magnet);
    await sweep();
    const before = records(out);
    write({ ...magnet, grid: { temperature: [2, 4, 1] } });
    const { stdout } = await sweep("--json");
    expect(resultOf(stdout)).toMatchObject({ tasks: 12, done: 12, ran: 4, kept: 8, failed: 0 });
    expect(records(out)).toMatchObject(before);
  });

  it("keeps why tasks fail, goes on or stops, and exits with 1", async () => {
    const failing = {
      ...magnet,
      options: { ...magnet.options, lattice: "kagome" },
      grid: { size: [3, 4], temperature: [1] },
    };
    const study = { ...failing, options: { sweeps: 50, lattice: "kagome", algorithm: "wolff" } };
    const { sweep, file, out } = place({ ...study, grid: { size: ["4x4x4", 4], temperature: [1] } });
    const { code, stdout } = await sweep("--json");
    expect(code).toBe(1);
    const found = resultOf(stdout);
    expect(found).toMatchObject({ tasks: 8, done: 4, failed: 4 });
    expect(found.failures[0]).toMatchObject({ attempt: 1, cause: expect.stringMatching(/kagome|side/) });
    const status = await basin("sweep", "status", file, "--out", out);
    expect(status.stdout).toMatch(
      /failed: [0-9a-f]{32}, attempt 1: .*\n[\s\S]*4 of 8 tasks are done, 4 failed, 0 wait or run/,
    );
    const { stdout: stopped } = await sweep("--json", "--stop-on-failure");
    expect(resultOf(stopped)).toMatchObject({ done: 4, failed: 1 });
  });

  it("tries again what takes its thread down, and then says so", async () => {
    const { folder, sweep } = place({
      command: "sample",
      options: { module: "deadly.mjs", draws: 4, warmup: 0 },
      seed: 1,
    });
    writeFileSync(join(folder, "deadly.mjs"), "process.exit(3);");
    const { code, stdout } = await sweep("--json", "--retries", "1");
    expect(code).toBe(1);
    expect(resultOf(stdout).failures).toMatchObject([{ attempt: 2, cause: "its thread died (exit code 3)" }]);
  });

  it("keeps what modules print off its own output", async () => {
    const { folder, file, out } = place({
      command: "sample",
      options: { module: "loud.mjs", draws: 8, warmup: 8, chains: 1 },
      seed: 1,
    });
    writeFileSync(
      join(folder, "loud.mjs"),
      `import { gaussian } from "${import.meta.resolve("@basin/energy-core/targets")}"; console.log("LOUD"); export default gaussian({ dimension: 1 });`,
    );
    const flags = ["--conditions=@basin/source", main, "sweep", file, "--out", out, "--json"];
    const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8" });
    expect(stderr).toContain("LOUD");
    expect(resultOf(stdout)).toMatchObject({ done: 1 });
  });

  it("writes files under the names of tasks, with their checksums", async () => {
    const { sweep, out } = place({
      ...{
        command: "ising snapshot",
        options: { size: 4, temperature: 2, sweeps: 5 },
        outputs: { png: "spins.png" },
        seeds: [1, 2],
      },
    });
    expect((await sweep()).code).toBe(0);
    for (const [id, record] of Object.entries(records(out))) {
      const [{ name, bytes }] = JSON.parse(record).files;
      expect(readFileSync(join(out, "files", id, name))).toHaveLength(bytes);
    }
  });

  it("asks for a flag above 100000 tasks", async () => {
    const { sweep, out } = place({ ...magnet, repeats: 50_000 });
    const { code, stderr } = await sweep();
    expect([code, existsSync(out)]).toEqual([2, false]);
    expect(stderr).toContain("has 150000 tasks, more than 100000; give --large if that is meant");
  });

  it("refuses a folder that another sweep is using, and takes over what a killed one left", async () => {
    const { sweep, out } = place(magnet);
    await sweep("--shard", "1/12");
    const lock = (pid: number) =>
      writeFileSync(
        join(out, "sweep.sqlite.lock"),
        JSON.stringify({ pid, host: hostname(), token: `t${pid}` }),
      );
    lock(process.pid);
    expect(await sweep()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`in use by process ${process.pid}`),
    });
    lock(spawnSync("true").pid);
    expect((await sweep()).code).toBe(0);
  });

  it("in parts that are merged gives what it gives whole, and says what is missing", async () => {
    const [whole, parts] = [place(magnet), place(magnet)];
    await whole.sweep();
    const outs = [1, 2, 3].map((part) => join(parts.folder, `part-${part}`));
    for (const [k, out] of outs.slice(0, 2).entries())
      await basin("sweep", parts.file, "--out", out, "--shard", `${k + 1}/3`);
    const merge = (...folders: string[]) =>
      basin("sweep", "merge", parts.file, ...folders, "--out", parts.out);
    const partly = await merge(...outs.slice(0, 2));
    expect(partly.stdout).toContain("warning: 4 of 12 tasks have no result");
    await basin("sweep", parts.file, "--out", outs[2], "--shard", "3/3");
    expect((await merge(...outs)).stdout).toContain("12 of 12 tasks are done");
    expect(records(parts.out)).toEqual(records(whole.out));
  });

  it("refuses two results of one task that differ, where its command promises the same bits", async () => {
    const { sweep, file, out, folder } = place(magnet);
    await sweep();
    await basin("sweep", file, "--out", join(folder, "other"));
    const base = new DatabaseSync(join(folder, "other", "sweep.sqlite"));
    base.exec("UPDATE results SET record = replace(record, '\"temperature\":1', '\"temperature\":1.5')");
    base.close();
    const { code, stderr } = await basin("sweep", "merge", file, join(folder, "other"), "--out", out);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/has two results: result.temperature is 1 and 1.5/),
    ]);
  });

  it("survives kill -9 before, amid and after its writes, and ends with the same records", async () => {
    const whole = place({ ...magnet, repeats: 10 });
    const killed = place({ ...magnet, repeats: 10 });
    await whole.sweep();
    const preload = new URL("../fixtures/kill-in-sweep.ts", import.meta.url).href;
    const flags = [
      "--conditions=@basin/source",
      "--disable-warning=ExperimentalWarning",
      "--import",
      preload,
    ];
    const counts = ["CREATE TABLE facts 1", "INSERT INTO results 3", "COMMIT 2", "INSERT INTO results 9"].map(
      (aim) => {
        const words = [...flags, main, "sweep", killed.file, "--out", killed.out];
        const env = { ...process.env, BASIN_KILL_AT: aim };
        const { signal } = spawnSync(process.execPath, words, { stdio: "ignore", env });
        expect([aim, signal]).toEqual([aim, "SIGKILL"]);
        return count(killed.out);
      },
    );
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts[2]).toBeGreaterThan(0);
    expect(counts[3]).toBeLessThan(30);
    expect((await killed.sweep("--json")).code).toBe(0);
    expect(records(killed.out)).toEqual(records(whole.out));
  });
});

function count(out: string): number {
  try {
    return Object.keys(records(out)).length;
  } catch {
    // There is no store yet.
    return -1;
  }
}

function firstTask(out: string): { task: string; seed: string } {
  const [, line] = readFileSync(join(out, "results.csv"), "utf8").split("\n");
  const [task, , , seed] = line.split(",");
  return { task, seed };
}

it("SQLite's own warning is silenced, and no other", () => {
  const { out, file } = place({ ...magnet, repeats: 1 });
  const code = `process.emitWarning("another", "ExperimentalWarning"); process.argv.splice(1, 0, "basin"); await import(${JSON.stringify(main)});`;
  const { stderr } = spawnSync(
    process.execPath,
    ["--conditions=@basin/source", "--input-type=module", "--eval", code, "sweep", file, "--out", out],
    { encoding: "utf8" },
  );
  expect(stderr).toContain("another");
  expect(stderr).not.toContain("SQLite");
});
