import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import { makeFolder } from "../files/folder.ts";
import { hashPath } from "./hash.ts";
import { confined } from "./paths.ts";
import { parseRecord } from "./record.ts";
import type { Arrival } from "./runner.ts";

/**
 * Copies the files that a task wrote, and compares each with its checksum. @throws {ArgumentError} for a file that has
 * changed.
 */
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
