import { lstatSync, readdirSync } from "node:fs";
import { join, posix, win32 } from "node:path";
import { ArgumentError } from "@basin/energy-core";

/**
 * Returns the place of a relative path below a folder.
 *
 * @throws {ArgumentError} for a path that is absolute or has `..`, and for one that does not exist, is a link, leads
 * through a link or contains one.
 */
export function confined(folder: string, path: string): string {
  checkRelative(path);
  let place = folder;
  for (const part of partsOf(path)) {
    place = join(place, part);
    checkNoLink(place, path, folder);
  }
  if (lstatSync(place).isDirectory())
    for (const name of readdirSync(place, { recursive: true, encoding: "utf8" }))
      checkNoLink(join(place, name), join(path, name), folder);
  return place;
}

/** @throws {ArgumentError} for a path that may leave its folder. */
export function checkRelative(path: string): void {
  const isAbsolute = posix.isAbsolute(path) || win32.isAbsolute(path) || /^[a-z]:/i.test(path);
  if (path === "" || path.includes("\0") || isAbsolute || path.split(/[\\/]/).includes(".."))
    throw new ArgumentError(`the path "${path}" is not allowed, expected one below the folder, without ".."`);
}

const partsOf = (path: string) => path.split("/").filter((part) => part !== "" && part !== ".");

function checkNoLink(place: string, path: string, folder: string): void {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) throw new ArgumentError(`there is no ${path} in ${folder}`);
  if (!found.isFile() && !found.isDirectory())
    throw new ArgumentError(`${path} in ${folder} is a link or a device, expected a file or a folder`);
}
