import { ArgumentError } from "../errors.ts";
import { moduleBeside, nodeModule } from "./platform.ts";

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

interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
  on(event: string, listener: (value: never) => void): void;
}

interface WorkerThreads {
  Worker: new (url: object) => NodeWorker;
}

// The library is compiled with neither Node's nor the DOM's types.
declare const URL: new (url: string) => object;

/**
 * Returns a thread of Node's. @param file URL of what it runs, a module that imports `@basin/energy-core/worker`.
 * @throws {CapabilityError} outside Node.
 */
export function nodeWorker(file = moduleBeside(import.meta.url, "worker")): WorkerLike {
  const { Worker } = nodeModule<WorkerThreads>("node:worker_threads", "the default pool of threads");
  const worker = new Worker(new URL(file));
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
 * Returns a web worker in the form that a pool takes. Its file imports `@basin/energy-core/worker` and, with a bundler,
 * names modules by `provideModule`.
 *
 * @throws {ArgumentError} for anything that is not a worker.
 *
 * @example
 * ```ts no-run
 * import { openPool, webWorker } from "@basin/energy-core/run";
 *
 * const createWorker = () => webWorker(new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }));
 * const pool = openPool({ workers: 2, createWorker });
 * ```
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
