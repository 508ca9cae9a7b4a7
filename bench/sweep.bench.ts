import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasRedis, RedisServer } from "../apps/cli/test/sweep/redis.ts";
import type { Contest } from "./contest.ts";

/**
 * What a sweep adds to each of 10 000 tasks that take less than a millisecond, in one thread: all the time of the
 * command, from reading the study to the charts, without the time that the tasks say they took. Aims: 2 ms (500/s)
 * embedded and 15 ms (67/s) through a queue with one worker.
 */

const TASKS = 10_000;
const main = join(import.meta.dirname, "../apps/cli/src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "basin-bench-sweep-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const study = join(folder, "study.json");
const temperature = Array.from({ length: TASKS }, (_, k) => Number((0.5 + k / 2000).toFixed(4)));
writeFileSync(
  study,
  JSON.stringify({ command: "ising exact", grid: { temperature }, figures: ["energyPerSite"] }),
);

let runs = 0;

/** Tasks a second of what the sweep itself takes. */
async function rate(queue?: string): Promise<number> {
  const out = join(folder, `run-${runs++}`);
  const worker = queue === undefined ? undefined : basin(["worker"], queue);
  const sweep = basin(["sweep", study, "--out", out, "--json"], queue);
  let stdout = "";
  sweep.stdout?.on("data", (text) => {
    stdout += text;
  });
  await new Promise((ended) => sweep.once("close", ended));
  worker?.kill("SIGKILL");
  const { result, timing } = JSON.parse(stdout);
  if (result.done !== TASKS) throw new Error(`${result.done} of ${TASKS} tasks are done`);
  const [head, ...rows] = readFileSync(join(out, "results.csv"), "utf8").trim().split("\n");
  const column = head.split(",").indexOf("seconds");
  const inTasks = rows.reduce((sum, row) => sum + Number(row.split(",")[column]), 0);
  return TASKS / (timing.seconds - inTasks);
}

function basin(words: readonly string[], queue: string | undefined) {
  const { BASIN_QUEUE: _, ...env } = process.env;
  return spawn(process.execPath, ["--conditions=@basin/source", main, ...words], {
    ...{
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...env, ...(queue !== undefined && { BASIN_QUEUE: queue }) },
    },
  });
}

async function queued(): Promise<number> {
  const server = await RedisServer.start(mkdtempSync(join(folder, "redis-")));
  try {
    return await rate(server.url);
  } finally {
    await server.end();
  }
}

export const contests: readonly Contest[] = [
  {
    question: `What a sweep of ${TASKS} tiny tasks adds to each`,
    unit: "tasks/s of overhead; 500 is 2 ms a task, 67 is 15 ms",
    contenders: [
      { name: "embedded (aim 500)", measure: () => rate() },
      {
        name: "through a queue (aim 67)",
        measure: hasRedis ? queued : { absent: "there is no redis-server" },
      },
    ],
    ratios: [],
  },
];
