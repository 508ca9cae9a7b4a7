import { realpathSync } from "node:fs";
import { ArgumentError } from "@basin/energy-core";
import type { Context } from "../../context.ts";
import { addressOf, type QueuePlace } from "./address.ts";
import { serve } from "./serve.ts";

/** Options of `basin worker`. */
export interface WorkerOptions extends QueuePlace {
  readonly concurrency: number;
  readonly folder: string;
  readonly modules?: string;
  readonly files?: string;
}

/** Serves a queue until it is interrupted. */
export async function work(options: WorkerOptions, context: Context): Promise<never> {
  const address = addressOf(options);
  if (address === undefined)
    throw new ArgumentError("there is no queue: give --queue, --queue-file or BASIN_QUEUE");
  const { concurrency, folder, modules, files } = options;
  const real = (path: string | undefined) => (path === undefined ? undefined : realpathSync(path));
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(`worker of ${address}: ${concurrency} at a time`);
  await serve(address, {
    ...{ concurrency, folder: realpathSync(folder), modules: real(modules), files: real(files) },
    ...{ signal: context.signal, onTask: say },
  });
  throw context.signal.reason;
}
