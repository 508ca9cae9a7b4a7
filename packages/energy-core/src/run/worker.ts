import { loadModule } from "./modules.ts";
import type { PostedJob } from "./pool.ts";
import type { WorkerMessage } from "./worker-like.ts";

/** The module that every thread of a pool runs: it takes one job at a time and sends back reports and the result. */

interface Port {
  postMessage(message: WorkerMessage): void;
  on?(event: "message", listener: (job: PostedJob) => void): void;
  onmessage?: (event: { data: PostedJob }) => void;
}

/** The scope of a worker of a browser; absent in Node. */
declare const self: Port | undefined;

interface Scope {
  process?: { getBuiltinModule?(name: string): { parentPort: Port | null } | undefined };
}

type Work = (argument: unknown, report: (value: unknown) => void) => unknown;

const threads = (globalThis as Scope).process?.getBuiltinModule?.("node:worker_threads");
// In Node's main thread, where nothing is served, there is neither.
const port = threads?.parentPort ?? (typeof self === "undefined" ? undefined : self);
if (port?.on !== undefined) port.on("message", (job) => void serve(job, port));
else if (port !== undefined) port.onmessage = ({ data }) => void serve(data, port);

async function serve(job: PostedJob, port: Port): Promise<void> {
  try {
    const work = (await loadModule(job.module))[job.function];
    if (typeof work !== "function")
      throw new TypeError(`${job.module} exports no function "${job.function}"`);
    const value = await (work as Work)(job.argument, (report) =>
      port.postMessage({ kind: "report", value: report }),
    );
    port.postMessage({ kind: "result", value });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    port.postMessage({ kind: "error", name, message, stack });
  }
}
