import type { Shard } from "./plan.ts";
import { tasksOf } from "./plan.ts";
import { addressOf, type QueuePlace } from "./queue/address.ts";
import type { QueueCounts } from "./queue/counts.ts";
import type { Failure } from "./runner.ts";
import { Store } from "./store.ts";
import { openStudy } from "./sweep.ts";

/** The progress of a sweep. */
export interface SweepStatus {
  /** SHA-256 of the present study. */
  readonly study: string;
  /** Whether it was edited since the sweep last ran. */
  readonly edited: boolean;
  readonly tasks: number;
  readonly done: number;
  /** The last failure of each task that has no result. */
  readonly failures: readonly Failure[];
  /** Present if a queue was named. */
  readonly queue?: QueueCounts;
}

/** Returns the progress of a sweep, during it or after it, without changing anything. */
export async function statusOf(
  options: {
    readonly study: string;
    readonly out?: string;
    readonly shard?: Shard;
  } & QueuePlace,
): Promise<SweepStatus> {
  const planned = await openStudy(options, options.shard);
  const tasks = [...tasksOf(planned.plan, options.shard)];
  const address = addressOf(options);
  const store = await Store.open(planned.out, { readOnly: true });
  try {
    const { countsOf } = await import("./queue/counts.ts");
    const queue = address && (await countsOf(address, store.facts.sweep));
    const known = store.done();
    const open = new Set(tasks.filter(({ id }) => !known.has(id)).map(({ id }) => id));
    const failures = new Map(store.failures().map((failure) => [failure.id, failure]));
    return {
      study: planned.hash,
      edited: store.facts.study !== planned.hash,
      ...{ tasks: tasks.length, done: tasks.length - open.size },
      failures: [...failures.values()].filter(({ id }) => open.has(id)),
      queue,
    };
  } finally {
    store.close();
  }
}
