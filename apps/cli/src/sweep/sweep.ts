import { basename, extname, join, resolve } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import { lockFile } from "@basin/energy-core/run";
import type { Context } from "../context.ts";
import { makeFolder } from "../files/folder.ts";
import { SweepLog } from "./log.ts";
import { type Plan, type PlannedTask, planOf, type Shard, tasksOf } from "./plan.ts";
import { addressOf, type QueueAddress, type QueuePlace } from "./queue/address.ts";
import { type Report, reportOf } from "./report.ts";
import { type Failure, type RunnerOptions, runTasks } from "./runner.ts";
import { STORE, Store } from "./store.ts";
import { readStudy, type StudyFile } from "./study.ts";
import { settingsOf, wordingOf } from "./wording.ts";

/** Sweeps with more tasks need a flag. */
const MANY = 100_000;

/** Options of `basin sweep`. */
export interface SweepOptions extends QueuePlace {
  readonly study: string;
  readonly out?: string;
  readonly workers: number;
  readonly retries: number;
  readonly stopOnFailure: boolean;
  readonly shard?: Shard;
  readonly files?: string;
  readonly large: boolean;
  readonly dry: boolean;
}

/** The outcome of a sweep. */
export interface SweepResult {
  /** SHA-256 of the study. */
  readonly study: string;
  readonly tasks: number;
  readonly done: number;
  /** Number of tasks that this call ran. */
  readonly ran: number;
  /** Number of tasks that had results before. */
  readonly kept: number;
  readonly failed: number;
  /** The last failure of each task that failed on every attempt. */
  readonly failures: readonly Failure[];
  readonly report: Omit<Report, "csv">;
}

/** A study with its tasks. */
export interface PlannedStudy extends StudyFile {
  readonly plan: Plan;
  /** The folder of its results. */
  readonly out: string;
}

/** Reads a study and checks it completely. */
export async function openStudy(
  { study, out }: { readonly study: string; readonly out?: string },
  shard?: Shard,
): Promise<PlannedStudy> {
  const file = readStudy(study);
  const plan = planOf(file.study, await wordingOf(file));
  const part = shard === undefined ? "" : `.${shard.number}-of-${shard.of}`;
  return { ...file, plan, out: out ?? `${basename(study, extname(study))}${part}.sweep` };
}

/** Runs the tasks of a study that have no result yet. */
export async function sweep(options: SweepOptions, context: Context): Promise<SweepResult> {
  const planned = await openStudy(options, options.shard);
  const address = addressOf(options);
  announce(planned, options, address, context);
  const tasks = [...tasksOf(planned.plan, options.shard)];
  if (options.dry) return emptyResult(planned, tasks.length);
  return withStore(planned.out, async (store) => {
    store.keepFacts({ study: planned.hash, count: String(tasks.length), command: planned.study.command });
    const before = store.done();
    const open = tasks.filter(({ id }) => !before.has(id));
    const log = new SweepLog(store, planned.study.command, tasks.length - open.length, tasks.length, context);
    if (address === undefined) await runTasks(open, runnerOptions(planned, options, log, context.signal));
    else {
      const { collect } = await import("./queue/collect.ts");
      const { retries, stopOnFailure, files } = options;
      const { out } = planned;
      await collect(address, {
        open,
        store,
        log,
        out,
        retries,
        stopOnFailure,
        files,
        signal: context.signal,
      });
    }
    await store.saved();
    return conclude(planned, tasks, store, log, context);
  });
}

function runnerOptions(
  { folder, out }: PlannedStudy,
  { workers, retries, stopOnFailure }: SweepOptions,
  log: SweepLog,
  signal: AbortSignal,
): RunnerOptions {
  return {
    folders: { inputs: folder, modules: folder, files: resolve(out, "files") },
    ...{ workers, retries, stopOnFailure, signal },
    onArrival: (arrival) => log.arrive(arrival),
    onFailure: (failure, isLast) => log.fail(failure, isLast),
  };
}

function announce(
  { plan, study, name }: PlannedStudy,
  { shard, large }: SweepOptions,
  address: QueueAddress | undefined,
  context: Context,
): void {
  const part = shard === undefined ? "" : `, of which this is part ${shard.number} of ${shard.of}`;
  const through = address === undefined ? "" : `, through the queue at ${address}`;
  const line = `${name}: ${plan.count} tasks of ${study.command}${part}${through}`;
  if (context.json) process.stderr.write(`${line}\n`);
  else context.say(line);
  if (plan.count > MANY && !large)
    throw new ArgumentError(
      `${name} has ${plan.count} tasks, more than ${MANY}; give --large if that is meant`,
    );
}

/** Opens the store of a folder for one process. */
export async function withStore<R>(out: string, run: (store: Store) => Promise<R>): Promise<R> {
  makeFolder(out);
  const release = await lockFile(join(out, STORE), { heartbeat: true });
  try {
    const store = await Store.open(out);
    try {
      return await run(store);
    } finally {
      store.close();
    }
  } finally {
    await release();
  }
}

/** Writes the CSV and the charts, and returns the outcome of the sweep. */
export async function conclude(
  planned: PlannedStudy,
  tasks: readonly PlannedTask[],
  store: Store,
  log: SweepLog,
  context: Context,
): Promise<SweepResult> {
  const { study, plan, out, hash } = planned;
  const { csv, ...report } = reportOf(study, plan, store, Object.keys(await settingsOf(study.command)));
  await context.write(join(out, "results.csv"), csv);
  if (report.rows.length > 1) {
    const { sweepCharts } = await import("./charts.ts");
    for (const [name, svg] of sweepCharts(report)) await context.write(join(out, name), svg);
  }
  const known = store.done();
  const done = tasks.filter(({ id }) => known.has(id)).length;
  const failures = [...log.failures.values()];
  if (failures.length > 0) process.exitCode = 1;
  return {
    ...{ study: hash, tasks: tasks.length, done, ran: log.ran, kept: done - log.ran },
    ...{ failed: failures.length, failures, report },
  };
}

function emptyResult({ hash }: PlannedStudy, tasks: number): SweepResult {
  return {
    ...{ study: hash, tasks, done: 0, ran: 0, kept: 0, failed: 0, failures: [] },
    report: { figures: [], rows: [] },
  };
}
