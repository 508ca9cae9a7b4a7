import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { QueueAddress } from "../../../src/sweep/queue/address.ts";
import { countsOf } from "../../../src/sweep/queue/counts.ts";
import { type ServeOptions, serve } from "../../../src/sweep/queue/serve.ts";
import { Store } from "../../../src/sweep/store.ts";
import { basin, resultOf } from "../../basin.ts";
import { freshFolder } from "../../folder.ts";
import { records } from "../records.ts";
import { hasRedis, PASSWORD, RedisServer } from "../redis.ts";

const exact = { command: "ising exact", options: { size: 4 }, grid: { temperature: [1, 2, 3, 4, 5, 6] } };

describe.skipIf(!hasRedis)("a sweep through a queue", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start(freshFolder("redis"));
  });
  afterAll(() => server.end());
  afterEach(() => {
    process.exitCode = undefined;
  });

  /** Runs a worker of this process while `run` runs. */
  async function withWorker<R>(options: Partial<ServeOptions>, run: () => Promise<R>): Promise<R> {
    const stop = new AbortController();
    const folder = freshFolder("worker");
    const { signal } = stop;
    const serving = serve(new QueueAddress(server.url), {
      concurrency: 1,
      folder,
      signal,
      onTask: () => {},
      ...options,
    });
    try {
      return await run();
    } finally {
      stop.abort();
      await serving;
    }
  }

  function place(study: object) {
    const folder = freshFolder("queued");
    const file = join(folder, "study.json");
    writeFileSync(file, JSON.stringify(study));
    const out = join(folder, "out");
    const sweep = (...words: string[]) =>
      basin("sweep", file, "--out", out, "--json", "--queue", server.url, ...words);
    return { folder, file, out, sweep };
  }

  it("gives what it gives without one, and shows its password nowhere", async () => {
    const [queued, embedded] = [place(exact), place(exact)];
    await basin("sweep", embedded.file, "--out", embedded.out);
    const { code, stdout, stderr } = await withWorker({}, () => queued.sweep());
    expect(code).toBe(0);
    expect(resultOf(stdout)).toMatchObject({ tasks: 6, done: 6, ran: 6, failed: 0 });
    expect(records(queued.out)).toEqual(records(embedded.out));
    expect(stderr).toMatch(/through the queue at redis:\/\/127.0.0.1:\d+\n/);
    expect(stdout + stderr + readFileSync(join(queued.out, "sweep.sqlite"), "latin1")).not.toContain(
      PASSWORD,
    );
  });

  it("keeps results in the queue until a collector comes", async () => {
    const { out, file, sweep } = place(exact);
    const interrupted = sweep();
    while ((await counts(out))?.waiting !== 6) await new Promise((go) => setTimeout(go, 50));
    process.emit("SIGINT");
    expect((await interrupted).code).toBe(130);
    await withWorker({}, async () => {
      while ((await counts(out))?.results !== 6) await new Promise((go) => setTimeout(go, 50));
    });
    const status = await basin("sweep", "status", file, "--out", out, "--queue", server.url);
    expect(status.stdout).toContain(
      "0 of 6 tasks are done, 0 failed, 6 wait or run\nin the queue: 0 wait, 0 run, 0 failed, 6 results wait",
    );
    const { stdout } = await sweep();
    expect(resultOf(stdout)).toMatchObject({ done: 6, ran: 6 });
    expect((await counts(out))?.results).toBe(0);
  });

  it("runs no module but one of the worker's own folder that is what the study was made with, and tries again what failed", async () => {
    const { folder, sweep } = place({
      ...{ command: "sample", options: { module: "bowl.mjs", draws: 8, warmup: 8, chains: 1 }, seed: 1 },
    });
    const bowl = `import { gaussian } from "${import.meta.resolve("@basin/energy-core/targets")}"; export default gaussian({ dimension: 1 });`;
    writeFileSync(join(folder, "bowl.mjs"), bowl);
    const modules = join(folder, "modules");
    mkdirSync(modules);
    const refused = async (options: Partial<ServeOptions>) => {
      const { code, stdout } = await withWorker(options, () => sweep());
      expect(code).toBe(1);
      process.exitCode = undefined;
      return resultOf(stdout).failures[0].cause;
    };
    expect(await refused({})).toMatch(/was given no --modules FOLDER/);
    expect(await refused({ modules })).toMatch(/there is no bowl.mjs in .*modules/);
    writeFileSync(join(modules, "bowl.mjs"), `${bowl} // edited`);
    expect(await refused({ modules })).toMatch(/bowl.mjs in .* is not what the study was made with/);
    writeFileSync(join(modules, "bowl.mjs"), bowl);
    const { code, stdout } = await withWorker({ modules }, () => sweep());
    expect([code, resultOf(stdout)]).toMatchObject([0, { done: 1, failed: 0 }]);
  });

  it("brings files by a folder that both see, held to their checksums", async () => {
    const { folder, out, sweep } = place({
      ...{
        command: "ising snapshot",
        options: { size: 4, temperature: 2, sweeps: 5 },
        outputs: { png: "spins.png" },
        seeds: [1],
      },
    });
    const files = join(folder, "shared");
    mkdirSync(files);
    expect((await sweep()).stderr).toContain("name a folder that all machines share by --files FOLDER");
    await withWorker({ files }, () => sweep("--files", files));
    const [[id, record]] = Object.entries(records(out));
    const [{ name, bytes }] = JSON.parse(record).files;
    expect(readFileSync(join(out, "files", id, name))).toHaveLength(bytes);
  });

  /** What the queue holds of a sweep, once there is one. */
  async function counts(out: string) {
    try {
      const store = await Store.open(out, { readOnly: true });
      const { sweep } = store.facts;
      store.close();
      return await countsOf(new QueueAddress(server.url), sweep);
    } catch {
      return undefined;
    }
  }
});
