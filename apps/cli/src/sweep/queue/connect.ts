import { ArgumentError, BasinError } from "@basin/energy-core";
import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import { version } from "../../version.ts";
import type { QueueAddress } from "./address.ts";

/** The client of a queue, with its library. */
export interface Connection {
  readonly bullmq: typeof import("bullmq");
  readonly client: Redis;
  close(): void;
}

/** The queue of tasks. There is one for each version, because other versions may give other results. */
export const TASKS = `basin-tasks-${version}`;

/** The queue of results of a sweep that a collector has not stored yet. */
export const resultsOf = (sweep: string): string => `basin-results-${sweep}`;

/**
 * Settings of BullMQ for workers. A lock outlasts pauses of the event loop and short losses of the connection. A task
 * whose worker died runs again up to three times; then the task counts as the cause.
 */
export const WORKER = { lockDuration: 60_000, stalledInterval: 5000, maxStalledCount: 3 } as const;

/** Returns the reason of the final failure of a task. */
export function causeOf({ failedReason }: Pick<Job, "failedReason">): string {
  return /stalled more than allowable limit/.test(failedReason)
    ? `each of ${1 + WORKER.maxStalledCount} workers died or was lost while it ran this task, which is given to no other`
    : failedReason;
}

const FIRST_ANSWER_MS = 10_000;

/** Connects to a queue. @throws {BasinError} without the password, if there is no queue or it could lose tasks. */
export async function connect(address: QueueAddress): Promise<Connection> {
  const [{ Redis }, bullmq] = await libraries();
  const tls = address.authority === undefined ? {} : { tls: { ca: address.authority } };
  const client = new Redis(address.secret, { ...tls, maxRetriesPerRequest: null, lazyConnect: true });
  // Errors show in the commands that fail. The client reconnects automatically.
  let reason: Error | undefined;
  client.on("error", (error) => {
    reason ??= error;
  });
  try {
    const infos = (async () => {
      await client.connect();
      return [await client.info("memory"), await client.info("persistence")].join("\n");
    })();
    checkServer(await withLimit(infos), address);
  } catch (error) {
    client.disconnect();
    if (error instanceof ArgumentError) throw error;
    // Errors of the client contain the words that it sent, including the password.
    const { message, code } = (reason ?? error) as Error & { code?: string };
    const why = /^(WRONGPASS|NOAUTH|NOPERM)/.exec(message)?.[0] ?? code ?? message.split("\n")[0];
    throw new BasinError(`the queue at ${address} cannot be used: ${why}`);
  }
  return { bullmq, client, close: () => client.disconnect() };
}

async function libraries() {
  try {
    return [await import("ioredis"), await import("bullmq")] as const;
  } catch {
    throw new BasinError("--queue needs the packages bullmq and ioredis: install both beside Basin");
  }
}

async function withLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${FIRST_ANSWER_MS / 1000} s`)), FIRST_ANSWER_MS);
  });
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function checkServer(info: string, address: QueueAddress): void {
  const facts = new Map(Array.from(info.matchAll(/^(\w+):(\S*)\r?$/gm), ([, name, value]) => [name, value]));
  const policy = facts.get("maxmemory_policy");
  if (policy !== "noeviction")
    throw new ArgumentError(
      `the queue at ${address} may drop tasks when its memory is full: its maxmemory-policy is ${policy}, expected noeviction`,
    );
  if (facts.get("aof_enabled") !== "1")
    throw new ArgumentError(
      `the queue at ${address} loses tasks when it restarts: its appendonly is no, expected yes`,
    );
}
