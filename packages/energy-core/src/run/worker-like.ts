import { ArgumentError, checkKind } from "../errors.ts";
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
declare const URL: { new (url: string): object; canParse(url: string): boolean };

/**
 * Returns a thread of Node's that runs a file. Programs that a bundler made into one file need it: they have no file for
 * threads. The file of theirs imports `@basin/ising/worker`, or that of another package whose calls the threads run.
 *
 * @param file its URL. Default: the file of this package, which finds every module that was not bundled.
 * @throws {ArgumentError} for what is no URL. @throws {CapabilityError} outside Node.
 *
 * @example
 * ```ts no-run
 * import { nodeWorker, openPool } from "@basin/energy-core/run";
 *
 * const createWorker = () => nodeWorker(new URL("./worker.js", import.meta.url));
 * const pool = openPool({ workers: 2, createWorker });
 * ```
 */
export function nodeWorker(file?: string | { readonly href: string }): WorkerLike {
  const { Worker } = nodeModule<WorkerThreads>("node:worker_threads", "the default pool of threads");
  const place = file ?? moduleBeside(import.meta.url, "worker");
  const href = typeof place === "string" ? place : place.href;
  checkKind("file", file, URL.canParse(href), 'a URL, such as new URL("./worker.js", import.meta.url)');
  const worker = new Worker(new URL(href));
  const advice =
    file === undefined ? "; in a bundle, createWorker has to say where it is: () => nodeWorker(URL)" : "";
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
    listen(onMessage, onDeath) {
      worker.on("message", onMessage);
      worker.on("error", ({ message, code }: Error & { code?: string }) =>
        onDeath(code?.endsWith("MODULE_NOT_FOUND") ? `${message}${advice}` : message),
      );
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
