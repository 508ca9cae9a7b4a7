import { join } from "node:path";
import type { Context } from "../context.ts";
import { copyFiles } from "./files.ts";
import { SweepLog } from "./log.ts";
import { tasksOf } from "./plan.ts";
import { Store } from "./store.ts";
import { conclude, openStudy, type SweepResult, withStore } from "./sweep.ts";

/** Options of `basin sweep merge`. */
export interface MergeOptions {
  readonly study: string;
  readonly folders: readonly string[];
  readonly out?: string;
}

/** Gathers the results of a study from the folders of its parts. */
export async function merge(options: MergeOptions, context: Context): Promise<SweepResult> {
  const planned = await openStudy(options);
  const tasks = [...tasksOf(planned.plan)];
  return withStore(planned.out, async (store) => {
    store.keepFacts({ study: planned.hash, count: String(tasks.length), command: planned.study.command });
    const before = store.done();
    const log = new SweepLog(
      store,
      planned.study.command,
      tasks.filter(({ id }) => before.has(id)).length,
      tasks.length,
      context,
    );
    for (const folder of options.folders) {
      const part = await Store.open(folder, { readOnly: true });
      try {
        for (const { id } of tasks) {
          const found = part.result(id);
          if (found === undefined) continue;
          await copyFiles(found, join(folder, "files"), join(planned.out, "files"));
          log.arrive(found);
        }
        const known = store.done();
        const last = new Map(part.failures().map((failure) => [failure.id, failure]));
        for (const failure of last.values()) if (!known.has(failure.id)) log.fail(failure, true);
      } finally {
        part.close();
      }
    }
    await store.saved();
    const result = await conclude(planned, tasks, store, log, context);
    const missing = result.tasks - result.done;
    if (missing > 0)
      context.warn(`${missing} of ${result.tasks} tasks have no result in ${options.folders.join(", ")}`);
    return result;
  });
}
