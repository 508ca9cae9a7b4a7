import { loadModule } from "./modules.ts";
import type { PostedJob } from "./pool.ts";
import type { WorkerMessage } from "./worker-like.ts";

/** The module that every thread of a pool runs: it takes one job at a time and sends back reports and the result. */

interface Port {
  postMessage(message: WorkerMessage): void;
  on?(event: "message", listener: (job: PostedJob) => void): void;
  onmessage?: (event: { data: PostedJob }) => void;
}

/** The scope of a worker of a browser. */
declare const self: Port;

interface Scope {
  process?: { getBuiltinModule?(name: string): { parentPort: Port | null } | undefined };
}

type Work = (argument: unknown, report: (value: unknown) => void) => unknown;

const threads = (globalThis as Scope).process?.getBuiltinModule?.("node:worker_threads");
const port: Port = threads?.parentPort ?? self;
if (port.on === undefined) port.onmessage = ({ data }) => void serve(data);
else port.on("message", (job) => void serve(job));

async function serve(job: PostedJob): Promise<void> {
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
