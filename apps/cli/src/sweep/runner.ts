import { join } from "node:path";
import { moduleBeside, openPool, WorkerError, type WorkerPool } from "@basin/energy-core/run";
import type { PlannedTask } from "./plan.ts";
import type { Outcome, TaskCall } from "./task-call.ts";

/** The folders that tasks read and write on this machine. */
export interface Folders {
  readonly inputs: string;
  readonly modules: string;
  /** The files of each task go into a folder of its name below this one. */
  readonly files: string;
}

/** A task that failed once. */
export interface Failure {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  readonly cause: string;
}

/** The result of a task. */
export interface Arrival {
  readonly id: string;
  readonly record: string;
  readonly seconds: number;
  readonly attempts: number;
}

/** How tasks are run, and the functions that are told. */
export interface RunnerOptions {
  readonly folders: Folders;
  readonly workers: number;
  /** Further attempts at a task whose failure may be temporary. */
  readonly retries: number;
  readonly stopOnFailure: boolean;
  readonly signal: AbortSignal;
  onArrival(arrival: Arrival): void;
  onFailure(failure: Failure, isLast: boolean): void;
}

/** Runs tasks in threads of this process, each when a thread is free. @throws the reason of the signal. */
export async function runTasks(tasks: Iterable<PlannedTask>, options: RunnerOptions): Promise<void> {
  const waiting = tasks[Symbol.iterator]();
  let stopped = false;
  const drain = async () => {
    const thread = new TaskThread(options.signal);
    try {
      for (let next = waiting.next(); !next.done && !stopped; next = waiting.next())
        if (!(await attempt(next.value, thread, options)) && options.stopOnFailure) stopped = true;
    } finally {
      thread.close();
    }
  };
  await Promise.all(Array.from({ length: options.workers }, drain));
}

async function attempt(
  { id, task }: PlannedTask,
  thread: TaskThread,
  options: RunnerOptions,
): Promise<boolean> {
  const { folders, retries } = options;
  const { inputs, modules } = folders;
  const call: TaskCall = { task, inputs, modules, outputs: join(folders.files, id) };
  for (let attempts = 1; ; attempts++) {
    const outcome = await thread.run(call);
    if ("record" in outcome) {
      options.onArrival({ id, ...outcome, attempts });
      return true;
    }
    const isLast = outcome.isFinal || attempts > retries;
    options.onFailure({ id, attempt: attempts, cause: outcome.cause }, isLast);
    if (isLast) return false;
  }
}

/** A thread for one task at a time. After a task that ends the thread, the next task gets a new one. */
export class TaskThread {
  readonly #signal: AbortSignal | undefined;
  #pool: WorkerPool | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Resolves to the outcome of a task, even if its thread died. @throws the reason of the signal. */
  async run(argument: TaskCall): Promise<Outcome> {
    this.#pool ??= openPool({ workers: 1, signal: this.#signal });
    try {
      return await this.#pool.call<Outcome>(0, {
        module: moduleBeside(import.meta.url, "thread"),
        function: "runTask",
        argument,
      });
    } catch (error) {
      if (!(error instanceof WorkerError)) throw error;
      if (error.died) this.close();
      return { cause: error.message, isFinal: false };
    }
  }

  close(): void {
    this.#pool?.close();
    this.#pool = undefined;
  }
}
