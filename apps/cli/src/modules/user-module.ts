import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { moduleBeside, nodeWorker } from "@basin/energy-core/run";
import { readBytes } from "../files/read.ts";
import "./resolution.ts";

/**
 * Returns the URL of a user's module. From now on it can be imported, whatever its folder. @throws if it cannot be
 * read.
 */
export function moduleUrl(path: string): string {
  const file = resolve(path);
  readBytes(file);
  return pathToFileURL(file).href;
}

/** Returns a thread that can import a user's module. */
export function moduleThread(): ReturnType<typeof nodeWorker> {
  return nodeWorker(moduleBeside(import.meta.url, "module-thread"));
}
