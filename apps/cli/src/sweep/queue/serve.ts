import { join } from "node:path";
import type { Job, Queue } from "bullmq";
import { hashPath } from "../hash.ts";
import { confined } from "../paths.ts";
import { places } from "../places.ts";
import type { Task } from "../plan.ts";
import { TaskThread } from "../runner.ts";
import type { Outcome } from "../task-call.ts";
import type { QueueAddress } from "./address.ts";
import { type Connection, connect, resultsOf, TASKS, WORKER } from "./connect.ts";
import { type ArrivalPayload, MOST_RECORD_BYTES, readTask, type TaskPayload } from "./payload.ts";

/** Options of a worker. */
export interface ServeOptions {
  /** Number of tasks at a time, each in its own thread. */
  readonly concurrency: number;
  /** The folder of inputs. */
  readonly folder: string;
  /** The folder of modules that it may run. Without it, modules are refused. */
  readonly modules?: string;
  /** A folder that the collector can read. Without it, tasks that write files are refused. */
  readonly files?: string;
  readonly signal: AbortSignal;
  onTask(line: string): void;
}

/** The reason why a task fails here, and would fail again. */
class Refusal extends Error {}

/** Runs tasks of a queue until the signal fires, and then finishes those that have begun. */
export async function serve(address: QueueAddress, options: ServeOptions): Promise<void> {
  const connection = await connect(address);
  const { bullmq, client } = connection;
  const threads = Array.from({ length: options.concurrency }, () => new TaskThread());
  const results = new Map<string, Queue>();
  const worker = new bullmq.Worker(
    TASKS,
    async (job) => {
      const thread = threads.pop() ?? new TaskThread();
      try {
        await runJob(job, thread, options, (sweep) => resultsQueue(connection, results, sweep));
        options.onTask(`done: ${job.data.id}`);
      } catch (error) {
        options.onTask(`failed: ${job.data.id}: ${(error as Error).message}`);
        throw error instanceof Refusal ? new bullmq.UnrecoverableError(error.message) : error;
      } finally {
        threads.push(thread);
      }
    },
    { connection: client, concurrency: options.concurrency, ...WORKER },
  );
  worker.on("error", () => {});
  try {
    await new Promise<void>((resolve) => {
      if (options.signal.aborted) resolve();
      else options.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await worker.close();
  } finally {
    for (const thread of threads) thread.close();
    for (const queue of results.values()) await queue.close();
    connection.close();
  }
}

function resultsQueue({ bullmq, client }: Connection, known: Map<string, Queue>, sweep: string): Queue {
  const queue = known.get(sweep) ?? new bullmq.Queue(resultsOf(sweep), { connection: client });
  if (!known.has(sweep)) queue.on("error", () => {});
  known.set(sweep, queue);
  return queue;
}

/**
 * Runs one task. Its result is passed on before the task counts as done, so that a crash in between repeats the task.
 */
async function runJob(
  job: Job,
  thread: TaskThread,
  options: ServeOptions,
  queueOf: (sweep: string) => Queue,
): Promise<void> {
  const { sweep, id, task } = await readTask(job.data).catch((error: Error) => {
    throw new Refusal(error.message);
  });
  const outcome = await runHere({ sweep, id, task }, thread, options);
  if (!("record" in outcome)) throw outcome.isFinal ? new Refusal(outcome.cause) : new Error(outcome.cause);
  const bytes = Buffer.byteLength(outcome.record);
  if (bytes > MOST_RECORD_BYTES)
    throw new Refusal(
      `its record has ${bytes} bytes, more than the ${MOST_RECORD_BYTES} that go through a queue; let it write a file`,
    );
  const arrival: ArrivalPayload = { id, ...outcome, attempts: job.attemptsMade + 1 };
  await queueOf(sweep).add("result", arrival, { jobId: `result-${id}`, removeOnComplete: true });
}

async function runHere(
  { sweep, id, task }: Pick<TaskPayload, "sweep" | "id" | "task">,
  thread: TaskThread,
  options: ServeOptions,
): Promise<Outcome> {
  const { files, folder } = options;
  const hasModules = places[task.command].modules !== undefined;
  if (hasModules && options.modules === undefined)
    throw new Refusal(
      `${task.command} runs a module of the user's, and this worker was given no --modules FOLDER`,
    );
  if (Object.keys(task.outputs).length > 0 && files === undefined)
    throw new Refusal(`${task.command} is to write files, and this worker was given no --files FOLDER`);
  const inputs = hasModules ? (options.modules as string) : folder;
  await checkInputs(task, inputs);
  return thread.run({ task, inputs, modules: inputs, outputs: join(files ?? folder, sweep, id) });
}

async function checkInputs({ inputs }: Task, folder: string): Promise<void> {
  for (const [path, sum] of Object.entries(inputs)) {
    const found = await Promise.resolve()
      .then(() => hashPath(confined(folder, path)))
      .catch((error: Error) => {
        throw new Refusal(error.message);
      });
    if (found !== sum)
      throw new Refusal(
        `${path} in ${folder} is not what the study was made with: its SHA-256 is ${found}, expected ${sum}`,
      );
  }
}
