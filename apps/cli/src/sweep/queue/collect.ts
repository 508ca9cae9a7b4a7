import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ArgumentError } from "@basin/energy-core";
import type { Job, Queue } from "bullmq";
import { copyFiles } from "../files.ts";
import type { SweepLog } from "../log.ts";
import type { PlannedTask } from "../plan.ts";
import type { Store } from "../store.ts";
import type { QueueAddress } from "./address.ts";
import { type Connection, causeOf, connect, resultsOf, TASKS, WORKER } from "./connect.ts";
import { readArrival, type TaskPayload } from "./payload.ts";

/** The data of a collector. */
export interface CollectOptions {
  /** Tasks without a result. */
  readonly open: readonly PlannedTask[];
  readonly store: Store;
  readonly log: SweepLog;
  readonly out: string;
  readonly retries: number;
  readonly stopOnFailure: boolean;
  /** The folder of the files of workers. */
  readonly files?: string;
  readonly signal: AbortSignal;
}

const LOOK_MS = 250;
/** After this time without news, missing tasks are enqueued again. Tasks that are still in the queue stay. */
const QUIET_MS = 30_000;
const CHUNK = 500;

/** Enqueues tasks and stores their results until all are there. @throws the reason of the signal. */
export async function collect(address: QueueAddress, options: CollectOptions): Promise<void> {
  const needsFiles = options.open.some(({ task }) => Object.keys(task.outputs).length > 0);
  if (needsFiles && options.files === undefined)
    throw new ArgumentError(
      "the study writes files; name a folder that all machines share by --files FOLDER",
    );
  const connection = await connect(address);
  const tasks = new connection.bullmq.Queue(TASKS, { connection: connection.client });
  tasks.on("error", () => {});
  const collector = new Collector(connection, tasks, options);
  try {
    await collector.run();
  } finally {
    await collector.close();
    await tasks.close();
    connection.close();
  }
}

class Collector {
  readonly #tasks: Queue;
  readonly #results: Queue;
  readonly #options: CollectOptions;
  readonly #sweep: string;
  /** Tasks without a result. */
  readonly #open: Map<string, PlannedTask>;
  readonly #worker;
  #fault: unknown;
  #news = performance.now();

  constructor({ bullmq, client }: Connection, tasks: Queue, options: CollectOptions) {
    this.#tasks = tasks;
    this.#options = options;
    this.#sweep = options.store.facts.sweep;
    this.#open = new Map(options.open.map((planned) => [planned.id, planned]));
    const name = resultsOf(this.#sweep);
    this.#results = new bullmq.Queue(name, { connection: client });
    this.#worker = new bullmq.Worker(name, (job) => this.#store(job), {
      connection: client,
      concurrency: 100,
      ...WORKER,
    });
    this.#results.on("error", () => {});
    this.#worker.on("error", () => {});
  }

  async run(): Promise<void> {
    // Results that arrived without a collector need not be computed again.
    await this.#drained();
    await this.#forget();
    await this.#enqueue();
    while (this.#open.size > 0 && !(await this.#look())) {
      await wait(LOOK_MS);
      this.#options.signal.throwIfAborted();
      if (this.#fault !== undefined) throw this.#fault;
      if (performance.now() - this.#news < QUIET_MS) continue;
      this.#news = performance.now();
      await this.#drained();
      await this.#enqueue();
    }
    if (this.#fault !== undefined) throw this.#fault;
  }

  async close(): Promise<void> {
    await this.#worker.close(this.#fault !== undefined);
    await this.#results.close();
  }

  /** Stores a result. It leaves the queue after it is on the disk. */
  async #store(job: Job): Promise<void> {
    const { store, log, files, out } = this.#options;
    const arrival = readArrival(job.data);
    try {
      if (files !== undefined) await copyFiles(arrival, join(files, this.#sweep), join(out, "files"));
      log.arrive(arrival);
      await store.saved();
    } catch (error) {
      this.#fault ??= error;
      throw error;
    }
    this.#open.delete(arrival.id);
    this.#news = performance.now();
  }

  async #drained(): Promise<void> {
    for (;;) {
      const { waiting, active } = await this.#results.getJobCounts("waiting", "active");
      this.#options.signal.throwIfAborted();
      if (this.#fault !== undefined) throw this.#fault;
      if (waiting + active === 0) return;
      await wait(LOOK_MS / 5);
    }
  }

  /**
   * A job whose name is still in the queue is not added. So failed jobs, and jobs of an older study, are removed first.
   */
  async #forget(): Promise<void> {
    for (const job of await this.#own("failed")) await job.remove();
    for (const job of await this.#own("waiting", "delayed"))
      if (!this.#open.has(job.data.id)) await job.remove().catch(() => {}); // A worker has taken it meanwhile.
  }

  async #own(...states: ("failed" | "waiting" | "delayed")[]): Promise<Job[]> {
    const found: Job[] = [];
    for (let from = 0; ; from += CHUNK) {
      const page = (await this.#tasks.getJobs(states, from, from + CHUNK - 1)).filter(
        (job) => job !== undefined,
      );
      found.push(...page.filter(({ data }) => data.sweep === this.#sweep));
      if (page.length === 0) return found;
    }
  }

  async #enqueue(): Promise<void> {
    const { retries } = this.#options;
    const planned = [...this.#open.values()];
    for (let from = 0; from < planned.length; from += CHUNK) {
      const jobs = planned.slice(from, from + CHUNK).map(({ id, task }) => ({
        name: "task",
        data: { format: 1, sweep: this.#sweep, id, task } satisfies TaskPayload,
        opts: {
          jobId: `${this.#sweep}-${id}`,
          attempts: 1 + retries,
          backoff: { type: "exponential", delay: 1000 },
          removeOnComplete: true,
        },
      }));
      await this.#tasks.addBulk(jobs);
      this.#options.signal.throwIfAborted();
    }
  }

  /** Records the final failure of a task. Returns whether it ends the sweep. */
  async #look(): Promise<boolean> {
    if ((await this.#tasks.getFailedCount()) === 0) return false;
    for (const job of await this.#own("failed")) {
      const { id } = job.data as TaskPayload;
      if (!this.#open.delete(id)) continue;
      this.#options.log.fail({ id, attempt: Math.max(1, job.attemptsMade), cause: causeOf(job) }, true);
      this.#news = performance.now();
      if (!this.#options.stopOnFailure) continue;
      for (const waiting of await this.#own("waiting", "delayed")) await waiting.remove().catch(() => {});
      return true;
    }
    return false;
  }
}
