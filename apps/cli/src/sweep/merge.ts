import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { Context } from "../context.ts";
import { makeFolder } from "../files/folder.ts";
import { hashPath } from "./hash.ts";
import { confined } from "./paths.ts";
import { tasksOf } from "./plan.ts";
import { parseRecord } from "./record.ts";
import type { Arrival } from "./runner.ts";
import { Store } from "./store.ts";
import { conclude, openStudy, SweepLog, type SweepResult, withStore } from "./sweep.ts";

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
      planned,
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

/** Copies what a task wrote, and holds each file to its checksum. @throws {ArgumentError} for a file that is not what its task wrote. */
export async function copyFiles({ id, record }: Arrival, from: string, to: string): Promise<void> {
  for (const { name, sha256 } of parseRecord(record).files) {
    const source = confined(from, `${id}/${name}`);
    if ((await hashPath(source)) !== sha256)
      throw new ArgumentError(`${source} is not what its task wrote: its SHA-256 is not ${sha256}`);
    const target = join(to, id, name);
    makeFolder(dirname(target));
    copyFileSync(source, target);
  }
}
