import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and its parents, and reports each folder that it made. The recursive `mkdir` of Node never returns if
 * a parent takes no folders, as in /proc.
 */
export function makeFolder(path: string, onMade: (folder: string) => void = () => {}): void {
  const folder = resolve(path);
  if (statSync(folder, { throwIfNoEntry: false })) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), onMade);
  try {
    mkdirSync(folder);
    onMade(folder);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!existsSync(folder)) throw error;
  }
}
