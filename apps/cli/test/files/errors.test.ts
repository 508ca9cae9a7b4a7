import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { named } from "../../src/files/errors.ts";
import { freshFolder } from "../folder.ts";

/** What reading a file throws. */
function errorOf(path: string): NodeJS.ErrnoException {
  try {
    readFileSync(path);
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error(`${path} can be read`);
}

test("an error names its file once, also where that is a word of the message", () => {
  const folder = join(freshFolder("errors"), "dir");
  mkdirSync(folder);
  const unnamed = Object.assign(errorOf(folder), {
    message: "EISDIR: illegal operation on a directory, read",
  });
  const once = { message: "dir: EISDIR: illegal operation on a directory, read" };
  expect(named(unnamed, "dir")).toMatchObject(once);
  expect(named(unnamed, "dir")).toMatchObject(once);
  const missing = join(folder, "none");
  expect(named(errorOf(missing), missing)).toMatchObject({
    message: `ENOENT: no such file or directory, open '${missing}'`,
  });
  expect(named(new RangeError("dir"), "dir")).toMatchObject({ message: "dir" });
});
