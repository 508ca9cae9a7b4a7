import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Runs the programs that its arguments name after a folder, one after another in this process, and sends the name of
 * each that ended well. A program has a working directory of its own, and has ended when nothing is left to wait for,
 * which is when Node would end. What ends a process with another code than 0 ends this one.
 */
const [folder, ...programs] = process.argv.slice(2);
let at = -1;
let loaded = true;

process.on("beforeExit", next);
next();

function next(): void {
  if (!loaded || process.exitCode) process.exit(process.exitCode || 13);
  if (at >= 0 && at < programs.length) process.send?.(programs[at]);
  if (++at >= programs.length) return;
  const scratch = join(folder, String(at));
  mkdirSync(scratch);
  process.chdir(scratch);
  loaded = false;
  // Node emits "beforeExit" again only where something was left to wait for.
  setImmediate(async () => {
    await import(pathToFileURL(programs[at]).href);
    loaded = true;
  });
}
