import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those that it lies in, and tells of each that was not there. Node's recursive `mkdir` never
 * returns where a parent takes no folders, as in /proc.
 */
export function makeFolder(path: string, onMade: (folder: string) => void = () => {}): void {
  const folder = resolve(path);
  if (statSync(folder, { throwIfNoEntry: false })) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), onMade);
  try {
    mkdirSync(folder);
    onMade(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}
