import { BasinError, checkNumber } from "../errors.ts";
import { type AbortSignal, throwIfAborted } from "./signal.ts";
import { nodeWorker, type WorkerLike, type WorkerMessage } from "./worker-like.ts";

/** A piece of work: a function of a module, and an argument that can be cloned. */
export interface Job {
  /**
   * URL of the module, such as `import.meta.resolve("./energy.ts")`, or a name given to `provideModule` in the thread.
   * With both, threads of `createWorker` go by the name, since a bundler leaves no module at its URL, and others by the
   * URL.
   */
  readonly module: string | { readonly name: string; readonly url: string };
  /** Name of the exported function, called as `(argument, report) => result`; it may return a promise. */
  readonly function: string;
  readonly argument: unknown;
}

/** Where work runs. */
export interface ThreadOptions {
  /** Threads. Default 1. Results do not depend on it, to the bit. */
  workers?: number;
  /** Makes a thread that runs the module `@basin/energy-core/worker`. Default: a thread of Node's. */
  createWorker?: () => WorkerLike;
}

/** Options of {@link openPool}. */
export interface OpenPoolOptions extends ThreadOptions {
  /** Closes the pool: calls that wait reject with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Returns the requested number of threads.
 * @throws {ArgumentError} unless it is an integer from 1 to 1024.
 */
export function checkWorkers({ workers = 1 }: ThreadOptions): number {
  return checkNumber("workers", workers, { min: 1, max: 1024, integer: true });
}

/** Threads that stay until the pool is closed. */
export interface WorkerPool {
  /** Number of threads. */
  readonly size: number;
  /**
   * Resolves to what a function of a module returns in thread `worker`, 0 to `size − 1`. Calls to one thread run in
   * order; calls to different threads run at the same time. `onReport` receives the reports of the function.
   *
   * @throws {WorkerError} when the function throws, and when the thread has died or dies.
   */
  call<R>(worker: number, job: Job, onReport?: (value: unknown) => void): Promise<R>;
  /** Resolves to the results of one call in every thread; `job` is the same for all, or made for each. */
  callAll<R>(job: Job | ((worker: number) => Job)): Promise<R[]>;
  /** Stops all threads. Waiting calls are rejected with `reason`, by default an error that says so. */
  close(reason?: unknown): void;
}

/** A call that failed in a thread of a pool. `cause` holds the name, message and stack of what was thrown there. */
export class WorkerError extends BasinError {
  static override readonly basinName: string = "WorkerError";
  /** Number of the thread. */
  readonly worker: number;
  /** Whether the thread is gone, so that every further call of it will fail. */
  readonly died: boolean;

  constructor(message: string, worker: number, died: boolean, options?: ErrorOptions) {
    super(message, options);
    this.worker = worker;
    this.died = died;
  }
}

/**
 * Opens a pool of threads that stay open. Each thread imports a module once and keeps its variables, so chains, models
 * and buffers can stay in a thread between calls, in module-level variables. Functions must not share state between
 * threads; arguments and results are cloned.
 *
 * @throws {CapabilityError} outside Node without `createWorker`.
 * @throws the signal's reason when it was aborted before.
 *
 * @example
 * ```ts
 * import { openPool } from "@basin/energy-core/run";
 *
 * // counter.js: let count = 0; export const add = (n) => (count += n);
 * const module = "data:text/javascript,let count = 0; export const add = (n) => (count += n);";
 * const pool = openPool({ workers: 2 });
 * await pool.callAll({ module, function: "add", argument: 10 });
 * console.log(await pool.call(0, { module, function: "add", argument: 1 })); // 11: thread 0 kept its count
 * pool.close();
 * ```
 */
export function openPool(options: OpenPoolOptions = {}): WorkerPool {
  const size = checkWorkers(options);
  const { createWorker = nodeWorker, signal } = options;
  throwIfAborted(signal);
  const threads = Array.from({ length: size }, (_, w) => new Thread(createWorker(), w));
  const abort = () => close(signal?.reason ?? new BasinError("the run was aborted"));
  const close = (reason: unknown = new BasinError("the pool was closed")) => {
    signal?.removeEventListener("abort", abort);
    for (const thread of threads) thread.close(reason);
  };
  signal?.addEventListener("abort", abort);
  const call = <R>(worker: number, job: Job, onReport?: (value: unknown) => void) => {
    checkNumber("worker", worker, { min: 0, max: size - 1, integer: true });
    const { module } = job;
    const found = typeof module === "string" ? module : module[options.createWorker ? "name" : "url"];
    return threads[worker].call({ ...job, module: found }, onReport) as Promise<R>;
  };
  return {
    size,
    call,
    callAll: <R>(job: Job | ((worker: number) => Job)) =>
      Promise.all(threads.map((_, w) => call<R>(w, typeof job === "function" ? job(w) : job))),
    close,
  };
}

/** A job as a thread receives it. */
export interface PostedJob extends Job {
  readonly module: string;
}

interface Pending {
  readonly job: PostedJob;
  readonly onReport?: (value: unknown) => void;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** One thread and the calls that wait for it; it is given one at a time. */
class Thread {
  readonly #worker: WorkerLike;
  readonly #number: number;
  readonly #waiting: Pending[] = [];
  #running: Pending | undefined;
  #end: { readonly reason: unknown } | undefined;

  constructor(worker: WorkerLike, number: number) {
    this.#worker = worker;
    this.#number = number;
    worker.listen(
      (message) => this.#receive(message),
      (reason) => this.close(new WorkerError(`its thread died (${reason})`, number, true)),
    );
  }

  call(job: PostedJob, onReport?: (value: unknown) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) reject(this.#end.reason);
      else {
        this.#waiting.push({ job, onReport, resolve, reject });
        this.#next();
      }
    });
  }

  close(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { reason };
    this.#worker.terminate();
    this.#running?.reject(reason);
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  #next(): void {
    if (this.#running !== undefined || this.#end !== undefined) return;
    this.#running = this.#waiting.shift();
    if (this.#running === undefined) return;
    try {
      this.#worker.postMessage(this.#running.job);
    } catch (error) {
      // An argument that cannot be cloned: the thread never saw it.
      this.#settle(({ reject }) => reject(error));
    }
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "report") this.#running?.onReport?.(message.value);
    else if (message.kind === "result") this.#settle(({ resolve }) => resolve(message.value));
    else {
      const error = new WorkerError(message.message, this.#number, false, { cause: message });
      this.#settle(({ reject }) => reject(error));
    }
  }

  #settle(finish: (call: Pending) => void): void {
    const call = this.#running;
    this.#running = undefined;
    if (call !== undefined && this.#end === undefined) finish(call);
    this.#next();
  }
}
