import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** Makes a project without dependencies in a new folder, with more in its manifest where that is given. */
export function emptyProject(folder: string, manifest: object = {}): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", ...manifest }));
}

/** Runs npm in a project, silent about everything but errors, and resolves to what it prints. */
export function npm(
  folder: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  return run("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], folder, env);
}
