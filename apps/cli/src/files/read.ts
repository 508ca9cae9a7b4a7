import { readFileSync } from "node:fs";
import { named } from "./errors.ts";

/** Returns the bytes of a file. @throws the errors of the file system, with the name of the file. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw named(error, path);
  }
}
