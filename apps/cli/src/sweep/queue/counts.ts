import type { QueueAddress } from "./address.ts";
import { connect, resultsOf, TASKS } from "./connect.ts";

/** The contents of a queue: tasks of all sweeps, and results of this one. */
export interface QueueCounts {
  readonly waiting: number;
  readonly running: number;
  readonly failed: number;
  /** Results of this sweep that are not stored yet. */
  readonly results: number;
  /** Of this version. */
  readonly workers: number;
}

/** Returns the contents of a queue. */
export async function countsOf(address: QueueAddress, sweep: string): Promise<QueueCounts> {
  const { bullmq, client, close } = await connect(address);
  const tasks = new bullmq.Queue(TASKS, { connection: client });
  const results = new bullmq.Queue(resultsOf(sweep), { connection: client });
  try {
    const { waiting, delayed, active, failed } = await tasks.getJobCounts(
      "waiting",
      "delayed",
      "active",
      "failed",
    );
    const { waiting: here, active: taken } = await results.getJobCounts("waiting", "active");
    const workers = await tasks.getWorkersCount();
    return { waiting: waiting + delayed, running: active, failed, results: here + taken, workers };
  } finally {
    await tasks.close();
    await results.close();
    close();
  }
}
