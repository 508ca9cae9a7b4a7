import { ArgumentError, BasinError, checkNumber } from "@basin/energy-core";
import { type AbortSignalLike, nodeModule, throwIfAborted } from "./platform.ts";

/** A piece of work: a function of a module, and an argument that can be cloned. */
export interface Job {
  /** URL of the module, such as `import.meta.resolve("./energy.ts")`. */
  readonly module: string;
  /** Name of the exported function, called as `(argument, report) => result`; it may return a promise. */
  readonly function: string;
  readonly argument: unknown;
}

/** A thread, as the pool sees one. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): unknown;
  /** Registers the receivers of messages and of the news that the thread has died. Called once. */
  listen(onMessage: (message: WorkerMessage) => void, onDeath: (reason: string) => void): void;
}

/** What a worker sends back. */
export type WorkerMessage =
  | { readonly kind: "report"; readonly value: unknown }
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "error"; readonly name: string; readonly message: string; readonly stack?: string };

/** Options of {@link runJobs}. */
export interface PoolOptions<R> {
  /** Threads. Default 1. */
  workers?: number;
  /** Makes a thread that runs the module `@basin/samplers/worker`. Default: a thread of Node's. */
  createWorker?: () => WorkerLike;
  /** Receives what a job reports while it runs. */
  onReport?: (job: number, value: unknown) => void;
  /** Receives each result as it comes. */
  onResult?: (job: number, result: R) => void;
  /** Stops all threads: the promise rejects with the signal's reason. */
  signal?: AbortSignalLike & { addEventListener?(type: "abort", listener: () => void): void };
}

/** A job that failed or whose thread died. The results of the jobs that were done are kept. */
export class PoolError<R = unknown> extends BasinError {
  override name = "PoolError";
  /** Index of the job. */
  readonly job: number;
  /** Results by job; undefined for those that were not done. */
  readonly results: readonly (R | undefined)[];

  constructor(message: string, job: number, results: readonly (R | undefined)[], options?: ErrorOptions) {
    super(message, options);
    this.job = job;
    this.results = results;
  }
}

/**
 * Runs `jobs` on a pool of threads and resolves to their results in order. Which thread runs what, and in which order they end,
 * changes nothing: give each job its own stream of the seed.
 *
 * @throws {PoolError} when a job throws or a thread dies; the other threads are stopped, finished results kept in the error.
 */
export function runJobs<R>(jobs: readonly Job[], options: PoolOptions<R> = {}): Promise<R[]> {
  const count = Math.min(
    jobs.length,
    checkNumber("workers", options.workers ?? 1, { min: 1, max: 1024, integer: true }),
  );
  throwIfAborted(options.signal);
  const createWorker = options.createWorker ?? nodeWorker;
  return new Promise<R[]>((resolve, reject) => {
    const results = new Array<R | undefined>(jobs.length).fill(undefined);
    const workers: WorkerLike[] = [];
    let next = 0;
    let done = 0;
    let over = false;
    const end = (finish: () => void) => {
      if (over) return;
      over = true;
      for (const worker of workers) worker.terminate();
      finish();
    };
    const fail = (job: number, message: string, cause?: unknown) =>
      end(() => reject(new PoolError(`job ${job}: ${message}`, job, results, { cause })));
    const start = (worker: WorkerLike, setJob: (job: number) => void) => {
      if (next >= jobs.length) return;
      const job = next++;
      setJob(job);
      worker.postMessage(jobs[job]);
    };
    options.signal?.addEventListener?.("abort", () =>
      end(() => reject(options.signal?.reason ?? new Error("the run was aborted"))),
    );
    if (jobs.length === 0) end(() => resolve([]));
    for (let w = 0; w < count; w++) {
      const worker = createWorker();
      workers.push(worker);
      let current = -1;
      const assign = (job: number) => {
        current = job;
      };
      worker.listen(
        (message) => {
          if (over) return;
          if (message.kind === "report") options.onReport?.(current, message.value);
          else if (message.kind === "error") fail(current, message.message, message);
          else {
            results[current] = message.value as R;
            options.onResult?.(current, message.value as R);
            done++;
            if (done === jobs.length) end(() => resolve(results as R[]));
            else start(worker, assign);
          }
        },
        (reason) => fail(current, `its thread died (${reason})`),
      );
      start(worker, assign);
    }
  });
}

interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
  on(event: string, listener: (value: never) => void): void;
}

interface WorkerThreads {
  Worker: new (url: object) => NodeWorker;
}

// The library is compiled with neither Node's nor the DOM's types.
declare const URL: new (path: string, base: string) => object;

/** Returns a thread of Node's. @throws {CapabilityError} outside Node. */
export function nodeWorker(): WorkerLike {
  const { Worker } = nodeModule<WorkerThreads>("node:worker_threads", "the default pool of threads");
  // Sources run untranspiled in the workspace and as .js once published.
  const here = (import.meta as { url: string }).url;
  const worker = new Worker(new URL(here.endsWith(".ts") ? "./worker.ts" : "./worker.js", here));
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
    listen(onMessage, onDeath) {
      worker.on("message", onMessage);
      worker.on("error", (error: Error) => onDeath(error.message));
      worker.on("exit", (code: number) => onDeath(`exit code ${code}`));
    },
  };
}

interface WebWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: { data: WorkerMessage }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}

/**
 * Returns a web worker as the pool takes it:
 * `createWorker: () => webWorker(new Worker(new URL("@basin/samplers/worker", import.meta.url), { type: "module" }))`.
 */
export function webWorker(worker: object): WorkerLike {
  const target = worker as WebWorker;
  if (typeof target.postMessage !== "function") throw new ArgumentError("webWorker was not given a Worker");
  return {
    postMessage: (message) => target.postMessage(message),
    terminate: () => target.terminate(),
    listen(onMessage, onDeath) {
      target.onmessage = ({ data }) => onMessage(data);
      target.onerror = ({ message }) => onDeath(message ?? "it could not be loaded");
    },
  };
}
