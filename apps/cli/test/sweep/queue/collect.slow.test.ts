import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { basin, resultOf } from "../../basin.ts";
import { freshFolder } from "../../folder.ts";
import { records } from "../records.ts";
import { hasRedis, RedisServer } from "../redis.ts";

const main = new URL("../../../src/main.ts", import.meta.url).pathname;
const study = {
  ...{ command: "ising simulate", options: { size: 8, sweeps: 500 }, seed: 1, repeats: 20 },
  grid: { temperature: [1.8, 2, 2.2, 2.4, 2.6], algorithm: ["wolff", "metropolis"] },
};

describe.skipIf(!hasRedis)("a sweep of 200 tasks by three workers", () => {
  const workers = new Set<ChildProcess>();
  afterEach(() => {
    for (const worker of workers) worker.kill("SIGKILL");
  });

  /** Starts a worker and calls `onDone` for each task that it has done. */
  function work(url: string, onDone: () => void): ChildProcess {
    const child = spawn(process.execPath, ["--conditions=@basin/source", main, "worker"], {
      ...{ stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, BASIN_QUEUE: url } },
    });
    workers.add(child);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      for (const _ of text.matchAll(/^done: /gm)) onDone();
    });
    return child;
  }

  it("of which one is killed -9 twice while Redis restarts once, has each result once, and those of a sweep without a queue", async () => {
    const folder = freshFolder("bar");
    const file = join(folder, "study.json");
    writeFileSync(file, JSON.stringify(study));
    const server = await RedisServer.start(freshFolder("redis"));
    let done = 0;
    const count = () => done++;
    const until = async (tasks: number) => {
      while (done < tasks) await new Promise((go) => setTimeout(go, 10));
    };
    const out = join(folder, "queued");
    const running = basin("sweep", file, "--out", out, "--json", "--queue", server.url);
    work(server.url, count);
    work(server.url, count);
    let victim = work(server.url, count);
    for (const tasks of [40, 80]) {
      await until(tasks);
      victim.kill("SIGKILL");
      victim = work(server.url, count);
    }
    await until(120);
    await server.end();
    await server.begin();
    const { code, stdout } = await running;
    expect([code, resultOf(stdout)]).toMatchObject([0, { tasks: 200, done: 200, failed: 0 }]);
    await basin("sweep", file, "--out", join(folder, "embedded"));
    const found = records(out);
    expect(Object.keys(found)).toHaveLength(200);
    expect(found).toEqual(records(join(folder, "embedded")));
    await server.end();
  });
});

describe.skipIf(!hasRedis)("a task that kills its worker each time", () => {
  it("ends as failed with its cause, once, while the others finish", async () => {
    const folder = freshFolder("poison");
    const file = join(folder, "study.json");
    const options = { module: "bowl.mjs", draws: 8, warmup: 8, chains: 1 };
    writeFileSync(
      file,
      JSON.stringify({ command: "sample", options, seed: 1, grid: { export: ["good", "poison", "fine"] } }),
    );
    writeFileSync(
      join(folder, "bowl.mjs"),
      `import { gaussian } from "${import.meta.resolve("@basin/energy-core/targets")}";
       export const good = gaussian({ dimension: 1 });
       export const fine = gaussian({ dimension: 2 });
       export const poison = () => process.kill(process.pid, "SIGKILL");`,
    );
    const server = await RedisServer.start(freshFolder("redis"));
    const script = new URL("../../fixtures/brief-worker.ts", import.meta.url).pathname;
    const flags = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
    let over = false;
    let deaths = 0;
    let worker: ChildProcess | undefined;
    const keepWorking = async () => {
      while (!over) {
        worker = spawn(process.execPath, [...flags, script, server.url, folder], { stdio: "ignore" });
        const [, signal] = await once(worker, "exit");
        if (signal === "SIGKILL" && !over) deaths++;
      }
    };
    const working = keepWorking();
    const out = join(folder, "out");
    const { code, stdout } = await basin("sweep", file, "--out", out, "--json", "--queue", server.url);
    over = true;
    worker?.kill("SIGKILL");
    await working;
    const { failures, ...counts } = resultOf(stdout);
    expect([code, counts]).toMatchObject([1, { tasks: 3, done: 2, failed: 1 }]);
    expect(failures.map(({ cause }: { cause: string }) => cause)).toEqual([
      "each of 4 workers died or was lost while it ran this task, which is given to no other",
    ]);
    // A worker that a busy machine holds up for seconds is lost without having died.
    expect(deaths).toBeLessThanOrEqual(4);
    expect(deaths).toBeGreaterThan(0);
    await server.end();
  });
});
